"""The days around 2027-03-14, when the clocks of Los Angeles change and Beijing's do not, lived by real processes.

Beijing works 09-18, Los Angeles 09-17, on all days. Up to the 14th somebody is on from 17:00 to 10:00 UTC without
a break; from then on Los Angeles works 16:00-24:00 UTC, and from 00:00 to 01:00 UTC there is nobody: first on the 15th.
The whole week takes REPLY24_DST_DAYS=7; what runs by default are the two days around the change.
"""

import copy
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

from bot.clock import ScaledClock, monotonic
from bot.db.engine import Database, open_database
from bot.db.tables import PingRow, PostRow
from bot.sandbox.relay import MailRelay
from bot.sandbox.relay_mails import BuyerMail
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.driver import Post
from bot.sandbox.slack.server import SlackSandbox
from bot.sandbox.slack.store import Change, Message, Notice
from bot.settings import load_settings
from bot.slack.manifest import manifest
from tests.e2e.fast_program import shared_clock
from tests.finding import case_of
from tests.servers import free_port
from tests.world import ANNA, BOB, CHEN, LI_WEI, ROOT, WANG

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.timeout(900)]

T = TypeVar("T")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WHOLE_WEEK = os.environ.get("REPLY24_DST_DAYS") == "7"
SPEED = 1200.0
"""Twenty minutes a second: the two days take as many minutes and a little more."""
LATE = 50 * MINUTE
"""How late a post may be: a dozen ticks, which are a fifth of a second here. Most of it is for a busy machine.
Less than the hour without anybody, or what follows it could be taken for it."""
BEGINS = datetime(2027, 3, 11 if WHOLE_WEEK else 13, 12, tzinfo=UTC)
"""Hours before the change of 17:00 UTC: starting takes the programs some seconds."""
ENDS = datetime(2027, 3, 18, 2, tzinfo=UTC) if WHOLE_WEEK else datetime(2027, 3, 15, 11, tzinfo=UTC)
NEW_TIME = datetime(2027, 3, 14, 10, tzinfo=UTC)
"""When the clocks of Los Angeles change."""
BEIJING, US = frozenset({LI_WEI, CHEN, WANG}), frozenset({ANNA, BOB})
NAMES = {"li.wei": LI_WEI, "chen.yu": CHEN, "wang.fang": WANG, "anna": ANNA, "bob": BOB}
CHANNELS = ("amz-nordlicht", "amz-sunrise")
GROUP = "amz-oncall"
ROLES = ("web,worker", "clock")
FIRST_GAP = datetime(2027, 3, 15, tzinfo=UTC)
DUE_IN_IT = FIRST_GAP + 30 * MINUTE
"""A message of a day before is due when nobody is on for the first time at this hour."""

ROTA = {
    "rota": {
        "zone": "Asia/Shanghai",
        "layers": [
            {
                "name": "beijing",
                "shifts": [
                    {"days": "all", "hours": "09:00-18:00", "agents": ["li-wei", "chen-yu", "wang-fang"]}
                ],
            },
            {
                "name": "los-angeles",
                "zone": "America/Los_Angeles",
                "shifts": [{"days": "all", "hours": "09:00-17:00", "agents": ["anna", "bob"]}],
            },
        ],
    }
}


def on_shift(at: datetime) -> frozenset[str]:
    """Who is on, written down in UTC by hand."""
    if 1 <= at.hour < 10:
        return BEIJING
    if at < NEW_TIME:
        return US if at.hour >= 17 or at.hour < 1 else frozenset()
    return US if at.hour >= 16 else frozenset()


def shift_changes(since: datetime) -> list[datetime]:
    """The instants after `since` at which people change: somebody leaves, or comes after a gap."""
    hours = [BEGINS + n * HOUR for n in range(1, int((ENDS - BEGINS) / HOUR) + 1)]
    changes = [at for at in hours if on_shift(at) != on_shift(at - MINUTE)]
    return [at for at in changes if since < at <= ENDS - LATE]


