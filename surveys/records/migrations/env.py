"""Alembic's entry: runs the revisions on the connection that `migrate` opened. It knows no address and no secret."""

from alembic import context

from surveys.records.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
    render_as_batch=True,
)
context.run_migrations()
