"""The tables of SMS: what is known of each message at the provider. Never a body, a number or a name."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from surveys.records.columns import Instant, Keyed
from surveys.records.shapes import metadata, participant_column

sms_messages = Table(
    "sms_messages",
    metadata,
    Column("sid", Text, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("delivery", Text, ForeignKey("deliveries.id")),
    participant_column(nullable=True),
    Column("status", Text, nullable=False),
    Column("stage", Integer, nullable=False),
    Column("error", Text),
    Column("digest", Keyed),
    Column("seen_at", Instant, nullable=False),
    Column("final_at", Instant),
    Column("try_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("redacted_at", Instant),
    Column("valid_until", Instant),
    Index(None, "participant"),
    Index(
        "ix_sms_messages_standing",
        "seen_at",
        sqlite_where=text("redacted_at IS NULL"),
        postgresql_where=text("redacted_at IS NULL"),
    ),
)
