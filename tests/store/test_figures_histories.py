"""Random histories: the figures are those of a recount in plain Python, summed up or not, at every moment.

Both engines. Answers, bounces weeks after, excuses, merges and splits, copies, edits by raw SQL, and two clocks
that sum days up in between.
"""

import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import count

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.clock import FixedClock
from bot.db.tables import CaseRow, DeadlineRow, ReplyRow
from bot.desk import Desk, assign, close, figures, merging
from bot.desk.figure_sums import MANY, sum_up
from bot.domain.mail import Kind
from bot.domain.sla import DIMENSIONS, Tally
from bot.errors import Reply24Error
from tests.store.figures_recount import Raw, read_all, recount
from tests.store.test_merging import answer
from tests.world import ANNA, LI_WEI, WANG, Post, buyer_mail

STEPS = 18


def same_as_recount(desk: Desk, *dimensions: str) -> None:
    """Compare every figure of every period, value and store."""
    raw, now = read_all(desk.database), desk.now()
    zones = {key: one.zone for key, one in desk.settings.stores.items()}
    with desk.database.reading() as tx:
        for store in (None, *zones):
            mine = zones if store is None else {store: zones[store]}
            for by in dimensions:
                found = _flat(broken_down(tx, desk, store, by))
                expected = _expected(raw, mine, now, by)
                assert set(found.items()) ^ set(expected.items()) == set(), f"{store} by {by}"
            whole = _flat([("", figures.periods(tx, desk, store))])
            assert whole.items() >= _expected(raw, mine, now, "").items(), store


def broken_down(
    tx: Session, desk: Desk, store: str | None, by: str
) -> tuple[tuple[str, figures.Periods], ...]:
    """As a board does it."""
    return figures.broken_down(figures.pieces(tx, desk, store, by), by)


def by_day(found: figures.Pieces, store: str) -> dict[date, Tally]:
    """The days of a store."""
    return {found.today[store] - timedelta(days=ago): one for ago, one in enumerate(found.days[store])}


def _expected(raw: Raw, zones: dict[str, str], now: datetime, by: str) -> dict[tuple[str, str, str], object]:
    return {
        (value, period, name): number
        for value, periods in recount(raw, zones, now, by).items()
        for period, numbers in periods.items()
        for name, number in numbers.items()
    }


def _flat(rows: Iterable[tuple[str, figures.Periods]]) -> dict[tuple[str, str, str], object]:
    return {
        (value, period, name): number
        for value, periods in rows
        for period, one in periods
        for name, number in asdict(one).items()
    }


