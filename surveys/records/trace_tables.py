"""The tables of what stands in a chat only for a while: messages that are to go, sessions in which nobody is named."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from surveys.records.columns import Instant, Keyed, Sealed
from surveys.records.shapes import id_column, metadata

ephemeral_messages = Table(
    "ephemeral_messages",
    metadata,
    id_column(),
    Column("chat", Keyed, nullable=False),
    Column("address", Sealed, nullable=False),
    Column("message", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("chat", "message"),
    Index(None, "due_at"),
)

chat_sessions = Table(
    "chat_sessions",
    metadata,
    Column("chat", Keyed, primary_key=True),
    Column("tag", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("bubble", Text),
    Column("last_at", Instant, nullable=False),
    Index(None, "last_at"),
)
