"""The table of links to the private page, and of the browsers that they are bound to. Never an address or an answer."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from surveys.records.columns import Instant, Keyed
from surveys.records.shapes import id_column, metadata, participant_column

page_links = Table(
    "page_links",
    metadata,
    id_column(),
    participant_column(),
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False),
    Column("token_hash", Keyed, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("browser_hash", Keyed),
    Column("bound_at", Instant),
    Column("last_at", Instant),
    Column("opened_at", Instant),
    Column("ended_at", Instant),
    Column("outcome", Text),
    Index(None, "participant"),
    Index(None, "invitation"),
)
