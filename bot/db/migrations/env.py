"""Alembic's entry: runs migrations on the connection that `bot.db.migrate` hands over."""

from alembic import context

from bot.db import (  # noqa: F401 - what there should be
    tables,
    tables_access,
    tables_figures,
    tables_manual,
    tables_notifications,
    tables_orders,
    tables_questions,
    tables_records,
    tables_shifts,
    tables_solicitations,
    tables_solutions,
    tables_templates,
    tables_typed,
    tables_warnings,
)
from bot.db.root import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