@dataclass
class Life:
    """One history of a few buyers."""

    desk: Desk
    clock: FixedClock
    post: Post
    roll: random.Random
    name: str
    written: int = 0

    def _pick(self, state: str | None = None) -> CaseRow | None:
        with self.desk.database.reading() as tx:
            query = select(CaseRow).where(CaseRow.kind == "buyer")
            rows = list(tx.scalars(query.where(CaseRow.state == state) if state else query))
        return self.roll.choice(rows) if rows else None

    def write(self) -> None:
        thread, store = self.roll.randrange(4), self.roll.choice(("nordlicht", "sunrise"))
        place = self.roll.choice(("DE", "FR")) if store == "nordlicht" else "US"
        late = self.roll.choice((0, 0, 20, 20, 300, 1400, 1439, 1441, 2900))
        self.post.deliver(
            buyer_mail(
                self.roll.choice(("Where is my parcel?", "I want a refund", "It is broken", "Thanks!")),
                order_id=f"305-{self.name}-000000{thread}",
                amazon_case_id=f"{self.name}-{store}-{thread}",
                buyer_base=f"{self.name}{store}@m.example",
                buyer_alias=f"{self.name}{store}+{thread}@m.example",
                marketplace=place,
            ),
            mailbox=store,
            late=timedelta(minutes=late, microseconds=self.roll.randrange(999_999)),
        )
        self.written += 1

    def claim(self) -> None:
        if case := self._pick("open"):
            assign.claim(self.desk, case.number, by=self.roll.choice((ANNA, LI_WEI)))

    def assign(self) -> None:
        if case := self._pick("open"):
            assign.assign(self.desk, case.number, ANNA, by=WANG)

    def reply(self) -> None:
        if case := self._pick("open"):
            answer(self.desk, self.clock, case.number, then_close=self.roll.random() < 0.8)

    def excuse(self) -> None:
        if case := self._pick("open"):
            close.no_response_needed(self.desk, case.number, by=ANNA)

    def reopen(self) -> None:
        if case := self._pick("closed"):
            close.reopen(self.desk, case.number, by=ANNA)

    def bounce(self) -> None:
        with self.desk.database.reading() as tx:
            rows = list(tx.scalars(select(ReplyRow).where(ReplyRow.state == "accepted")))
            store = {row.number: row.store for row in tx.scalars(select(CaseRow))}
        if rows:
            row = self.roll.choice(rows)
            mail = buyer_mail(
                kind=Kind.BOUNCE,
                failed_message_id=row.message_id,
                failure="no such box",
                failure_is_final=True,
            )
            self.post.deliver(mail, mailbox=store[row.case] or "nordlicht")

    def copy(self) -> None:
        if case := self._pick("open"):
            mail = buyer_mail("Typed over there", kind=Kind.REPLY_COPY, order_id=case.order_id)
            self.post.deliver(mail, mailbox=case.store or "nordlicht")

    def merge(self) -> None:
        one, into = self._pick("open"), self._pick("open")
        if one and into and one.number != into.number:
            merging.merge(self.desk, one.number, into.number, by=ANNA)

    def separate(self) -> None:
        with self.desk.database.reading() as tx:
            rows = list(tx.scalars(select(CaseRow).where(CaseRow.merged_into.is_not(None))))
        if rows:
            merging.separate(self.desk, self.roll.choice(rows).number, by=ANNA)

    def split(self) -> None:
        with self.desk.database.reading() as tx:
            duties = list(tx.scalars(select(DeadlineRow)))
        if duties:
            one = self.roll.choice(duties)
            merging.split(self.desk, one.case, [one.message], by=ANNA)

    def edit(self) -> None:
        """What no function of the desk does: by hand, in the tables."""
        edits = (
            "UPDATE deadlines SET store = 'sunrise' WHERE message = :one",
            "UPDATE deadlines SET counted = NOT counted WHERE message = :one",
            "UPDATE deadlines SET shift = 'night' WHERE message = :one",
            "UPDATE deadlines SET late_on_arrival = NOT late_on_arrival WHERE message = :one",
            "UPDATE messages SET topic = 'legal' WHERE id = :one",
            'UPDATE messages SET "case" = (SELECT min(number) FROM cases) WHERE id = :one',
            "UPDATE cases SET marketplace = 'UK' WHERE number = (SELECT \"case\" FROM messages WHERE id = :one)",
            "DELETE FROM deadlines WHERE message = :one",
        )
        with self.desk.database.writing() as tx:
            messages = list(tx.scalars(select(DeadlineRow.message)))
            if messages:
                tx.execute(text(self.roll.choice(edits)), {"one": self.roll.choice(messages)})

    def sum_up(self) -> None:
        sum_up(self.desk, limit=self.roll.choice((1, 60, 300)), many=self.roll.choice((0, MANY)))

    def step(self) -> None:
        acts: list[Callable[[], None]] = [self.write] * 4 + [self.reply] * 4 + [self.sum_up] * 3
        acts += [self.claim, self.assign, self.excuse, self.reopen, self.bounce, self.bounce, self.copy]
        acts += [self.merge, self.separate, self.split, self.edit]
        with suppress(Reply24Error):  # a click that came too late; that it is refused is tested elsewhere
            self.roll.choice(acts)()
        if self.roll.random() < 0.7:
            self.clock.advance(timedelta(minutes=self.roll.choice((0, 7, 61, 400, 1440, 4000, 12_000))))


def test_the_figures_are_those_of_a_recount(desk: Desk, clock: FixedClock, post: Post) -> None:
    names = count(1)

    @settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))
    @given(seed=st.integers(0, 2**32))
    def history(seed: int) -> None:
        life = Life(desk, clock, post, random.Random(seed), f"{next(names):07}")
        for step in range(STEPS):
            life.step()
            if step % 3 == 2:
                same_as_recount(desk, "", life.roll.choice((*DIMENSIONS, "store")))
        sum_up(desk, limit=400)
        same_as_recount(desk, *DIMENSIONS)

    history()
