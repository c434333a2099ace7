"""What the console lists quickly: the centre and the review on each wave, waiting alerts, and figures counted ahead."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ANSWERED = "state = 'closed' AND (disposition = 'complete' OR disposition = 'partial' OR disposition = 'break_off')"


def upgrade() -> None:
    """Add them, and fill them from what is there."""
    op.add_column("invitations", sa.Column("centre", sa.Text(), nullable=False, server_default=""))
    op.add_column("invitations", sa.Column("reviewed_at", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE invitations SET centre = (SELECT centre FROM participants p WHERE p.id = invitations.participant)"
    )
    op.execute(
        "UPDATE invitations SET reviewed_at = (SELECT r.reviewed_at FROM reviews r WHERE r.invitation = invitations.id)"
    )
    for name, more in (("ix_invitations_answered", ""), ("ix_invitations_unread", " AND reviewed_at IS NULL")):
        where = sa.text(_ANSWERED + more)
        op.create_index(name, "invitations", ["centre", "closed_at", "id"], sqlite_where=where, postgresql_where=where)
    waiting = sa.text("state <> 'closed'")
    op.create_index("ix_alerts_waiting", "alerts", ["centre"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "snapshots",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_snapshots"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("snapshots")
    op.drop_index("ix_alerts_waiting", "alerts")
    op.drop_index("ix_invitations_unread", "invitations")
    op.drop_index("ix_invitations_answered", "invitations")
    op.drop_column("invitations", "reviewed_at")
    op.drop_column("invitations", "centre")
