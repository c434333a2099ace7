"""Translations are files beside the instrument, and who reviewed them stands there; the table was never filled."""

from alembic import op

from surveys.records.migrations.first import side

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Drop the table."""
    op.drop_table("translations")


def downgrade() -> None:
    """Make it again."""
    side.translations()
