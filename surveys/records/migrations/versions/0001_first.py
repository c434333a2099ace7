"""The first schema: everything that one side keeps. Its tables stand in `surveys.records.migrations.first`."""

from alembic import op

from surveys.records.migrations.first import asking, people, sending, side

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, the ones that others point to first."""
    side.audit()
    side.holds()
    sending.inbox()
    side.instruments()
    people.participants()
    side.readiness()
    side.stamp()
    side.ticks()
    side.translations()
    people.contacts()
    people.data_keys()
    asking.invitations()
    people.links()
    sending.tasks()
    people.consents()
    asking.interviews()
    asking.alerts()
    asking.answers()
    sending.deliveries()


def downgrade() -> None:
    """Drop every table, the ones that others point to last."""
    for table in (
        "deliveries",
        "answers",
        "alerts",
        "interviews",
        "consents",
        "tasks",
        "links",
        "invitations",
        "data_keys",
        "contacts",
        "translations",
        "ticks",
        "stamp",
        "readiness",
        "participants",
        "instruments",
        "inbox",
        "holds",
        "audit",
    ):
        op.drop_table(table)
