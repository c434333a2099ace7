"""Every table of one side. Identifying values are sealed or blind-indexed; times are instants; ids are opaque.

Migrations create the tables; a test holds both equal.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from surveys.records import alert_tables as alert_tables  # noqa: PLC0414 - its tables belong to the same metadata
from surveys.records import call_tables as call_tables  # noqa: PLC0414 - its table belongs to the same metadata
from surveys.records import page_tables as page_tables  # noqa: PLC0414 - its table belongs to the same metadata
from surveys.records import safe_tables as safe_tables  # noqa: PLC0414 - its tables belong to the same metadata
from surveys.records import sms_tables as sms_tables  # noqa: PLC0414 - its table belongs to the same metadata
from surveys.records import staff_tables as staff_tables  # noqa: PLC0414 - its tables belong to the same metadata
from surveys.records import trace_tables as trace_tables  # noqa: PLC0414 - its tables belong to the same metadata
from surveys.records.alert_tables import alerts as alerts  # noqa: PLC0414 - read by name with all the others
from surveys.records.columns import Day, Instant, Keyed, Sealed, Word
from surveys.records.shapes import Number, id_column, participant_column
from surveys.records.shapes import metadata as metadata  # noqa: PLC0414 - exported on purpose: it is full only here
from surveys.rules.vocabulary import Channel, DeliveryKind, DeliveryState, Disposition, Purpose, Side, SmsScript, Status

ANSWERED = "state = 'closed' AND (disposition = 'complete' OR disposition = 'partial' OR disposition = 'break_off')"
"""A wave that somebody answered at least in part."""

stamp = Table(
    "stamp",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("side", Word(Side), nullable=False),
    Column("installation", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("key_check", Keyed, nullable=False),
    Column("bot", Text),
    Column("note", Text, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

participants = Table(
    "participants",
    metadata,
    id_column(),
    Column("centre", Text, nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("language", Text, nullable=False),
    Column("sms_script", Word(SmsScript), nullable=False, server_default=SmsScript.ASCII),
    Column("gender", Text),
    Column("other_gender", Text),
    Column("other_word", Sealed),
    Column("born_on", Sealed),
    Column("completed_on", Sealed),
    Column("case_code", Sealed),
    Column("case_index", Keyed),
    Column("reconsented_on", Sealed),
    Column("course", Integer, nullable=False),
    Column("protocol", Text),
    Column("enrolled_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "centre", "status"),
    Index(None, "case_index"),
)

data_keys = Table(
    "data_keys",
    metadata,
    participant_column(),
    Column("purpose", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("wrapped", Keyed, nullable=False),
    PrimaryKeyConstraint("participant", "purpose"),
    Index(None, "key_id"),
)

contacts = Table(
    "contacts",
    metadata,
    id_column(),
    participant_column(),
    Column("channel", Word(Channel), nullable=False),
    Column("address", Sealed),
    Column("address_index", Keyed),
    Column("created_at", Instant, nullable=False),
    Column("verified_at", Instant),
    Column("suspended_at", Instant),
    Column("reason", Text),
    Column("replaced_at", Instant),
    Index(None, "participant"),
    Index("ix_contacts_address_index", "address_index"),
    Index(
        "uq_contacts_current",
        "participant",
        "channel",
        unique=True,
        sqlite_where=text("replaced_at IS NULL"),
        postgresql_where=text("replaced_at IS NULL"),
    ),
)

links = Table(
    "links",
    metadata,
    id_column(),
    participant_column(),
    Column("purpose", Text, nullable=False),
    Column("token_hash", Keyed, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Index(None, "participant"),
)

invitations = Table(
    "invitations",
    metadata,
    id_column(),
    participant_column(),
    Column("wave", Text, nullable=False),
    Column("course", Integer, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("disposition", Word(Disposition)),
    Column("reason", Text),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("centre", Text, nullable=False, server_default=""),
    Column("reviewed_at", Instant),
    UniqueConstraint("participant", "course", "wave"),
    Index(
        "ix_invitations_closing",
        "closes_at",
        sqlite_where=text("state <> 'closed'"),
        postgresql_where=text("state <> 'closed'"),
    ),
    *(
        Index(name, "centre", "closed_at", "id", sqlite_where=text(where), postgresql_where=text(where))
        for name, where in (
            ("ix_invitations_answered", ANSWERED),
            ("ix_invitations_unread", f"{ANSWERED} AND reviewed_at IS NULL"),
        )
    ),
)

consents = Table(
    "consents",
    metadata,
    id_column(),
    participant_column(),
    Column("purpose", Word(Purpose), nullable=False),
    Column("given", Boolean(create_constraint=False), nullable=False),
    Column("version", Text, nullable=False),
    Column("text_hash", Text),
    Column("language", Text),
    Column("channel", Text),
    Column("message", Text),
    Column("recorded_by", Sealed),
    Column("at", Instant, nullable=False),
    Column("invitation", Text, ForeignKey("invitations.id")),
    Index(None, "participant", "purpose", "at"),
)

interviews = Table(
    "interviews",
    metadata,
    id_column(),
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False),
    participant_column(),
    Column("contact", Text, ForeignKey("contacts.id")),
    Column("instrument", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("state", Sealed),
    Column("turn", Integer, nullable=False),
    Column("mode", Word(Channel), nullable=False),
    Column("bubble", Text),
    Column("started_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text),
    Index(None, "participant"),
    Index(
        "uq_interviews_live",
        "invitation",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(None, "invitation"),
)

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    participant_column(nullable=True),
    Column("invitation", Text, ForeignKey("invitations.id")),
    Column("interview", Text, ForeignKey("interviews.id")),
    Column("kind", Word(DeliveryKind), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("why", Text, nullable=False),
    Column("reason", Text),
    Column("due_at", Instant, nullable=False),
    Column("not_after", Instant),
    Column("attempts", Integer, nullable=False),
    Column("claimed_at", Instant),
    Column("lease", Text),
    Column("finished_at", Instant),
    Column("provider_message", Text),
    Column("error", Text),
    UniqueConstraint("invitation", "kind", "sequence"),
    Index(
        "ix_deliveries_due",
        "due_at",
        sqlite_where=text("state = 'planned'"),
        postgresql_where=text("state = 'planned'"),
    ),
    Index(
        "ix_deliveries_claimed",
        "claimed_at",
        sqlite_where=text("state = 'claimed'"),
        postgresql_where=text("state = 'claimed'"),
    ),
    Index("ix_deliveries_participant", "participant", "claimed_at"),
    Index(
        "ix_deliveries_provider_message",
        "provider_message",
        sqlite_where=text("provider_message IS NOT NULL"),
        postgresql_where=text("provider_message IS NOT NULL"),
    ),
)

answers = Table(
    "answers",
    metadata,
    Column("interview", Text, ForeignKey("interviews.id"), nullable=False),
    Column("item", Text, nullable=False),
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False),
    participant_column(),
    Column("value", Sealed, nullable=False),
    Column("window_start", Day),
    Column("window_end", Day),
    Column("given_at", Instant, nullable=False),
    Column("mode", Word(Channel), nullable=False),
    PrimaryKeyConstraint("interview", "item"),
    Index(None, "participant"),
)

tasks = Table(
    "tasks",
    metadata,
    id_column(),
    Column("centre", Text, nullable=False),
    participant_column(nullable=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("state", Text, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", Text),
    Column("note", Sealed),
    Index(
        "uq_tasks_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(None, "participant"),
    Index("ix_tasks_state", "state", "centre", "due_at"),
)

holds = Table(
    "holds",
    metadata,
    id_column(),
    Column("scope", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("released_at", Instant),
    Column("released_by", Text),
    CheckConstraint("scope IN ('side', 'centre', 'person')", name="scope"),
    Index(
        "ix_holds_standing",
        "scope",
        "target",
        sqlite_where=text("released_at IS NULL"),
        postgresql_where=text("released_at IS NULL"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("sender_index", Keyed),
    Column("payload", Sealed),
    Column("received_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    Column("handled_at", Instant),
    UniqueConstraint("provider", "provider_id"),
    Index("ix_inbox_new", "seq", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    Index(
        "ix_inbox_sender",
        "sender_index",
        sqlite_where=text("payload IS NOT NULL"),
        postgresql_where=text("payload IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

instruments = Table(
    "instruments",
    metadata,
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("published_by", Text, nullable=False),
    PrimaryKeyConstraint("name", "version"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", Keyed, nullable=False),
    Column("mac", Keyed, nullable=False),
    Index(None, "subject"),
)

readiness = Table(
    "readiness",
    metadata,
    id_column(),
    Column("document", Sealed, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

ticks = Table(
    "ticks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_wall", Instant, nullable=False),
    Column("runs", BigInteger, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("document", Text, nullable=False),
)
