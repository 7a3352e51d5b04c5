"""Which keys the stored personal data need: at the start of a process, in a list, and on their way to a new key.

`switches` has one row `data_key:ID` for each key that was ever the first one here, with a known text under it. So a
missing key, or another one under the same id, is found at once, without looking through the tables.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from bot.db import (  # noqa: F401 - whose columns are encrypted
    tables,
    tables_bulk,
    tables_manual,
    tables_orders,
    tables_questions,
    tables_shifts,
    tables_solutions,
    tables_typed,
)
from bot.db.engine import Database, insert_once
from bot.db.root import Base
from bot.db.sealing import PREFIX, WORDS, Lost, SealedBytes, SealedJSON, SealedText, opened_text, sealed_text
from bot.db.tables import CaseRow, SwitchRow
from bot.domain.purge import GONE
from bot.errors import ConfigError, Unreadable

_NOTED = "data_key:"
_KNOWN_TEXT = "reply24"
_HEAD = 40
"""As many characters of a stored value as hold the id of its key."""
_KINDS = (SealedText, SealedBytes, SealedJSON)


@dataclass(slots=True)
class Rotated:
    """What a rotation did. `unreadable`: table.column and row; `left`: rows that still are to be written anew."""

    rows: int = 0
    left: int = 0
    unreadable: list[str] = field(default_factory=list)


def sealed_columns() -> dict[Table, list[Column[Any]]]:
    """The encrypted columns by table, in the order of their names."""
    found: dict[Table, list[Column[Any]]] = {}
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        if columns := [one for one in table.columns if isinstance(one.type, _KINDS)]:
            found[table] = columns
    return found


def admit(database: Database) -> None:
    """Let this process at the data. Raises ConfigError: a key is missing, with the tables that need it, or is another.

    Notes the first key, before anything can be written with it.
    """
    faults, unused, is_noted = _looked_at(database)
    if faults:
        raise ConfigError(*faults)
    if unused or not is_noted:
        with database.writing() as tx:
            tx.execute(delete(SwitchRow).where(SwitchRow.name.in_(unused)))
            _note(tx, database)


def faults_of(database: Database) -> list[str]:
    """Why `admit` would refuse; nothing is changed."""
    return _looked_at(database)[0]


def _looked_at(database: Database) -> tuple[list[str], list[str], bool]:
    """Faults; notes of keys that nothing needs any more; whether there is one of the first key."""
    vault = database.vault
    with database.reading() as tx:
        noted = {row.name: row.value for row in tx.execute(_noted())}
        faults, unused = [], []
        for name, text in noted.items():
            key_id = name.removeprefix(_NOTED)
            if key_id not in vault.ids and (places := _needing(tx, key_id)):
                faults.append(_lacking(key_id, places))
            elif key_id not in vault.ids:
                unused.append(name)
            elif not _is_that_key(database, name, text):
                faults.append(
                    f"environment: REPLY24_DATA_KEYS: the key {key_id} is not the one that was used under this id; "
                    "find the right one, or give a new key an id of its own"
                )
    return faults, unused, vault.first is None or _NOTED + vault.first in noted


def _note(tx: Session, database: Database) -> None:
    if database.vault.first is not None:
        name = _NOTED + database.vault.first
        text = sealed_text(database.vault, f"switches.{name}", _KNOWN_TEXT)
        insert_once(tx, SwitchRow, name=name, value=text)


def _noted() -> Any:
    return select(SwitchRow.name, SwitchRow.value).where(SwitchRow.name.startswith(_NOTED, autoescape=True))


def _lacking(key_id: str, places: Sequence[str]) -> str:
    return (
        f"environment: REPLY24_DATA_KEYS: the key {key_id} is missing; values under it are in "
        f"{', '.join(places)}. Add it behind the first key: all keys decrypt"
    )


def _is_that_key(database: Database, name: str, text: str) -> bool:
    try:
        return opened_text(database.vault, f"switches.{name}", text) == _KNOWN_TEXT
    except Unreadable:
        return False


def _needing(tx: Session, key_id: str) -> list[str]:
    """Tables with values under a key."""
    start = f"{PREFIX}1:{key_id}:"
    return [
        table.name
        for table, columns in sealed_columns().items()
        if tx.execute(select(1).where(or_(*(_begins(one, start) for one in columns))).limit(1)).first()
    ]


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it is stored."""
    if isinstance(column.type, SealedBytes):
        return type_coerce(column, LargeBinary)
    return cast(column, Text) if isinstance(column.type, SealedJSON) else type_coerce(column, Text)


def _begins(column: Column[Any], start: str) -> ColumnElement[bool]:
    if isinstance(column.type, SealedBytes):
        return func.substr(_raw(column), 1, len(start), type_=LargeBinary) == start.encode()
    # A JSON text stands in quotation marks.
    whole = f'"{start}' if isinstance(column.type, SealedJSON) else start
    return func.substr(_raw(column), 1, len(whole), type_=Text) == whole


def _is_secret(column: Column[Any]) -> ColumnElement[bool]:
    """Whether there is something in it that ought to be encrypted."""
    if isinstance(column.type, SealedBytes):
        return and_(column.is_not(None), func.length(_raw(column)) > 0)
    blanks = ("[]", "{}") if isinstance(column.type, SealedJSON) else ("", GONE, *WORDS.get(str(column), ()))
    return and_(column.is_not(None), _raw(column).not_in(blanks))


