"""In which letters somebody gets SMS is theirs to choose; whoever was enrolled before gets plain ones, as until now."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    op.add_column("participants", sa.Column("sms_script", sa.Text(), nullable=False, server_default="ascii"))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("participants", "sms_script")
