"""What stands in a chat only for a while: messages that are to be deleted, and sessions under way."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ephemeral_messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("chat", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ephemeral_messages"),
        sa.UniqueConstraint("chat", "message", name="uq_ephemeral_messages_chat_message"),
    )
    op.create_index("ix_ephemeral_messages_due_at", "ephemeral_messages", ["due_at"])
    op.create_table(
        "chat_sessions",
        sa.Column("chat", sa.LargeBinary(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("bubble", sa.Text(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_chat_sessions"),
    )
    op.create_index("ix_chat_sessions_last_at", "chat_sessions", ["last_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("chat_sessions")
    op.drop_table("ephemeral_messages")
