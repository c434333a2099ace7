"""What is known of each SMS at the provider."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "sms_messages",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=True),
        sa.Column("participant", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("final_at", sa.BigInteger(), nullable=True),
        sa.Column("try_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("redacted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name="fk_sms_messages_delivery"),
        sa.ForeignKeyConstraint(["participant"], ["participants.id"], name="fk_sms_messages_participant"),
        sa.PrimaryKeyConstraint("sid", name="pk_sms_messages"),
    )
    op.create_index("ix_sms_messages_participant", "sms_messages", ["participant"])
    op.create_index(
        "ix_sms_messages_standing",
        "sms_messages",
        ["seen_at"],
        sqlite_where=sa.text("redacted_at IS NULL"),
        postgresql_where=sa.text("redacted_at IS NULL"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("sms_messages")
