"""Random histories: what days, queue, losses and people of today count is what plain Python counts over the raw rows.

Both engines. The figures of boards have their twin in `test_figures_histories`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, pairwise
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.clock import FixedClock
from bot.db.queries import days, present
from bot.db.queries import digests as digest_queries
from bot.db.tables import DeadlineRow
from bot.desk import Desk, digests, figures, read
from bot.domain import sla, zones
from bot.domain.streaks import Counts
from tests.store.figures_recount import Raw, read_all
from tests.store.test_figures_histories import Life
from tests.store.test_same_counts import counts
from tests.world import Post

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STEPS = 24


class Clicked(Life):
    """A history in which nobody edits tables by hand."""

    def edit(self) -> None:
        pass


@dataclass(frozen=True)
class Shop:
    """One store of a desk, as it stands now, and its duties that are in figures."""

    desk: Desk
    store: str
    zone: str
    now: datetime
    raw: Raw

    @property
    def duties(self) -> list[DeadlineRow]:
        return [one for one in self.raw.duties if one.store == self.store and one.counted]

    def of_days(self, first: datetime, last: datetime) -> Counts:
        """Of the days of these instants by the store's clock, both included."""
        zone = ZoneInfo(self.zone)
        span = first.astimezone(zone).date(), last.astimezone(zone).date()
        own = [one for one in self.duties if span[0] <= one.anchor.astimezone(zone).date() <= span[1]]
        return counted([one for one in own if not one.late_on_arrival], self.now)


def counted(duties: Sequence[DeadlineRow], now: datetime) -> Counts:
    states = [one.state for one in duties]
    overdue = sum(one.state == "open" and one.due_at < now for one in duties)
    met, missed, still, excused = (states.count(word) for word in ("met", "missed", "open", "excused"))
    whole = [(one.anchor, one.answered_at) for one in duties if one.answered_at]
    took = (int(end.timestamp()) - int(start.timestamp()) for start, end in whole)
    return Counts(met, missed, overdue, still - overdue, excused, sum(max(0, one) for one in took))


def same_days(shop: Shop) -> None:
    today = zones.local(shop.now, shop.zone).date()
    with shop.desk.database.reading() as tx:
        found = days.days_of(tx, shop.store, shop.zone, today - 9 * DAY, today + DAY, shop.now)
    for one in found:
        noon = zones.day_at(one.day, shop.zone, 12)
        told = digests.day_of(shop.desk, shop.store, one.day).stores[0].figures
        assert one.counts == counts(told) == shop.of_days(noon, noon), one.day
    monday = today - today.weekday() * DAY
    week = read.board(shop.desk, shop.store).standings[0].week
    assert week == shop.of_days(zones.day_at(monday, shop.zone, 12), shop.now)


def same_queue(shop: Shop) -> None:
    due: dict[int, datetime] = {}
    for one in shop.raw.duties:
        if one.state == "open" and one.store == shop.store:
            due[one.case] = min(one.due_at, due.get(one.case, one.due_at))
    with shop.desk.database.reading() as tx:
        queue = present.queue(tx, shop.store, shop.now)
        risky = [(case.number, at) for case, at in present.at_risk(tx, shop.store, shop.now, 100)]
        waiting = digest_queries.waiting(tx, shop.now).get(shop.store, (0, 0))
    left = [at - shop.now for at in due.values()]
    edges = [timedelta(0), *sla.BANDS[:-1]]
    up_to = [sum(one < edge or (one == edge and edge > edges[0]) for one in left) for edge in edges]
    within = (up_to[0], *(b - a for a, b in pairwise(up_to)), len(left) - up_to[-1])
    assert queue.by_time_left == within
    assert queue.unclaimed == sum(shop.raw.cases[number].assignee is None for number in due)
    soon = [(at, number) for number, at in due.items() if at <= shop.now + 3 * HOUR]
    assert risky == [(number, at) for at, number in sorted(soon)]
    assert waiting == (len(due), sum(at < shop.now for at in due.values()))


def same_losses_and_people(shop: Shop) -> None:
    midnight, said = zones.day_start(shop.now, shop.zone), "reply:"
    lost = [
        one.due_at
        for one in shop.duties
        if one.state in ("missed", "open") and not one.late_on_arrival and one.due_at < shop.now
    ]
    replies: dict[str, set[int]] = {}
    for one in shop.duties:
        if one.answered_at and one.answered_at >= midnight and (one.closed_by or "").startswith(said):
            row = shop.raw.replies[int((one.closed_by or "").removeprefix(said))]
            replies.setdefault(row.author, set()).add(row.id)
    with shop.desk.database.reading() as tx:
        found = days.lost_since(tx, shop.store, (shop.now - 6 * HOUR, shop.now - DAY), shop.now)
        people = figures.answered_today(tx, shop.desk, shop.store, shop.now)
    assert found == [sum(at >= shop.now - span for at in lost) for span in (6 * HOUR, DAY)]
    assert {who: one.replies for who, one in people.items()} == {
        who: len(own) for who, own in replies.items()
    }


def test_what_is_counted_is_what_the_rows_say(staffed: Desk, clock: FixedClock) -> None:
    names, post = count(1), Post(staffed, clock)

    @settings(max_examples=2, deadline=None, phases=(Phase.explicit, Phase.generate))
    @given(seed=st.integers(0, 2**32))
    def history(seed: int) -> None:
        life = Clicked(staffed, clock, post, random.Random(seed), f"{next(names):07}")
        clock.advance(life.roll.randrange(100 * 24) * HOUR)
        for step in range(STEPS):
            life.step()
            if step % 6 == 5:
                raw = read_all(staffed.database)
                for store, one in staffed.settings.stores.items():
                    shop = Shop(staffed, store, one.zone, staffed.now(), raw)
                    same_days(shop)
                    same_queue(shop)
                    same_losses_and_people(shop)

    history()
