"""Nobody is enrolled twice: a keyed index of the case code, and the day of a consent given again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; who was enrolled before has neither."""
    op.add_column("participants", sa.Column("case_index", sa.LargeBinary(), nullable=True))
    op.add_column("participants", sa.Column("reconsented_on", sa.LargeBinary(), nullable=True))
    op.create_index("ix_participants_case_index", "participants", ["case_index"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_participants_case_index", "participants")
    op.drop_column("participants", "reconsented_on")
    op.drop_column("participants", "case_index")
