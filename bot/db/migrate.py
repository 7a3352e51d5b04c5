"""Bringing a database to the tables that this program knows.

While a new version is rolled out, programs of the one before work on the new tables: so each migration only adds what
those can do without, and what nobody needs any more goes a version later (`tests/unit/test_migration_rules.py`). A
program starts on a database that is one revision ahead of it, and on none that is further.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.db.engine import Database
from bot.errors import ConfigError
from bot.log import get_logger

if TYPE_CHECKING:  # imported only when it is needed
    from alembic.config import Config

log = get_logger()

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 2425


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations that are missing. Safe when several processes start at once.

    Raises ConfigError if the database is too far ahead of this program.
    """
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if is_ahead(here := _revision(connection)):
            _tolerate(here or "")
            return
        if here == newest():
            return
        from alembic import command  # 10 MiB and 0.3 s that only a new program needs, once

        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def current(database: Database) -> str | None:
    """Revision that the database is at; None if it is empty."""
    with database.engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_ahead(revision: str | None) -> bool:
    """Whether a newer program than this one has made the tables."""
    return revision is not None and revision > newest()


def is_next(revision: str) -> bool:
    """Whether it is the revision after ours, whose tables we can work on."""
    return revision.isdecimal() and int(revision) == int(newest()) + 1


def _tolerate(here: str) -> None:
    if not is_next(here):
        raise ConfigError(
            f"The database is at revision {here}, and this program knows {newest()}: too far apart. "
            "Start the newer program; or put back a backup from before its upgrade, and lose what came since."
        )
    log.warning("database_is_ahead", version=here)


def newest() -> str:
    """Revision that this program wants."""
    return max(script.name for script in (_SCRIPTS / "versions").glob("0*.py")).partition("_")[0]


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
