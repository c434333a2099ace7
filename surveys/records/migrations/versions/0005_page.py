"""Links to the private page, and the browsers that they are bound to."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "page_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=True),
        sa.Column("bound_at", sa.BigInteger(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["participant"], ["participants.id"], name="fk_page_links_participant"),
        sa.ForeignKeyConstraint(["invitation"], ["invitations.id"], name="fk_page_links_invitation"),
        sa.PrimaryKeyConstraint("id", name="pk_page_links"),
        sa.UniqueConstraint("token_hash", name="uq_page_links_token_hash"),
    )
    op.create_index("ix_page_links_participant", "page_links", ["participant"])
    op.create_index("ix_page_links_invitation", "page_links", ["invitation"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("page_links")
