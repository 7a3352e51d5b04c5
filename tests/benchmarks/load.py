"""An hour of a hundred times the reference load: when the card of each message stands in Slack, by its urgency.

    nice python -m tests.benchmarks.load [--minutes 60] [--speed 6] [--rate 1.25] [--backlog 5]

1.25 messages a second (the busiest hour of 30 000 a day) for an hour of scaled time, in sixteen channels, one post a
second and channel as Slack wants it; before it, mail of `--backlog` minutes is there at once. One in ten messages
comes late and has less than an hour left. Two processes of each kind on PostgreSQL; the mail server, Slack and the
database share the machine with them, so at `--speed 6` all of it works at six times that rate.

The lag is from when the mail was in the mailbox until its card stood in Slack, in scaled seconds: what the bot needs in
real time counts as many times as the clock is fast. A deadline is missed by our own delay when its card came after it
although the mail had come before. Exit 1 if there is one, or if a card is missing.
"""

import argparse
import random
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from bot.sandbox.relay_mails import BuyerMail, buyer_message
from bot.sandbox.slack.core import Core
from tests.e2e.rig import MANY_SITES
from tests.faults.rounds import Figures, Rounds, new_database, peers
from tests.faults.site import APART, Site, site

HURRY = timedelta(hours=1)
_LATE_ONES = 10
_STEP_SECONDS = 0.5
_PATIENCE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Written:
    """A message, when it lay in the mailbox, and when Amazon got it."""

    message_id: str
    there_at: datetime
    anchor: datetime

    @property
    def due_at(self) -> datetime:
        return self.anchor + timedelta(hours=24)

    @property
    def is_urgent(self) -> bool:
        return self.due_at - self.there_at <= HURRY


class Postman:
    """Puts mails into the mailbox, so many a second of the scaled clock."""

    def __init__(self, here: Site, mails: Sequence[BuyerMail]) -> None:
        self._site = here
        self._mails = list(mails)
        self._rng = random.Random(1)
        self.written: list[Written] = []

    def deliver(self, how_many: int) -> None:
        """The next ones, all at once."""
        some, self._mails = self._mails[:how_many], self._mails[how_many:]
        if not some:
            return
        now, raw = self._site.clock.now(), []
        for mail in some:
            ago = timedelta(seconds=self._rng.uniform(0, 60))
            if self._rng.randrange(_LATE_ONES) == 0:
                ago = timedelta(hours=24) - timedelta(minutes=self._rng.uniform(12, 58))
            sent = replace(mail, at=(now - ago).replace(microsecond=0))
            raw.append(buyer_message(sent))
            self.written.append(Written(sent.message_id, now, sent.at))
        self._site.rig.deliver_raw(raw, now - timedelta(seconds=1))

    def deliver_all(self, a_second: float) -> None:
        """All that are left, evenly."""
        start, total, before = self._site.clock.now(), len(self._mails), len(self._mails)
        while self._mails:
            passed = (self._site.clock.now() - start).total_seconds()
            due = min(total, int(passed * a_second)) - (before - len(self._mails))
            self.deliver(due)
            threading.Event().wait(_STEP_SECONDS)


def posted(here: Site) -> dict[str, datetime]:
    """Message-ID -> when the card of its case was first posted."""

    def cards(core: Core) -> dict[str, float]:
        every = [one for posts in core.store.messages.values() for one in posts.values()]
        found = {}
        for one in every:
            mark = (one.metadata or {}).get("event_payload", {}).get("id", "")
            key = str(mark).partition(":")[2]
            if key.startswith("card:"):
                found[key.removeprefix("card:")] = float(one.ts)
        return found

    at = here.rig.sandbox.call(cards)
    rows = here.sql.rows('SELECT message_id, messages."case" FROM messages')
    return {message: datetime.fromtimestamp(at[str(case)], UTC) for message, case in rows if str(case) in at}


def told(written: Sequence[Written], cards: dict[str, datetime], speed: float) -> tuple[list[str], bool]:
    """Lines about it, and whether all is well."""
    lines, missing = [], [one for one in written if one.message_id not in cards]
    for name, is_urgent in (("less than an hour left", True), ("a day left", False)):
        some = [one for one in written if one.is_urgent is is_urgent and one.message_id in cards]
        lags = sorted((cards[one.message_id] - one.there_at).total_seconds() for one in some)
        cuts = quantiles(lags, n=100)
        lines.append(
            f"{name}: {len(lags)} cards, after {cuts[49]:.0f} s (median), {cuts[94]:.0f} s (95 %), "
            f"{cuts[98]:.0f} s (99 %), {lags[-1]:.0f} s at most; in real time a {speed:g}th"
        )
    own = [
        one
        for one in written
        if one.message_id in cards and one.there_at <= one.due_at < cards[one.message_id]
    ]
    lines.append(f"{len(missing)} without a card; {len(own)} deadlines missed by our own delay")
    return lines, not missing and not own


def load(minutes: float, speed: float, rate: float, waiting: float) -> int:
    """Run and print; returns the exit code."""
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="reply24-load-")))
        folder.chmod(0o755)
        servers = open_things.enter_context(peers("postgresql"))
        here = open_things.enter_context(
            site(
                folder / "load",
                dovecot=servers.dovecot,
                nursery=servers.nursery,
                database_url=new_database(servers, "load"),
                roles=APART,
                has_rota=True,
                speed=speed,
                sites=MANY_SITES,
            )
        )
        Rounds(here, "load", Figures()).start()
        backlog, total = int(waiting * 60 * rate), int(minutes * 60 * rate)
        postman = Postman(here, here.rig.invent(backlog + total, MANY_SITES))
        _say(
            f"{backlog} messages at once, then {total} in {minutes:g} minutes, {rate:g} a second; x {speed:g}"
        )
        postman.deliver(backlog)
        postman.deliver_all(rate)
        _say(f"all are in the mailbox; {len(postman.written) - len(posted(here))} wait for their card")
        here.until(
            lambda: len(posted(here)) == len(postman.written), "all have their card", _PATIENCE_SECONDS
        )
        lines, is_well = told(postman.written, posted(here), speed)
    _say("\n".join(lines))
    return int(not is_well)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speed", type=float, default=6.0)
    parser.add_argument("--rate", type=float, default=1.25, help="messages a second of scaled time")
    parser.add_argument("--backlog", type=float, default=5.0, help="minutes' worth of mail at once, before")
    given = parser.parse_args()
    return load(given.minutes, given.speed, given.rate, given.backlog)


if __name__ == "__main__":
    sys.exit(main())
