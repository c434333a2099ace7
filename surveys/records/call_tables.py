"""The table of calls that staff opened: ids, times and how each ended; never a number, never a word that was said."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from surveys.records.columns import Instant
from surveys.records.shapes import id_column, metadata, participant_column

calls = Table(
    "calls",
    metadata,
    id_column(),
    participant_column(),
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False),
    Column("contact", Text, ForeignKey("contacts.id"), nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text),
    Index(None, "participant", "opened_at"),
)
