"""What encryption costs: mails taken in, cases read, and names searched, with keys and without. One process, SQLite."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert

from bot.db.queries import cases
from bot.db.tables import CaseRow
from bot.desk import Desk, read
from bot.mail import parse
from bot.settings.data_keys import DataKeys, data_keys, new_key
from tests import world
from tests.benchmarks.intake import new_desk, sample_mails, take_all

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds. `stored` and `read`: of all mails and their cases; `found`: of one search that finds nothing."""

    stored: float
    read: float
    found: float


def measure(count: int = 1000, names: int = 9000) -> tuple[Cost, Cost]:
    """(without keys, with): the best of three. `names` is how many cases 30 days of the reference team are."""
    mails = sample_mails(count)
    parse.read(mails[0], world.START)  # the language model is loaded once, at start
    keyed = data_keys({"REPLY24_DATA_KEYS": new_key("bench")})
    runs = [(_cost(mails, names, DataKeys()), _cost(mails, names, keyed)) for _ in range(_ROUNDS)]
    return _best([plain for plain, _ in runs]), _best([sealed for _, sealed in runs])


def _best(runs: list[Cost]) -> Cost:
    return Cost(
        min(run.stored for run in runs), min(run.read for run in runs), min(run.found for run in runs)
    )


def _cost(mails: list[bytes], names: int, keys: DataKeys) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        desk = new_desk(Path(folder), keys=keys)
        stored = take_all(desk, mails)
        with desk.database.reading() as tx:
            numbers = cases.find(tx, "", ["nordlicht"], limit=len(mails))
        began = time.perf_counter()
        for number in numbers:
            read.case(desk, number)
        took = time.perf_counter() - began
        _more(desk, names)
        found = _searched(desk)
        desk.database.close()
    return Cost(stored, took, found)


def _more(desk: Desk, names: int) -> None:
    about = {
        "kind": "buyer",
        "store": "nordlicht",
        "channel": "x",
        "opened_at": world.START,
        "acted_at": world.START,
    }
    with desk.database.writing() as tx:
        rows = [about | {"buyer_name": f"Robin Sample {number}"} for number in range(names)]
        tx.execute(insert(CaseRow), rows)


def _searched(desk: Desk) -> float:
    began = time.perf_counter()
    with desk.database.reading() as tx:
        assert cases.find(tx, "katrin-xyz", ["nordlicht"]) == []
    return time.perf_counter() - began
