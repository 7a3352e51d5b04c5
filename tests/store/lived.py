"""A desk with shifts as it is lived: cases made by hand, rotas of one line each, what stands in its tables."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import OutboxRow
from bot.db.tables_shifts import HandoverRow
from bot.desk import Desk
from bot.domain.mail import Mail
from bot.domain.rota import Layer, Rota, WeeklyShift
from tests.world import Post, buyer_mail, rota

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERY_DAY = frozenset(range(7))


def layer(name: str, start_h: float, end_h: float, *agents: str, **more: object) -> Layer:
    """A layer that is worked every day from one hour to another, UTC unless told otherwise."""
    zone = str(more.pop("zone", "UTC"))
    shift = WeeklyShift(EVERY_DAY, round(start_h * 60), round(end_h * 60), agents)
    return replace(Layer(name, zone, (shift,)), **more)


def rota_of(*layers: Layer) -> Rota:
    """The invented team in other shifts."""
    return replace(rota(), layers=layers)


def with_rota(desk: Desk, *layers: Layer, **rules: object) -> Desk:
    """The desk with other shifts, and other numbers of config/rota.yaml."""
    shifts = desk.settings.shifts.model_copy(update=rules)
    update = {"rota": rota_of(*layers) if layers else desk.settings.rota, "shifts": shifts}
    return replace(desk, settings=desk.settings.model_copy(update=update))


class Inbox:
    """Buyers who write; each message opens a case of its own."""

    def __init__(self, desk: Desk, clock: FixedClock) -> None:
        self._post, self._count = Post(desk, clock), 0

    def deliver(self, mail: Mail) -> None:
        """Any other mail."""
        self._post.deliver(mail)

    def case(self, store: str = "nordlicht", *, late: timedelta = timedelta(0)) -> int:
        """A new case's number; it arrived `late` before now, and is due 24 hours after that."""
        self._count += 1
        one = self._count
        place = {"nordlicht": "DE", "sunrise": "US"}[store]
        mail = buyer_mail(
            amazon_case_id=f"case-{one}",
            order_id=f"305-0000000-{one:07}",
            buyer_alias=f"buyer{one}+case-{one}@marketplace.amazon.de",
            buyer_base=f"buyer{one}@marketplace.amazon.de",
            marketplace=place,
            recipients=(f"support@{store}.example",),
        )
        self._post.deliver(mail, mailbox=store, late=late)
        return 1000 + one


def go_to(clock: FixedClock, instant: datetime) -> None:
    """Move the clock on to an instant."""
    clock.advance(instant - clock.now())


def walk(clock: FixedClock, until: datetime, step: timedelta, *ticks: Callable[[], object]) -> None:
    """Move the clock in steps, and let the ticks run at each."""
    while clock.now() < until:
        clock.advance(min(step, until - clock.now()))
        for tick in ticks:
            tick()


def keys(desk: Desk, *kinds: str) -> list[str]:
    """What waits to be told, of these kinds, in the order in which it was put."""
    with desk.database.reading() as tx:
        found = tx.scalars(select(OutboxRow.key).order_by(OutboxRow.id)).all()
    return [key for key in found if key.partition(":")[0] in kinds]


def told(desk: Desk) -> None:
    """As if Slack had been told everything."""
    with desk.database.writing() as tx:
        for row in tx.scalars(select(OutboxRow)):
            tx.delete(row)


def handovers(desk: Desk) -> list[HandoverRow]:
    """All shift changes, oldest first."""
    with desk.database.reading() as tx:
        return list(tx.scalars(select(HandoverRow).order_by(HandoverRow.at, HandoverRow.channel)))
