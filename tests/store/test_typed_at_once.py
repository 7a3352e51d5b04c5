"""People, workers, ticks and the switch at the same typed messages at once: nothing breaks, nothing leaves twice."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Lock, Thread

import pytest

from bot.clock import FixedClock
from bot.desk import Desk, manual, read, typed, typed_drafts, typed_settle
from bot.errors import Reply24Error
from tests.store.test_orders import other, with_api
from tests.store.typed_words import INVOICE, LATE, outgoing
from tests.world import ANNA, CHEN, LI_WEI, WANG, Post, buyer_mail

ROUNDS, STEPS = 4, 25


class World:
    """What everybody does at once. `left` counts how often each message was on its way to Amazon."""

    def __init__(self, desk: Desk, clock: FixedClock, chance: random.Random) -> None:
        self.desk, self.clock, self.chance = desk, clock, chance
        self.left: Counter[int] = Counter()
        self.broken: list[Exception] = []
        self._lock = Lock()

    def sends(self, by: str) -> None:
        case = self.chance.choice((1001, 1002))
        message = self.chance.choice((LATE, INVOICE))
        shown = typed.preview(self.desk, case, message, by=by)
        typed.send(self.desk, case, outgoing(shown, by_hand=True), by=by)

    def calls_back(self) -> None:
        every = [one.id for case in (1001, 1002) for one in read.case(self.desk, case).typed]
        if every:
            typed.cancel(self.desk, self.chance.choice(every), by=LI_WEI)

    def works(self) -> None:
        self.clock.advance(timedelta(minutes=1))
        one = typed_settle.take(self.desk, "nordlicht")
        if one is None:
            return
        typed_settle.depart(self.desk, one)
        with self._lock:
            self.left[one.id] += 1
        ends: list[Callable[[], None]] = [
            lambda: typed_settle.accepted(self.desk, one, ""),
            lambda: typed_settle.refused(self.desk, one, "no", "400"),
            lambda: typed_settle.unsure(self.desk, one, "503"),
            lambda: None,
        ]
        self.chance.choice(ends)()

    def switches(self) -> None:
        manual.switch_on(self.desk, "nordlicht", "odd", by=WANG)
        manual.switch_off(self.desk, "nordlicht", "fine", by=WANG)

    def ticks(self) -> None:
        self.clock.advance(timedelta(minutes=7))
        typed_settle.left_behind(self.desk)
        typed_drafts.forget_old(self.desk)

    def lives(self, start: Barrier, *acts: Callable[[], None]) -> None:
        start.wait()
        for _step in range(STEPS):
            try:
                self.chance.choice(acts)()
            except Reply24Error:
                continue
            except Exception as error:  # noqa: BLE001 - a thread's error would be lost
                self.broken.append(error)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_all_at_once(desk: Desk, clock: FixedClock, seed: int) -> None:
    desk = with_api(desk, "nordlicht")
    post = Post(desk, clock)
    post.deliver(buyer_mail(), other())
    world = World(desk, clock, random.Random(seed))
    start = Barrier(6)
    lives = [
        [lambda: world.sends(LI_WEI)],
        [lambda: world.sends(CHEN), world.calls_back],
        [lambda: world.sends(ANNA), world.switches],
        [world.works],
        [world.works, world.ticks],
        [world.calls_back, world.ticks],
    ]
    threads = [Thread(target=world.lives, args=(start, *acts)) for acts in lives]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert world.broken == []
    assert all(count == 1 for count in world.left.values()), world.left
    ended = {one.id: one.state for case in (1001, 1002) for one in read.case(desk, case).typed}
    assert all(ended[number] not in ("withdrawn", "held", "preparing") for number in world.left)
