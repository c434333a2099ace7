"""Under which version of the protocol somebody was enrolled; whoever was before goes by what ships, as until now."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column."""
    op.add_column("participants", sa.Column("protocol", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("participants", "protocol")
