"""Safe contacts, and from when on each wave needs them confirmed anew."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "safe_contacts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["participant"], ["participants.id"], name="fk_safe_contacts_participant"),
        sa.PrimaryKeyConstraint("id", name="pk_safe_contacts"),
    )
    op.create_index("ix_safe_contacts_participant_recorded_at", "safe_contacts", ["participant", "recorded_at"])
    op.create_table(
        "safe_waves",
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["invitation"], ["invitations.id"], name="fk_safe_waves_invitation"),
        sa.ForeignKeyConstraint(["participant"], ["participants.id"], name="fk_safe_waves_participant"),
        sa.PrimaryKeyConstraint("invitation", name="pk_safe_waves"),
    )
    op.create_index("ix_safe_waves_participant", "safe_waves", ["participant"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("safe_waves")
    op.drop_table("safe_contacts")
