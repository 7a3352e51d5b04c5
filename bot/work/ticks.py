"""What runs by itself, and how often: one line each. A tick asks the database what is due.

APScheduler runs the ticks; no timer lives only in memory, so nothing is forgotten at a restart.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import Clock, RealClock
from bot.db.engine import fenced
from bot.desk import (
    Desk,
    alarms,
    anchors,
    breaker,
    bulk_sending,
    coverage,
    deliveries,
    digests,
    figure_sums,
    handover,
    holds,
    membership,
    pings,
    purge,
    requests,
    route,
    settle,
    solicitations,
    streaks,
    typed_drafts,
    typed_settle,
)
from bot.desk.silences import Habits
from bot.errors import NotOurs, Unreachable
from bot.log import get_logger
from bot.settings.secrets import Secrets
from bot.slack.groups import OncallGroup
from bot.slack.people import Directory
from bot.slack.team_groups import TeamGroups
from bot.work.calendars import fetch_calendars
from bot.work.canaries import send_due
from bot.work.lease import Held
from bot.work.metrics import PINGS
from bot.work.second_road import SecondRoad

log = get_logger()

_SHORTEST_SECONDS = 0.2
_SLACK = timedelta(seconds=5)
"""No tick is planned further ahead than one interval; a little more may be the clock's own steering."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A piece of work that repeats every `seconds` of the desk's clock."""

    name: str
    seconds: float
    work: Callable[[], object]


def ticks(
    desk: Desk, secrets: Secrets, directory: Directory, group: OncallGroup, team: TeamGroups
) -> tuple[Tick, ...]:
    """Every tick there is."""
    second_road, habits, started_at = SecondRoad(desk, secrets), Habits(desk), desk.now()
    agents = Agents(desk, directory)
    return (
        Tick("pings", 30, lambda: PINGS.inc(pings.ping_due(desk))),
        Tick("unclaimed", 60, lambda: pings.ping_unclaimed(desk)),
        Tick("replies_left_behind", 60, lambda: settle.left_behind(desk)),
        Tick("typed_left_behind", 60, lambda: typed_settle.left_behind(desk)),
        Tick("reviews_left_behind", 60, lambda: solicitations.left_behind(desk)),
        Tick("typed_drafts", 3600, lambda: typed_drafts.forget_old(desk)),
        Tick("bulk", 2, lambda: bulk_sending.send_due(desk)),
        Tick("bulk_previews", 600, lambda: bulk_sending.forget_previews(desk)),
        Tick("agents", 6 * 3600, agents.look),
        Tick("agents_again", 60, agents.look_again),
        Tick("team_groups", 60, team.refresh),
        Tick("oncall_group", 60, group.sync),
        Tick("shifts", 30, lambda: _shifts(desk)),
        Tick("shift_requests", 60, lambda: requests.expire(desk)),
        Tick("digests", 60, lambda: digests.put_due(desk)),
        Tick("coverage", 600, lambda: coverage.warn(desk)),
        Tick("warnings", 600, lambda: streaks.warn(desk)),
        Tick("breaker", 60, lambda: breaker.watch(desk)),
        Tick("do_not_disturb", 60, directory.refresh_quiet),
        Tick("calendars", 900, lambda: fetch_calendars(desk)),
        Tick("figures", 20, lambda: figure_sums.sum_up(desk)),
        Tick("holds", 3600, lambda: holds.end_due(desk)),
        Tick("deliveries", 600, lambda: deliveries.forget(desk)),
        Tick("purge", 3600, lambda: purge.purge(desk)),
        Tick("anchor", 3600, lambda: anchors.put_due(desk)),
        Tick("canaries", 60, lambda: send_due(desk, secrets)),
        Tick("alarms", 60, lambda: alarms.watch(desk, habits, started_at)),
        Tick("second_road", 60, second_road.go),
    )


class Agents:
    """Looks who is who in Slack. A look that got no answer is repeated soon: who is known by an address has no rights
    here before Slack has told whose it is.
    """

    def __init__(self, desk: Desk, directory: Directory) -> None:
        self._desk, self._directory = desk, directory
        self._seen: set[str] = set()
        self._is_over = True
        self._asked_at, self._wait = desk.now(), timedelta(0)

    def look(self) -> None:
        """Who is who, then at once who has rights: a leaver is one only if we saw them here. Raises Unreachable."""
        self._seen, self._is_over = set(), False
        self.look_again()

    def look_again(self) -> None:
        """Go on with a look that broke off, where it did, and not before Slack said: it answers only so many questions
        a minute, and who asks all the same waits longer. Raises Unreachable.
        """
        # A time ahead is of a clock that was set back since: it is no reason to wait.
        if self._is_over or timedelta(0) <= self._desk.now() - self._asked_at < self._wait:
            return
        try:
            self._directory.refresh_agents(self._seen)
        except Unreachable as why:
            self._asked_at = self._desk.now()
            self._wait = timedelta(seconds=why.retry_after or 0) * self._desk.clock.speed
            raise
        membership.look(self._desk)
        self._is_over = True


def _shifts(desk: Desk) -> None:
    """First the cases go to who is on now; then the change of shift is told, with what is left."""
    route.route_waiting(desk)
    handover.shift_changes(desk)


class Clockwork:
    """Runs the ticks while we hold the lease `clock`."""

    def __init__(self, every: tuple[Tick, ...], speed: float, clock: Clock | None = None) -> None:
        """The scheduler plans by the machine's clock, whatever the desk's is."""
        self._clock = clock or RealClock()
        # Its own lines name jobs and times only, but at every tick.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._held: Held | None = None
        for tick in every:
            seconds = max(_SHORTEST_SECONDS, tick.seconds / speed)
            self._scheduler.add_job(self._run, "interval", args=[tick], seconds=seconds, id=tick.name)

    def _run(self, tick: Tick) -> None:
        if self._held is None or not self._held.is_set():
            return
        try:
            with fenced(self._held.lease.fence()):
                tick.work()
        except NotOurs:
            log.warning("tick_undone", tick=tick.name)
        except Exception as error:
            log.error("tick_failed", tick=tick.name, exc_info=error)

    def start(self, held: Held) -> None:
        """Tick while we hold the lease. What a tick stores counts only if the lease is still ours then."""
        self._held = held
        self._scheduler.start()

    def all_due(self) -> None:
        """Let everything run now: whoever begins must look at once what came due while nobody did."""
        now = self._clock.now()
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=now)

    def mind_the_clock(self) -> None:
        """Let run now what was planned by a clock that has been set back since: nobody is pinged until it catches up.

        To be called every few seconds.
        """
        now = self._clock.now()
        for job in self._scheduler.get_jobs():
            if job.next_run_time - now > job.trigger.interval + _SLACK:
                log.warning("clock_was_set_back", tick=job.id)
                job.modify(next_run_time=now)

    def stop(self) -> None:
        """End after the tick that is running; can be called twice."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
