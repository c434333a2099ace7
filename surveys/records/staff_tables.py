"""The tables of the console: accounts and their secrets, sessions, invitations, agreements of two, reviews.

They hold ids, keyed hashes and sealed values; never a password, a token or a name in clear.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from surveys.records.columns import Instant, Keyed, Sealed, Word
from surveys.records.shapes import id_column, metadata
from surveys.rules.roles import Role

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column("login_index", Keyed, nullable=False, unique=True),
    Column("login", Sealed, nullable=False),
    Column("name", Sealed, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("centre", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("password", Sealed),
    Column("totp", Sealed),
    Column("totp_step", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failed_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("closed_at", Instant),
    Index(None, "centre"),
)
passkeys = Table(
    "passkeys",
    metadata,
    id_column(),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("credential_index", Keyed, nullable=False, unique=True),
    Column("document", Sealed, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "account"),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    id_column(),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("code_index", Keyed, nullable=False, unique=True),
    Column("used_at", Instant),
    Index(None, "account"),
)
staff_sessions = Table(
    "staff_sessions",
    metadata,
    id_column(),
    Column("token_hash", Keyed, nullable=False, unique=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("challenge", Sealed),
    Column("created_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("strong_at", Instant),
    Column("ends_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index(None, "account"),
    Index(None, "ends_at"),
)
staff_invitations = Table(
    "staff_invitations",
    metadata,
    id_column(),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False),
    Column("token_hash", Keyed, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index(None, "account"),
)
configured = Table(
    "configured",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("document", Sealed, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("agreed_by", Text),
    Column("in_force_from", Instant),
)
approvals = Table(
    "approvals",
    metadata,
    id_column(),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("centre", Text, nullable=False),
    Column("asked_by", Text, ForeignKey("accounts.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("granted_by", Text, ForeignKey("accounts.id")),
    Column("granted_at", Instant),
    Column("used_at", Instant),
    Index(None, "action", "subject"),
)
reviews = Table(
    "reviews",
    metadata,
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False),
    Column("participant", Text, ForeignKey("participants.id"), nullable=False),
    Column("note", Sealed),
    Column("reviewed_by", Text, nullable=False),
    Column("reviewed_at", Instant, nullable=False),
    PrimaryKeyConstraint("invitation"),
    Index(None, "participant"),
)