@dataclass
class Days:
    """The stretch of time, with everything that the sandbox writes down of it."""

    clock: ScaledClock
    relay: MailRelay
    sandbox: SlackSandbox
    database: Database
    programs: dict[str, tuple[subprocess.Popen[bytes], Path]]
    group: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    """Each list of members that the user group has had, and since when."""

    def watch_the_group(self) -> None:
        def watch(core: Core) -> None:
            def heard(_change: Change) -> None:
                members = frozenset(core.store.group(GROUP).users)
                if not self.group or self.group[-1][1] != members:
                    self.group.append((self.clock.now(), members))

            core.store.listeners.append(heard)

        self.sandbox.call(watch)

    def wait_until(self, at: datetime) -> None:
        """Until the clock shows `at`; the programs must live that long."""
        while (left := at - self.clock.now()) > timedelta(0):
            self.clock.wait(threading.Event(), min(left, HOUR))
            self.must_live()

    def must_live(self) -> None:
        for name, (program, log) in self.programs.items():
            assert program.poll() is None, f"{name} has ended:\n{log.read_text()[-3000:]}"

    def until(self, look: Callable[[], T], what: str, timeout_s: float = 30) -> T:
        """The first truthy result of `look`."""
        end = monotonic() + timeout_s
        while not (found := look()):
            self.must_live()
            assert monotonic() < end, f"not within {timeout_s} s: {what}"
            threading.Event().wait(0.05)
        return found

    def case_of(self, buyer: BuyerMail) -> int:
        def look() -> int | None:
            with self.database.reading() as tx:
                return case_of(tx, buyer.alias)

        return int(self.until(look, "the mail becomes a case"))

    def card(self, case: int) -> Post:
        """The card of a case, once it is posted and noted."""

        def look() -> PostRow | None:
            with self.database.reading() as tx:
                return tx.scalar(select(PostRow).where(PostRow.key == f"card:{case}"))

        row = self.until(look, f"the card of case {case}")
        assert row is not None
        found = self.sandbox.call(lambda core: copy.deepcopy(core.store.message(row.channel, row.ts)))
        return Post(self.sandbox, found)

    def posts(self) -> list[Message]:
        """Every post of the bot, oldest first."""

        def all_of(core: Core) -> list[Message]:
            return [one for posts in core.store.messages.values() for one in posts.values()]

        return sorted(self.sandbox.call(all_of), key=lambda one: one.ts)

    def handovers(self, channel: str) -> list[tuple[datetime, str]]:
        """The shift changes told in a channel: when, and their words."""
        place = self.sandbox.workspace.channel(channel).id
        return [
            (instant(one.ts), f"{one.text} {one.blocks}")
            for one in self.posts()
            if one.channel == place and not one.is_reply and one.text.startswith("Shift change")
        ]

    def told(self, channel: str) -> list[datetime]:
        """When shift changes were told in a channel."""
        return [at for at, _words in self.handovers(channel)]

    def seen(self) -> list[str]:
        """Everything that people got to see, and what the programs said of errors: for when a test fails."""
        names = self.sandbox.call(lambda core: {key: one.name for key, one in core.store.channels.items()})
        posts = [
            f"{instant(one.ts):%d %H:%M} {names[one.channel] or 'dm'}: {one.text[:110]}"
            for one in self.posts()
        ]
        group = [f"{at:%d %H:%M} group: {sorted(members)}" for at, members in self.group]
        lines = [line for _program, log in self.programs.values() for line in log.read_text().splitlines()]
        return [*posts, *group, *(line for line in lines if '"level": "info"' not in line)]

    def notices(self) -> list[Notice]:
        """What rang for whom, in order."""
        people = [self.sandbox.workspace.user(name) for name in NAMES]
        return sorted((one for person in people for one in person.notifications()), key=lambda one: one.ts)


