"""Random histories of mails, merges, splits, replies and their undoing: no message is lost, no clock gets later.

Both engines. A naive twin counts; each history has a buyer of its own with up to four conversations.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import CaseRow, DeadlineRow, MessageRow
from bot.desk import Desk, close, merging, read
from bot.errors import Stale, WrongInput
from tests.store.test_merging import answer
from tests.world import ANNA, LI_WEI, Post, buyer_mail

STEPS = 14


@dataclass
class Life:
    """One history, and what the twin has seen so far."""

    desk: Desk
    clock: FixedClock
    post: Post
    roll: random.Random
    name: str
    first_case: int
    written: int = 0
    due: dict[int, datetime] = field(default_factory=dict)
    aliases: dict[int, str | None] = field(default_factory=dict)

    def cases(self) -> list[CaseRow]:
        with self.desk.database.reading() as tx:
            found = tx.scalars(
                select(CaseRow).where(CaseRow.number >= self.first_case).order_by(CaseRow.number)
            )
            return list(found)

    def write(self) -> None:
        thread = self.roll.randrange(3)
        self.post.deliver(
            buyer_mail(
                f"Message {self.written}",
                order_id=f"305-{self.name}-000000{thread}",
                amazon_case_id=f"{self.name}-{thread}",
                buyer_base=f"{self.name}@m.example",
                buyer_alias=f"{self.name}+{thread}@m.example",
            ),
            late=timedelta(minutes=self.roll.randrange(60)),
        )
        self.written += 1

    def merge(self) -> None:
        rows = [row for row in self.cases() if row.state == "open"]
        if len(rows) < 2:
            return
        one, into = self.roll.sample(rows, 2)
        before = read.board(self.desk).periods
        merging.merge(self.desk, one.number, into.number, by=ANNA)
        assert read.board(self.desk).periods == before
        if self.roll.random() < 0.4:
            places = self.places()
            merging.separate(self.desk, one.number, by=LI_WEI)
            assert read.board(self.desk).periods == before
            merging.merge(self.desk, one.number, into.number, by=ANNA)
            assert self.places() == places

    def separate(self) -> None:
        rows = [row for row in self.cases() if row.merged_into is not None]
        if rows:
            merging.separate(self.desk, self.roll.choice(rows).number, by=ANNA)

    def split(self) -> None:
        rows = [row for row in self.cases() if row.state == "open"]
        if not rows:
            return
        case = read.case(self.desk, self.roll.choice(rows).number)
        count = self.roll.randint(1, len(case.messages))
        chosen = [one.id for one in self.roll.sample(list(case.messages), count)]
        try:
            merging.split(self.desk, case.number, chosen, by=ANNA)
        except WrongInput as why:
            assert why.key in ("split_all", "split_addresses", "split_answered")  # noqa: PT017 - any of these is right

    def reply(self) -> None:
        rows = [row for row in self.cases() if row.state == "open"]
        if not rows:
            return
        number = self.roll.choice(rows).number
        before = {one.id: one.deadline_state for one in read.case(self.desk, number).messages}
        letter = answer(self.desk, self.clock, number, then_close=self.roll.random() < 0.5)
        self.check_answered(before, letter.to)

    def check_answered(self, before: dict[int, str | None], to: str) -> None:
        """What came to that address is answered, and nothing else."""
        with self.desk.database.reading() as tx:
            rows = tx.execute(
                select(DeadlineRow.message, DeadlineRow.state).where(DeadlineRow.message.in_(before))
            ).all()
        for message, state in rows:
            if before[message] == "open":
                assert (state != "open") == (self.aliases[message] == to)

    def excuse(self) -> None:
        rows = [row for row in self.cases() if row.state == "open"]
        if rows and self.roll.random() < 0.3:
            close.no_response_needed(self.desk, self.roll.choice(rows).number, by=ANNA)

    def step(self) -> None:
        acts = (
            [self.write] * 3 + [self.merge] * 3 + [self.separate, self.split, self.excuse] + [self.reply] * 2
        )
        try:
            self.roll.choice(acts)()
        except Stale as why:
            assert why.key in ("reply_on_its_way", "merged_into")  # noqa: PT017 - any of these is right
        self.clock.advance(timedelta(minutes=self.roll.randrange(1, 40)))

    def places(self) -> list[tuple[int, int, int]]:
        with self.desk.database.reading() as tx:
            rows = tx.execute(
                select(MessageRow.id, MessageRow.case, DeadlineRow.case)
                .join(DeadlineRow, DeadlineRow.message == MessageRow.id)
                .where(MessageRow.case >= self.first_case)
                .order_by(MessageRow.id)
            )
            return [(row[0], row[1], row[2]) for row in rows]

    def check(self) -> None:
        rows = {row.number: row for row in self.cases()}
        places = self.places()
        assert len(places) == self.written, "no message is lost, none is there twice"
        for _message, came_to, waits_in in places:
            assert waits_in == self.root(rows, came_to)
            assert rows[waits_in].merged_into is None
        seen: list[int] = []
        for number, row in rows.items():
            case = read.case(self.desk, number)
            is_open = any(one.deadline_state == "open" for one in case.messages)
            if row.merged_into is None:
                seen += [one.id for one in case.messages]
                assert row.state == "open" or not is_open, "what waits is in an open case"
                assert case.due_at == min(
                    (one.due_at for one in case.messages if one.due_at and one.deadline_state == "open"),
                    default=None,
                )
            else:
                assert (row.state, case.due_at) == ("closed", None)
            assert case.messages, "no case without a message"
            for one in case.messages:
                assert one.due_at is not None
                assert self.due.setdefault(one.id, one.due_at) == one.due_at, "a clock moved"
        assert sorted(seen) == [message for message, _came, _waits in places], "each message is in one case"
        self.check_queue(rows)
        self.check_aliases()

    def check_aliases(self) -> None:
        """Each message keeps the address that it came to."""
        with self.desk.database.reading() as tx:
            found = tx.execute(
                select(MessageRow.id, CaseRow.buyer_alias)
                .join(CaseRow, CaseRow.number == MessageRow.case)
                .where(CaseRow.number >= self.first_case)
            ).all()
        for message, alias in found:
            assert self.aliases.setdefault(message, alias) == alias

    @staticmethod
    def root(rows: dict[int, CaseRow], number: int) -> int:
        into = rows[number].merged_into
        return number if into is None else Life.root(rows, into)

    def check_queue(self, rows: dict[int, CaseRow]) -> None:
        """Open messages = the sum over the cases in the queue."""
        with self.desk.database.reading() as tx:
            query = select(DeadlineRow.case).where(
                DeadlineRow.state == "open", DeadlineRow.case >= self.first_case
            )
            waiting = list(tx.scalars(query))
        queued = [line.number for line in read.queue(self.desk) if line.number in rows]
        assert sorted(set(waiting)) == sorted(queued)
        counted = sum(
            one.deadline_state == "open" for number in queued for one in read.case(self.desk, number).messages
        )
        assert counted == len(waiting)


def test_no_message_is_lost_and_no_clock_gets_later(desk: Desk, clock: FixedClock, post: Post) -> None:
    names = count(1)

    @settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate))
    @given(seed=st.integers(0, 2**32))
    def history(seed: int) -> None:
        with desk.database.reading() as tx:
            last = max(tx.scalars(select(CaseRow.number)), default=1000)
        life = Life(desk, clock, post, random.Random(seed), f"{next(names):07}", last + 1)
        life.write()
        life.check()
        for _step in range(STEPS):
            life.step()
            life.check()

    history()
