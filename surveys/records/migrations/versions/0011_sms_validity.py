"""An SMS remembers until when the provider may bring it: after that no receipt comes, and its body goes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column; of what was sent before it is not known, and the longest validity holds."""
    op.add_column("sms_messages", sa.Column("valid_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("sms_messages", "valid_until")
