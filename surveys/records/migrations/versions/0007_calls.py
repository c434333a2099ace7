"""Calls that staff opened, and how each ended."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["participant"], ["participants.id"], name="fk_calls_participant"),
        sa.ForeignKeyConstraint(["invitation"], ["invitations.id"], name="fk_calls_invitation"),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name="fk_calls_contact"),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_participant_opened_at", "calls", ["participant", "opened_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("calls")
