"""What the side's staff change in the console: centres, days off, consent texts. Rows are only added."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "configured",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("agreed_by", sa.Text()),
        sa.Column("in_force_from", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configured")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("configured")