def _is_behind(columns: Sequence[Column[Any]], key_id: str | None) -> ColumnElement[bool]:
    """Whether a row has a value that is not under this key; that is under any, if it is None."""
    if key_id is None:
        return or_(*(_begins(one, f"{PREFIX}1:") for one in columns))
    return or_(*(and_(_is_secret(one), ~_begins(one, f"{PREFIX}1:{key_id}:")) for one in columns))


def status(database: Database) -> dict[str, Counter[str]]:
    """Rows by key id, "" for unencrypted ones, of each table; a row with values of two kinds counts for both."""
    with database.reading() as tx:
        return {table.name: _of_table(tx, table, columns) for table, columns in sealed_columns().items()}


def unreadable(database: Database) -> Iterator[str]:
    """table.column and row of each value that can't be decrypted. Reads everything that is encrypted."""
    with database.reading() as tx:
        for table, columns in sealed_columns().items():
            keys = list(table.primary_key.columns)
            rows = tx.execute(select(*keys, *columns).order_by(*keys).execution_options(yield_per=200))
            for row in rows:
                yield from _lost(table, columns, row)


def _lost(table: Table, columns: Sequence[Column[Any]], row: Any) -> list[str]:
    size = len(table.primary_key.columns)
    named = ", ".join(map(str, row[:size]))
    found = zip(columns, row[size:], strict=True)
    return [f"{column}, row {named}" for column, value in found if isinstance(value, Lost)]


def _of_table(tx: Session, table: Table, columns: Sequence[Column[Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    heads = [func.substr(_raw(one), 1, _HEAD, type_=_raw(one).type) for one in columns]
    query = select(
        *(item for one, head in zip(columns, heads, strict=True) for item in (head, _is_secret(one)))
    )
    for row in tx.execute(query.execution_options(yield_per=2000)):
        found.update({_key_of(row[place]) for place in range(0, len(row), 2) if row[place + 1]})
    return found


def _key_of(head: str | bytes) -> str:
    text = head.decode("latin-1") if isinstance(head, bytes) else head.removeprefix('"')
    return text.split(":")[2] if text.startswith(f"{PREFIX}1:") else ""


def rotate(
    database: Database,
    tell: Callable[[str, int], None],
    batch: int = 200,
    stop: Callable[[], bool] | None = None,
) -> Rotated:
    """Write all values anew that are not under the first key; or, with `plain` before the keys, those under any.

    Safe beside the bot and beside another rotation. Each batch is a transaction: whoever starts again goes on. Rows
    that somebody holds are left for the next round. `tell` hears table and rows so far, after each batch. Raises
    ConfigError without keys.
    """
    if database.vault.first is None and not database.vault.is_plain:
        raise ConfigError("environment: REPLY24_DATA_KEYS: there is no key. Make one with: reply24 keys new")
    done = Rotated()
    for table, columns in sealed_columns().items():
        rows = 0
        for is_last in (False, True):
            for count in _pages(database, table, columns, batch, done, waits=is_last):
                rows += count
                done.rows += count
                tell(table.name, rows)
                if stop is not None and stop():
                    return done
        done.left += _left(database, table, columns)
    return done


def _left(database: Database, table: Table, columns: Sequence[Column[Any]]) -> int:
    with database.reading() as tx:
        behind = select(func.count()).select_from(table).where(_is_behind(columns, database.vault.first))
        return tx.scalar(behind) or 0


def _pages(
    database: Database, table: Table, columns: Sequence[Column[Any]], size: int, done: Rotated, *, waits: bool
) -> Iterator[int]:
    """How many rows each page wrote, to the end of the table. A row that somebody holds is left out, or waited for."""
    keys = list(table.primary_key.columns)
    behind = _is_behind(columns, database.vault.first)
    last: Sequence[Any] = ()
    while True:
        after = (tuple_(*keys) > tuple_(*last),) if last else ()
        with database.reading() as tx:
            page = tx.execute(select(*keys).where(behind, *after).order_by(*keys).limit(size)).all()
        if not page:
            return
        last = tuple(page[-1])
        # Whoever waits holds one row and no other, so nobody can wait for it in turn.
        pieces = [[one] for one in page] if waits else [page]
        yield sum(_rewritten(database, table, columns, piece, done, waits=waits) for piece in pieces)


def _rewritten(
    database: Database,
    table: Table,
    columns: Sequence[Column[Any]],
    wanted: Sequence[Any],
    done: Rotated,
    *,
    waits: bool,
) -> int:
    """Write these rows anew in one transaction, as far as they still are behind; returns how many."""
    keys = list(table.primary_key.columns)
    query = select(*keys, *columns).where(
        tuple_(*keys).in_([tuple(one) for one in wanted]), _is_behind(columns, database.vault.first)
    )
    with database.writing() as tx:
        rows = tx.execute(query.order_by(*keys).with_for_update(of=table, skip_locked=not waits)).all()
        return sum(_rewrite(tx, table, columns, row, done) for row in rows)


def _rewrite(tx: Session, table: Table, columns: Sequence[Column[Any]], row: Any, done: Rotated) -> int:
    """Write one row's values as new ones are; those that can't be read stay as they are, and are named."""
    keys = list(table.primary_key.columns)
    found = dict(zip(columns, row[len(keys) :], strict=True))
    done.unreadable += [one for one in _lost(table, columns, row) if one not in done.unreadable]
    values = {
        one.name: value for one, value in found.items() if value is not None and not isinstance(value, Lost)
    }
    if table is CaseRow.__table__ and "buyer_base" in values:
        values["buyer_mark"] = values["buyer_base"]
    if not values:
        return 0
    same = and_(*(key == value for key, value in zip(keys, row, strict=False)))
    tx.execute(update(table).where(same).values(values))
    return 1
