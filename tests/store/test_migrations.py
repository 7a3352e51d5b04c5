"""Migrations: from nothing to today's tables, and back, on both databases."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from bot.db import (  # noqa: F401 - what they define is compared too
    tables_access,
    tables_bulk,
    tables_figures,
    tables_ingest,
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
from bot.db.engine import Database
from bot.db.migrate import _config, current, newest, upgrade
from bot.db.root import Base
from bot.db.tables import CaseRow


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert difference == []


def test_the_newest_revision_is_the_one_that_an_upgrade_ends_at() -> None:
    assert ScriptDirectory.from_config(_config()).get_heads() == [newest()]


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert current(database) == newest() == "0021"


def test_what_the_last_release_wrote_stays_and_case_numbers_go_on(empty_database: Database) -> None:
    upgrade(empty_database, "0001")
    with empty_database.engine.begin() as connection:
        number = connection.execute(
            text(
                "INSERT INTO cases (kind, channel, subject, risk, needs_reply, why, state, assignee, opened_at,"
                " acted_at, version) VALUES ('buyer', 'amz', '', '', true, '', 'open', 'U0ANNA',"
                " '2026-11-25 09:00:00', '2026-11-25 09:00:00', 1) RETURNING number"
            )
        ).scalar()
    upgrade(empty_database)
    with empty_database.writing() as tx:
        case = tx.scalars(select(CaseRow)).one()
        assert (case.number, case.assignee, case.kept, case.offered_to) == (number, "U0ANNA", False, None)
        new = CaseRow(kind="buyer", channel="amz", opened_at=case.opened_at, acted_at=case.acted_at)
        tx.add(new)
        tx.flush()
        assert (case.number, new.number) == (1001, 1002)


def test_the_way_back_leads_to_what_was_before(empty_database: Database) -> None:
    upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    assert current(empty_database) == "0001"
    upgrade(empty_database)
    assert current(empty_database) == newest()
