"""Who was told of an alert; what was said when it was closed; drills, which are about nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_OPEN = sa.text("state = 'open'")
_UNFINISHED = sa.text("finished_at IS NULL")


def upgrade() -> None:
    """Widen the alerts, create the callouts."""
    op.drop_index("ix_alerts_open", "alerts")
    with op.batch_alter_table("alerts") as alerts:
        alerts.alter_column("participant", existing_type=sa.Text(), nullable=True)
        alerts.add_column(sa.Column("closed_by", sa.Text(), nullable=True))
        alerts.add_column(sa.Column("answered", sa.Boolean(), nullable=True))
        alerts.add_column(sa.Column("note", sa.LargeBinary(), nullable=True))
        alerts.add_column(sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
    _index_open()
    op.create_table(
        "callouts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_callouts_alert"),
        sa.PrimaryKeyConstraint("id", name="pk_callouts"),
        sa.UniqueConstraint("alert", "step", "means", "recipient", name="uq_callouts_alert_step_means_recipient"),
    )
    op.create_index("ix_callouts_due", "callouts", ["due_at"], sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED)


def downgrade() -> None:
    """Drop the callouts and the drills; narrow the alerts."""
    op.drop_table("callouts")
    op.execute("DELETE FROM alerts WHERE participant IS NULL")
    op.drop_index("ix_alerts_open", "alerts")
    with op.batch_alter_table("alerts") as alerts:
        for name in ("drill", "note", "answered", "closed_by"):
            alerts.drop_column(name)
        alerts.alter_column("participant", existing_type=sa.Text(), nullable=False)
    _index_open()


def _index_open() -> None:
    op.create_index("ix_alerts_open", "alerts", ["escalate_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
