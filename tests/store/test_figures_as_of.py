"""The figures of a past instant are those that stood on the boards then. Both engines.

Where nothing was undone since: of what was excused, reopened or came back the rows do not tell how it stood.
"""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.clock import FixedClock
from bot.desk import Desk, figures, read
from bot.domain.sla import DIMENSIONS
from bot.errors import Reply24Error
from tests.store.test_figures_histories import Life, _flat
from tests.store.test_merging import answer
from tests.world import ANNA, Post, buyer_mail

STEPS = 16


class Prompt(Life):
    """A history whose mails are read as soon as they arrive, and in which nothing is undone."""

    def write(self) -> None:
        thread, store = self.roll.randrange(4), self.roll.choice(("nordlicht", "sunrise"))
        mail = buyer_mail(
            self.roll.choice(("Where is my parcel?", "It is broken")),
            order_id=f"305-{self.name}-000000{thread}",
            amazon_case_id=f"{self.name}-{store}-{thread}",
            buyer_base=f"{self.name}{store}@m.example",
            buyer_alias=f"{self.name}{store}+{thread}@m.example",
        )
        self.post.deliver(mail, mailbox=store)

    def step(self) -> None:
        acts = [self.write] * 4 + [self.reply] * 4 + [self.claim, self.assign, self.copy, self.sum_up]
        with suppress(Reply24Error):  # a click that came too late
            self.roll.choice(acts)()
        self.clock.advance(timedelta(minutes=self.roll.choice((1, 7, 61, 400, 1440, 4000))))


def board_of(desk: Desk, by: str, as_of: datetime | None = None) -> dict[tuple[str, str, str], object]:
    """What is not nothing on a board."""
    with desk.database.reading() as tx:
        found = figures.broken_down(figures.pieces(tx, desk, None, by, as_of), by)
    return {key: number for key, number in _flat(found).items() if number}


def test_the_past_is_what_it_was(desk: Desk, clock: FixedClock, post: Post) -> None:
    names = count(1)

    @settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))
    @given(seed=st.integers(0, 2**32))
    def history(seed: int) -> None:
        life = Prompt(desk, clock, post, random.Random(seed), f"{next(names):07}")
        seen = []
        for _step in range(STEPS):
            life.step()
            by = life.roll.choice(("", "store", *DIMENSIONS))
            seen.append((desk.now(), by, board_of(desk, by)))
            clock.advance(timedelta(seconds=1))
        for at, by, then in seen:
            assert board_of(desk, by, at) == then, f"by {by} at {at}"

    history()


def test_nobody_had_answered_yet(desk: Desk, clock: FixedClock, post: Post) -> None:
    post.deliver(buyer_mail("Where is my parcel?"))
    clock.advance(timedelta(hours=1))
    before = desk.now()
    clock.advance(timedelta(hours=1))
    answer(desk, clock, 1001)
    past, now = (read.board(desk, None, at, by="agent") for at in (before, None))
    assert [value for value, _periods in past.breakdown] == [""]
    assert [value for value, _periods in now.breakdown] == [ANNA]
    assert (ANNA, 0, 0) in past.people
    assert (ANNA, 0, 1) in now.people
    assert not past.medians