def instant(ts: str) -> datetime:
    """When something was posted."""
    return datetime.fromtimestamp(float(ts), UTC)


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[Days]:
    """Servers here, and the program as two processes: the clock, and all the rest."""
    began = monotonic()
    clock = shared_clock(SPEED, began, BEGINS)
    with MailRelay(folder / "mail", clock) as relay:
        port = free_port()
        environ = _environ(folder, database_url, relay.port, port)
        _write_settings(folder / "config")
        slack = load_settings(folder / "config", environ).slack
        with SlackSandbox(manifest=manifest(slack), port=port, clock=clock, rate_limits=False) as sandbox:
            days = Days(clock, relay, sandbox, open_database(database_url), {})
            days.watch_the_group()
            try:
                for role in ROLES:
                    days.programs[role] = _launch(folder, environ, role, began)
                for role in ROLES:
                    _wait_for_start(days, role)
                yield days
            finally:
                for program, _log in days.programs.values():
                    program.kill()
                    program.wait(10)
                days.database.close()


def _environ(folder: Path, database_url: str, smtp_port: int, slack_port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "REPLY24_CONFIG": str(folder / "config"),
        "REPLY24_DATABASE_URL": database_url,
        "REPLY24_DEMO_DATA": str(folder),
        "REPLY24_DEMO_SMTP_PORT": str(smtp_port),
        "REPLY24_DEMO_SLACK_URL": f"http://127.0.0.1:{slack_port}/api/",
        "REPLY24_SLACK_BOT_TOKEN": "xoxb-sandbox",
        "REPLY24_SLACK_APP_TOKEN": "xapp-sandbox",
        "REPLY24_SLACK_SIGNING_SECRET": "sandbox-signing-secret",
    }


def _write_settings(config: Path) -> None:
    """The demo's, but for the shifts, the group, and how often the folders of mails are looked at."""
    shutil.copytree(ROOT / "config" / "demo", config)
    (config / "rota.yaml").write_text(json.dumps(ROTA), encoding="utf-8")
    slack = (config / "slack.yaml").read_text(encoding="utf-8")
    (config / "slack.yaml").write_text(f"{slack}\n  oncall_group: {GROUP}\n", encoding="utf-8")
    boxes = (config / "mailboxes.yaml").read_text(encoding="utf-8")
    often = boxes.replace("poll_seconds: 1", "poll_seconds: 0.2")
    (config / "mailboxes.yaml").write_text(often, encoding="utf-8")


