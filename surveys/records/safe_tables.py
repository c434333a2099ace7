"""The tables of safe contacts: all that was agreed, sealed; and from when on each wave needs it confirmed anew."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from surveys.records.columns import Instant, Sealed
from surveys.records.shapes import id_column, metadata, participant_column

safe_contacts = Table(
    "safe_contacts",
    metadata,
    id_column(),
    participant_column(),
    Column("recorded_at", Instant, nullable=False),
    Column("document", Sealed),
    Index(None, "participant", "recorded_at"),
)

safe_waves = Table(
    "safe_waves",
    metadata,
    Column("invitation", Text, ForeignKey("invitations.id"), primary_key=True),
    participant_column(),
    Column("valid_from", Sealed),
    Index(None, "participant"),
)
