"""Calendars of the rota that are fetched from an address: stored, kept through every trouble, and lived by."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.db.tables import OutboxRow
from bot.db.tables_shifts import CalendarRow
from bot.desk import Desk, rota_history
from bot.desk.knowledge import Knowledge
from bot.desk.shifts import staff_at
from bot.domain import calendars
from bot.domain.rota import Layer
from bot.settings.rota_shape import LayerSettings
from bot.work.calendars import LARGEST, fetch_calendars
from tests import world
from tests.world import ANNA, LI_WEI, START, WANG

HOUR = timedelta(hours=1)
SECRET_PATH = "/private-4711/basic.ics"


@dataclass
class Server:
    """Answers as it is told; `drip` never ends its answer, `hang` never begins it."""

    port: int = 0
    status: int = 200
    text: bytes = b""
    manner: str = "answer"
    headers: dict[str, str] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{SECRET_PATH}"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()

    class Talk(BaseHTTPRequestHandler):
        def answer_as_told(self) -> None:
            if found.manner == "hang":
                found.stop.wait(20)
                return
            with suppress(OSError):
                self.send_response(found.status)
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(found.text)
                while found.manner == "drip" and not found.stop.wait(0.02):
                    self.wfile.write(b"\n")
            self.close_connection = True

        do_GET = answer_as_told  # noqa: N815 - the library's name

        def log_message(self, *_words: object) -> None:
            """Nothing on standard error."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    found.port = listening.server_address[1]
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
    thread.start()
    yield found
    found.stop.set()
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def desk(tmp_path: Path, knowledge: Knowledge, clock: FixedClock, server: Server) -> Iterator[Desk]:
    """Who is on stands in a calendar at an address, and nowhere else."""
    database = open_database(f"sqlite:///{tmp_path / 'reply24.db'}")
    upgrade(database)
    found = world.settings_with_rota()
    shifts = found.shifts.model_copy(
        update={"layers": (LayerSettings(name="shared", zone="UTC", calendar=server.url),)}
    )
    rota = replace(world.rota(), layers=(Layer("shared", "UTC", calendar=""),))
    yield Desk(database, found.model_copy(update={"rota": rota, "shifts": shifts}), clock, knowledge)
    database.close()


def feed(*shifts: tuple[str, int, int]) -> bytes:
    """A calendar: who, from and until how many hours after START."""
    spans = [(who, START + begin * HOUR, START + end * HOUR) for who, begin, end in shifts]
    return calendars.feed(spans, "Shifts", START).encode()


def fetch(desk: Desk, seconds: float = 5) -> int:
    return fetch_calendars(desk, httpx.Client(timeout=seconds, trust_env=False), patience_s=seconds)


def on(desk: Desk, at: datetime | None = None) -> tuple[str, ...]:
    with desk.database.reading() as tx:
        return staff_at(tx, desk, at or desk.now()).on("nordlicht")


def row(desk: Desk) -> CalendarRow | None:
    with desk.database.reading() as tx:
        return tx.get(CalendarRow, "shared")


def told(desk: Desk) -> list[str]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(OutboxRow.key).where(OutboxRow.key.startswith("calendar:"))))


def test_what_is_fetched_decides_who_is_on(desk: Desk, server: Server, clock: FixedClock) -> None:
    assert on(desk) == ()
    server.text = feed(("Li Wei", 0, 4), ("Anna Kowalski", 4, 8))
    assert fetch(desk) == 1
    assert (on(desk), on(desk, START + 4 * HOUR), on(desk, START + 8 * HOUR)) == ((LI_WEI,), (ANNA,), ())
    clock.advance(HOUR)
    assert fetch(desk) == 0, "nothing has changed"
    found = row(desk)
    assert found is not None
    assert (found.fetched_at, found.failed_at) == (START + HOUR, None)
    server.text = feed(("Anna Kowalski", 0, 8))
    assert fetch(desk) == 1
    assert on(desk) == (ANNA,)