def _launch(
    folder: Path, environ: dict[str, str], role: str, began: float
) -> tuple[subprocess.Popen[bytes], Path]:
    log = folder / f"{role}.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "tests.e2e.fast_program", str(SPEED), str(began), BEGINS.isoformat()]
        program = subprocess.Popen(
            [*command, role], cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    return program, log


def _wait_for_start(days: Days, role: str) -> None:
    _program, log = days.programs[role]
    days.until(lambda: '"event": "bot_started"' in log.read_text(), f"{role} starts")


def live(days: Days) -> int:
    """A message each morning, which who is on takes and closes, and one that everybody leaves alone: its case."""
    alone = 0
    mornings = [datetime(2027, 3, day, 2, tzinfo=UTC) for day in range(BEGINS.day + 1, ENDS.day + 1)]
    for morning in (one for one in mornings if one < ENDS):
        if morning.date() == NEW_TIME.date():
            days.wait_until(DUE_IN_IT - 24 * HOUR)
            alone = days.case_of(days.relay.write_as_buyer("Where is it?", marketplace="UK", lang="en"))
        days.wait_until(morning)
        case = days.case_of(days.relay.write_as_buyer("In blue, please?", marketplace="UK", lang="en"))
        card = days.card(case)
        form = card.click("No response needed…", by="li.wei").modal
        days.sandbox.workspace.wait_for(lambda form=form: form.view["callback_id"] != "modal.loading")
        assert form.submit().closed
    days.wait_until(ENDS)
    return alone


def wrong_handovers(days: Days, since: datetime) -> Iterator[str]:
    """A post at each change of shift in each channel, soon after it, and no other."""
    expected = shift_changes(since)
    for channel in CHANNELS:
        told = [at for at in days.told(channel) if at >= expected[0]]
        if len(told) != len(expected) or any(
            not at <= post < at + LATE for at, post in pairs(expected, told)
        ):
            yield f"shift changes in {channel}: expected {listed(expected)}, told {listed(told)}"
        for at, words in days.handovers(channel):
            if at >= expected[0] and not any(
                f"<!date^{int(one.timestamp())}^" in words for one in expected if one <= at < one + LATE
            ):
                yield f"the shift change told at {at:%d %H:%M} in {channel} does not name its instant"


def wrong_group(days: Days, since: datetime) -> Iterator[str]:
    """The group changes when other people come on, and keeps the last ones while there is nobody."""
    comes = [at for at in shift_changes(since) if on_shift(at)]
    seen = [(at, members) for at, members in days.group if at > comes[0]]
    if [members for _at, members in seen] != [on_shift(at) for at in comes]:
        yield f"members of the group: {[(f'{at:%d %H:%M}', sorted(members)) for at, members in seen]}"
    elif any(not at <= changed < at + LATE for at, (changed, _members) in pairs(comes, seen)):
        yield f"the group changed at {listed([at for at, _members in seen])}, expected {listed(comes)}"


def wrong_pings(days: Days, alone: int) -> Iterator[str]:
    """What is due in the gap is pinged to the last shift before it, and when somebody is on again."""
    with days.database.reading() as tx:
        rows = tx.execute(
            select(PingRow.stage, PingRow.addressee, PingRow.at).where(PingRow.case == alone)
        ).all()
    direct = {(row.stage, row.addressee): row.at for row in rows if row.addressee in NAMES.values()}
    expected = {
        **{("3h", person): FIRST_GAP - 3 * HOUR for person in US},
        **{("1h", person): FIRST_GAP - HOUR for person in US},
        **{("overdue", person): FIRST_GAP + HOUR for person in BEIJING},
    }
    for key, at in expected.items():
        pinged = direct.pop(key, None)
        if pinged is None or not at <= pinged < at + LATE:
            yield f"ping {key}: expected soon after {at:%d %H:%M}, was {pinged}"
    for key, at in direct.items():
        # The last quarter of an hour is a second here: it may fall into the gap, where it is fatal. When it is
        # overdue, each shift that comes on hears of it.
        in_time = FIRST_GAP - 15 * MINUTE <= at < DUE_IN_IT
        if not (key[0] == "15min" and in_time) and not (key[0] == "overdue" and at > FIRST_GAP + 15 * HOUR):
            yield f"nobody expected the ping {key} at {at}"


def rung_off_shift(days: Days, alone: int) -> Iterator[str]:
    """A direct message or a mention for somebody who was off for longer than a post may be late.

    But for the case that is due in the gap, while nobody is on before that: then all help is wanted.
    """
    for one in days.notices():
        at = instant(one.ts)
        is_fatal = FIRST_GAP <= at < DUE_IN_IT + LATE and (str(alone) in one.text or "🚨" in one.text)
        if one.user not in on_shift(at) | on_shift(at - LATE) and one.reason != "thread" and not is_fatal:
            yield f"{at:%d %H:%M} {one.user} ({one.reason}): {one.text}"


def pairs(expected: list[datetime], seen: list[T]) -> Iterator[tuple[datetime, T]]:
    return zip(expected, seen, strict=False)


def listed(instants: list[datetime]) -> str:
    return ", ".join(f"{at:%d %H:%M}" for at in instants)


def test_shift_changes_group_and_pings_stay_right_when_the_clocks_of_one_side_change(
    tmp_path: Path, new_postgresql: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path, new_postgresql()) as days:
        since = days.clock.now()
        alone = live(days)
        wrong = [
            *wrong_handovers(days, since),
            *wrong_group(days, since),
            *wrong_pings(days, alone),
            *rung_off_shift(days, alone),
        ]
        assert not wrong, "\n".join([*wrong, *days.seen()])
        for _program, log in days.programs.values():
            assert "Traceback" not in log.read_text()
        lags = [post - at for at, post in pairs(shift_changes(since), days.told(CHANNELS[0]))]
    with capsys.disabled():
        sys.stdout.write(f"\n{len(lags)} shift changes told, the latest after {max(lags) / MINUTE:.0f} min\n")
