"""The tables of alerts: each alert, and who was told of it. Never an answer; addresses of staff are sealed."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false, text

from surveys.records.columns import Instant, Keyed, Sealed, Word
from surveys.records.shapes import id_column, metadata, participant_column
from surveys.rules.vocabulary import Urgency

alerts = Table(
    "alerts",
    metadata,
    id_column(),
    participant_column(nullable=True),
    Column("centre", Text, nullable=False),
    Column("interview", Text, ForeignKey("interviews.id")),
    Column("item", Text),
    Column("rule", Text, nullable=False),
    Column("urgency", Word(Urgency), nullable=False),
    Column("call_consented", Boolean(create_constraint=False), nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("escalate_at", Instant),
    Column("escalations", Integer, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text),
    Column("closed_at", Instant),
    Column("closed_by", Text),
    Column("answered", Boolean(create_constraint=False)),
    Column("note", Sealed),
    Column("drill", Boolean(create_constraint=False), nullable=False, server_default=false()),
    UniqueConstraint("interview", "item", "rule"),
    Index(None, "participant"),
    Index(
        "ix_alerts_open", "escalate_at", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")
    ),
    Index(
        "ix_alerts_waiting",
        "centre",
        sqlite_where=text("state <> 'closed'"),
        postgresql_where=text("state <> 'closed'"),
    ),
)

callouts = Table(
    "callouts",
    metadata,
    id_column(),
    Column("alert", Text, ForeignKey("alerts.id"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("means", Text, nullable=False),
    Column("recipient", Keyed, nullable=False),
    Column("address", Sealed),
    Column("last", Boolean(create_constraint=False), nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_at", Instant),
    Column("lease", Text),
    Column("finished_at", Instant),
    Column("error", Text),
    UniqueConstraint("alert", "step", "means", "recipient"),
    Index(
        "ix_callouts_due",
        "due_at",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)
