"""What tests of encrypted databases share: two keys, another process with others, and what really stands there."""

from sqlalchemy import text

from bot.db.engine import Database, open_database
from bot.db.root import Base
from bot.desk import Desk
from bot.settings.data_keys import DataKeys, data_keys, new_key

OLD, NEW = new_key("old"), new_key("new")
"""As the environment has them."""


def keyed(*given: str) -> DataKeys:
    return data_keys({"REPLY24_DATA_KEYS": " ".join(given)})


def reopened(desk: Desk, *given: str) -> Database:
    """The same database as another process with these keys has it."""
    return open_database(desk.database.engine.url.render_as_string(hide_password=False), keyed(*given))


def stored(database: Database) -> list[tuple[str, str]]:
    """(table.column, what stands there) of every value of every table, as the database has it."""
    found = []
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
                for name, value in row.items():
                    plain = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else value
                    found.append((f"{table.name}.{name}", f"{plain}"))
    return found
