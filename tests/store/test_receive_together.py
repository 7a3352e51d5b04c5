"""Several processes that take mail in at once, on PostgreSQL: each reads others, and a conversation stays one case."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, text

from bot.db.queries import mails
from bot.db.tables import CaseRow
from bot.desk import Desk, read, receive
from bot.domain.mail import Mail
from tests.world import START, buyer_mail

_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture(autouse=True)
def only_where_processes_share_a_database(desk: Desk) -> None:
    if desk.database.is_sqlite:
        pytest.skip("several processes share PostgreSQL alone")


def _store(desk: Desk, *texts: str) -> None:
    raw = [receive.RawMail(uid, START, one.encode()) for uid, one in enumerate(texts, start=1)]
    receive.store_raw(desk, "nordlicht", 1, len(texts), raw)


def _reader(seen: list[str]) -> Callable[[bytes, datetime], Mail]:
    def read_it(raw: bytes, _arrived: datetime) -> Mail:
        seen.append(raw.decode())
        return buyer_mail(raw.decode())

    return read_it


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(2000):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came to that")


def _messages(desk: Desk) -> dict[int, list[str]]:
    with desk.database.reading() as tx:
        numbers = tx.scalars(select(CaseRow.number)).all()
    return {number: sorted(one.text for one in read.case(desk, number).messages) for number in numbers}


def test_what_one_process_reads_another_does_not(desk: Desk) -> None:
    _store(desk, "one", "two", "three")
    others: list[str] = []

    def slowly(raw: bytes, arrived: datetime) -> Mail:
        if raw == b"two":  # The other process has its turn while this one is still reading.
            assert receive.take_in(desk, _reader(others), 20) == 1
        return buyer_mail(raw.decode())

    assert receive.take_in(desk, slowly, 2) == 2
    assert others == ["three"]
    assert _messages(desk) == {1001: ["one", "three", "two"]}


def test_what_a_process_was_reading_when_it_died_is_read_by_another(desk: Desk) -> None:
    _store(desk, "one")

    def dies(_raw: bytes, _arrived: datetime) -> Mail:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        receive.take_in(desk, dies)
    assert receive.take_in(desk, _reader([])) == 1


def test_two_that_store_at_once_open_one_case(desk: Desk) -> None:
    _store(desk, "one", "two")
    threads = [
        threading.Thread(target=receive.take_in, args=(desk, _reader([]), 1), daemon=True) for _ in range(2)
    ]

    def waits() -> int:
        with desk.database.reading() as tx:
            return int(tx.execute(text(_WAITING)).scalar_one())

    with desk.database.writing() as tx:
        mails.take_turns(tx, ["nordlicht"])
        for number, thread in enumerate(threads, start=1):
            thread.start()
            _until(lambda number=number: waits() == number)  # type: ignore[misc]  # bound at once
    for thread in threads:
        thread.join(20)
    assert _messages(desk) == {1001: ["one", "two"]}