TROUBLES = {
    "gone": {"status": 404},
    "broken": {"text": b"<html>Please log in</html>"},
    "server error": {"status": 503},
    "huge": {"text": b"BEGIN:VCALENDAR\r\n" + b"X" * (LARGEST + 10)},
    "endless": {"manner": "drip"},
    "hanging": {"manner": "hang"},
    "loops": {"status": 302, "headers": {"Location": SECRET_PATH}},
    "an event without a start": {
        "text": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Li Wei\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    },
}


def test_each_other_calendar_is_a_version_of_the_rota(desk: Desk, server: Server, clock: FixedClock) -> None:
    """The bot keeps the first when it has the calendar: what was before is not judged by an empty one."""
    assert rota_history.keep_rules(desk) is None
    for shifts, number in ((("anna", 0, 8), 1), (("anna", 0, 8), None), (("li-wei", 0, 8), 2)):
        server.text = feed(shifts)
        fetch(desk)
        assert rota_history.keep_rules(desk) is None, "it was kept with the calendar"
        clock.advance(HOUR)
        with desk.database.reading() as tx:
            kept = [one.number for one, _rules in rota_history.all_of(tx)]
            table = staff_at(tx, desk, desk.now()).table
        assert kept == ([1, 2] if number == 2 else [1])
    assert table is not None
    stints = [(one.agent, (one.start - START) / HOUR, (one.end - START) / HOUR) for one in table.stints(None)]
    assert stints == [("anna", 0, 2), ("li-wei", 2, 8)]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_in_every_trouble_the_old_calendar_stays_and_managers_hear_of_it(
    desk: Desk, server: Server, clock: FixedClock, trouble: str
) -> None:
    server.text = feed(("Li Wei", 0, 400))
    fetch(desk)
    for name, value in TROUBLES[trouble].items():
        setattr(server, name, value)
    clock.advance(HOUR)
    assert fetch(desk, 0.4) == 0
    assert on(desk) == (LI_WEI,)
    found = row(desk)
    assert found is not None
    assert (found.fetched_at, found.failed_at) == (START, START + HOUR)
    assert found.reason
    assert "4711" not in found.reason
    assert told(desk) == [f"calendar:shared:2026-11-25:{WANG}"]


def test_a_calendar_that_was_never_read_has_no_shifts_and_is_said_to(desk: Desk, server: Server) -> None:
    server.status = 404
    fetch(desk)
    assert on(desk) == ()
    assert told(desk) == [f"calendar:shared:2026-11-25:{WANG}"]


def test_managers_are_told_once_a_day_until_it_can_be_read(
    desk: Desk, server: Server, clock: FixedClock
) -> None:
    server.status = 404
    for _ in range(4):
        fetch(desk)
        clock.advance(timedelta(minutes=15))
    assert len(told(desk)) == 1
    clock.advance(24 * HOUR)
    fetch(desk)
    assert [key.split(":")[2] for key in told(desk)] == ["2026-11-25", "2026-11-26"]
    server.status, server.text = 200, feed(("Li Wei", 0, 400))
    assert fetch(desk) == 1
    found = row(desk)
    assert found is not None
    assert (found.failed_at, found.reason) == (None, None)


def test_a_sleeping_manager_is_told_in_the_morning(desk: Desk, server: Server, clock: FixedClock) -> None:
    server.text = feed(("Wang Fang", 12, 20), ("Li Wei", 0, 20))
    fetch(desk)
    server.status = 404
    fetch(desk)
    with desk.database.reading() as tx:
        waiting = tx.scalars(select(OutboxRow).where(OutboxRow.key.startswith("calendar:"))).one()
    assert waiting.not_before == START + 12 * HOUR


def test_without_addresses_nothing_is_fetched(desk: Desk, server: Server) -> None:
    shifts = desk.settings.shifts.model_copy(update={"layers": ()})
    other = replace(desk, settings=desk.settings.model_copy(update={"shifts": shifts}))
    assert fetch(other) == 0
