"""A day of 200 buyer messages, replayed: `play` is the day, `python -m tests.dispatch.day_of_200` prints its figures.

Messages arrive over the relay by a fixed profile; people in Beijing and the US are offered cases on their
cards, claim them with the button and answer through the modal. The clock stands still between events: each
arrival, each act of a person, and each tick of five minutes. What the threads of the bot do in a running
program (read, take in, send, tell) is done here between two events, so that the figures are the same each time.
"""

import copy
import heapq
import random
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import select

from bot.clock import monotonic
from bot.db.queries import ledger, outbox
from bot.db.queries import rota as rota_queries
from bot.db.tables import CaseRow, PostRow
from bot.db.tables_shifts import OfferRow
from bot.desk import handover, pings, receive, requests, route, settle
from bot.desk.knowledge import Knowledge
from bot.domain.ledger import Record
from bot.domain.rota import Layer, Rota, RotaAgent, WeeklyShift
from bot.log import set_up
from bot.mail import parse
from bot.sandbox.relay_mails import BuyerMail
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.driver import Post
from bot.sandbox.slack.store import Message, Notice
from bot.sandbox.slack.world import User
from bot.settings.shape import AgentSettings, Settings
from bot.slack.people import Directory
from bot.slack.post import Speaker
from bot.work.lanes import SlackLane
from bot.work.readers import open_mailbox, read_new
from bot.work.replies import send_next
from bot.work.run import Bot, web_client
from tests.office import Office
from tests.office import office as running_office

DAY = datetime(2026, 12, 2, tzinfo=UTC)
"""A Wednesday; no clocks change within days of it."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TICK = timedelta(minutes=5)
SEED = 24
MESSAGES = 200


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the team. The shift is written in wall time of `zone`, which is `offset` hours ahead of UTC all week."""

    key: str
    person: str
    zone: str
    offset: int
    shift: tuple[int, int]
    languages: tuple[str, ...]
    stores: tuple[str, ...] = ("nordlicht", "sunrise")
    role: str = "agent"
    reacts: bool = True


BEIJING, NEW_YORK, LOS_ANGELES = ("Asia/Shanghai", 8), ("America/New_York", -5), ("America/Los_Angeles", -8)
TEAM = (
    Worker("li-wei", "U0LIWEI", *BEIJING, (9, 17), ("zh", "en", "de")),
    Worker("zhao-lei", "U0ZHAOLEI", *BEIJING, (9, 17), ("zh", "en", "es")),
    Worker("chen-yu", "U0CHENYU", *BEIJING, (13, 21), ("zh", "en", "de"), ("nordlicht",)),
    Worker("sun-mei", "U0SUNMEI", *BEIJING, (13, 21), ("zh", "en", "es"), reacts=False),
    Worker("wang-fang", "U0WANG", *BEIJING, (13, 21), ("zh", "en"), role="manager"),
    Worker("anna", "U0ANNA", *NEW_YORK, (8, 16), ("en", "de")),
    Worker("dan", "U0DAN", *NEW_YORK, (8, 16), ("en", "es")),
    Worker("bob", "U0BOB", *LOS_ANGELES, (8, 16), ("en", "es"), ("sunrise",)),
    Worker("carla", "U0CARLA", *LOS_ANGELES, (8, 16), ("en", "es", "de")),
    Worker("erin", "U0ERIN", *LOS_ANGELES, (8, 16), ("en", "zh")),
)
"""In UTC: Beijing 01-09 and 05-13, New York 13-21, Los Angeles 16-24, and nobody from 00:00 to 01:00."""

PROFILE = (
    # hour of the day in UTC -> messages: evenings in the US, mornings in Europe, little else
    *((hour, 10) for hour in range(5)),
    *((hour, 2) for hour in (5, 6)),
    *((hour, 12) for hour in range(7, 11)),
    *((hour, 3) for hour in range(11, 18)),
    *((hour, 6) for hour in range(18, 23)),
    (23, 7),
)
BURSTS = (DAY + 8 * HOUR + 20 * MINUTE, DAY + 23 * HOUR + 15 * MINUTE)
"""When twenty messages come within ten minutes: in the morning of Europe, and shortly before a shift ends."""
IN_A_BURST = 20

WORDS = {
    "en": "Hello, where is my parcel? It was to arrive on Monday and I am still waiting for it. Number {}.",
    "de": "Guten Tag, wo ist mein Paket? Es sollte am Montag kommen, und ich warte immer noch. Nummer {}.",
    "zh": "您好，请问我的包裹在哪里？本来应该星期一送到，我还在等。编号 {}。",
    "es": "Hola, ¿dónde está mi paquete? Tenía que llegar el lunes y todavía lo estoy esperando. Número {}.",
}
ANSWERS = {
    "en": "Hello, thank you for your message. I am sorry about the delay. It arrives on Friday.",
    "de": "Guten Tag, vielen Dank für Ihre Nachricht. Die Verspätung tut mir leid. Das Paket kommt am Freitag an.",
    "zh": "您好，感谢您的来信。很抱歉包裹延误了，它将于周五送达。",
    "es": "Hola, gracias por su mensaje. Siento mucho el retraso. El paquete llega el viernes.",
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that a buyer writes."""

    at: datetime
    marketplace: str
    lang: str


def arrivals() -> list[Arrival]:
    """The 200 messages of the day, in order."""
    dice = random.Random(SEED)
    hours = [hour for hour, many in PROFILE for _ in range(many)]
    instants = [DAY + hour * HOUR + timedelta(seconds=dice.randrange(3600)) for hour in hours]
    for burst in BURSTS:
        instants += [burst + timedelta(seconds=dice.randrange(600)) for _ in range(IN_A_BURST)]
    places = [("DE", "de")] * 2 + [("UK", "en")] * 2 + [("US", "en")] * 3
    places += [("US", "es"), ("US", "zh"), ("DE", "en")]
    return [Arrival(at, *dice.choice(places)) for at in sorted(instants)]


def rota() -> Rota:
    """The shifts of the team, on all days."""
    every = frozenset(range(7))
    layers = (
        Layer(
            one.key,
            one.zone,
            (WeeklyShift(every, one.shift[0] * 60, one.shift[1] * 60, (one.key,)),),
        )
        for one in TEAM
    )
    agents = (
        RotaAgent(
            one.key, one.zone, frozenset(one.stores), frozenset(one.languages), names=frozenset({one.key})
        )
        for one in TEAM
    )
    return Rota(tuple(layers), tuple(agents))


def agents() -> dict[str, AgentSettings]:
    """The section `agents` of the settings."""
    return {
        one.key: AgentSettings.model_validate(
            {
                "name": one.key.replace("-", " ").title(),
                "slack": one.person,
                "zone": one.zone,
                "languages": one.languages,
                "stores": one.stores,
                "role": one.role,
            }
        )
        for one in TEAM
    }


@contextmanager
def day(folder: Path, knowledge: Knowledge) -> Iterator["Day"]:
    """The office before the day begins; `Day.play` lets it pass."""

    def in_shifts(_settings: Settings) -> Rota:
        return rota()

    start = DAY - HOUR
    with running_office(folder, knowledge, start=start, rota=in_shifts, agents=agents()) as office:
        # From here on the day itself does what the bot's threads would; only Slack's calls still come by socket.
        office.bot.stop(10)
        office.sandbox.call(_everybody_is_there)
        Directory(office.desk, web_client(office.desk, office.bot.secrets)).refresh_agents()
        office.bot = Bot(office.desk, office.bot.secrets, ("web",))
        office.bot.start()
        try:
            yield Day(office)
        finally:
            office.bot.stop(10)


def _everybody_is_there(core: Core) -> None:
    for one in TEAM:
        user = User(one.person, one.key, one.key.replace("-", " ").title(), zone=one.zone)
        core.store.users.setdefault(one.person, user)
        # All in English, so that the recount reads one language.
        core.store.users[one.person].locale = "en-US"
        for channel in ("C0NORD", "C0SUNRISE", "C0REVIEW"):
            core.store.channels[channel].members.add(one.person)


@dataclass(frozen=True, slots=True)
class Offer:
    """A case was offered to a person; `ended` as in the table of offers."""

    id: int
    case: int
    person: str
    at: datetime
    reason: str
    ended: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Message200:
    """A message of the day, and what became of it."""

    case: int
    store: str
    lang: str
    arrived: datetime
    alias: str
    answered: tuple[datetime, ...]

    @property
    def due(self) -> datetime:
        return self.arrived + timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Records:
    """What there is to recount from when the day is over."""

    messages: tuple[Message200, ...]
    offers: tuple[Offer, ...]
    ledger: tuple[Record, ...]
    plans: tuple[tuple[datetime, int, str | None], ...]
    """Each change of whom a case waits for."""
    posts: tuple[Message, ...]
    notices: tuple[Notice, ...]
    places: Mapping[str, str]
    """From the id of a channel to its name; "" for direct messages."""
    cards: Mapping[str, int]
    """From the ts of a card to its case."""
    pinged: Mapping[str, int]
    answers: Mapping[int, str]
    """From a case to who answered it."""


class Day:
    """The day as it passes: a clock that jumps from event to event, and people with their own pace."""

    def __init__(self, office: Office) -> None:
        self.office, self.desk, self.clock = office, office.desk, office.clock
        secrets = office.bot.secrets
        client = web_client(self.desk, secrets)
        self._lane = SlackLane(self.desk, Speaker(client), Directory(self.desk, client), gap_s=0.0)
        self._boxes = {name: open_mailbox(box, secrets) for name, box in self.desk.settings.mailboxes.items()}
        self._arrived = threading.Event()
        self._dice = random.Random(SEED)
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._people = {one.person: one for one in TEAM}
        self._buyers: list[BuyerMail] = []
        self._seen_offer = 0
        self._busy: set[str] = set()
        self._forgotten: set[int] = set()
        self._open_taken: set[int] = set()
        self._waits: dict[int, str | None] = {}
        self._plans: list[tuple[datetime, int, str | None]] = []
        self._answers: dict[int, str] = {}

    def play(self) -> Records:
        """Let the day pass, and as much of the next one as it takes to answer all."""
        for one in arrivals():
            self._at(one.at, partial(self._write, one))
        self._at(self.clock.now(), self._tick)
        end = DAY + timedelta(hours=49)
        while self._events and self._events[0][0] < end:
            at, _, act = heapq.heappop(self._events)
            self.clock.advance(at - self.clock.now())
            act()
            self._settle()
            self._notice()
            if len(self.office.relay.sent) == MESSAGES:
                break
        return self._records()

    def _at(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (at, next(self._order), act))

    # What the machine does

    def _write(self, one: Arrival) -> None:
        words = WORDS[one.lang].format(len(self._buyers) + 1)
        self._buyers.append(
            self.office.relay.write_as_buyer(words, marketplace=one.marketplace, lang=one.lang)
        )
        for name, box in self._boxes.items():
            read_new(self.desk, name, box, self._arrived)
        while receive.take_in(self.desk, parse.read):
            pass

    def _tick(self) -> None:
        route.route_waiting(self.desk)
        handover.shift_changes(self.desk)
        requests.expire(self.desk)
        pings.ping_due(self.desk)
        pings.ping_unclaimed(self.desk)
        settle.left_behind(self.desk)
        self._at(self.clock.now() + TICK, self._tick)
        with self.desk.database.reading() as tx:
            busy = set(tx.scalars(select(CaseRow.assignee).where(CaseRow.state == "open")))
        for person in self._people:
            if person in busy:
                self._work(person)

    def _send(self) -> None:
        while send_next(self.desk, self.office.bot.secrets):
            pass

    def _settle(self) -> None:
        """Slack is told all there is to tell."""
        while self._lane.run_once():
            pass

    # What people do

    def _notice(self) -> None:
        """People see what they were offered, and what nobody took."""
        with self.desk.database.reading() as tx:
            new = tx.scalars(
                select(OfferRow).where(OfferRow.id > self._seen_offer).order_by(OfferRow.id)
            ).all()
            cases = tx.scalars(select(CaseRow).where(CaseRow.state == "open")).all()
        for offer in new:
            self._seen_offer = offer.id
            self._react(offer.person, offer.case)
        for case in cases:
            if self._waits.get(case.number) != case.planned_for:
                self._waits[case.number] = case.planned_for
                self._plans.append((self.clock.now(), case.number, case.planned_for))
            if case.offer_kind == "open" and case.assignee is None and case.number not in self._open_taken:
                self._take_up(case)

    def _react(self, person: str, case: int, *, always: bool = False) -> None:
        delay, misses = timedelta(seconds=self._dice.randrange(1800)), self._dice.random() < 0.08
        if always or (self._people[person].reacts and not misses):
            self._at(self.clock.now() + delay, lambda: self._claim(person, case))

    def _take_up(self, case: CaseRow) -> None:
        """Everybody was asked: who has least to do and time for it takes it after a while."""
        soon = self.clock.now() + 45 * MINUTE
        free = [
            (len(self._cases_of(one.person)), one.key, one.person)
            for one in TEAM
            if one.reacts and case.store in one.stores and self._is_on(one) and self._is_on(one, soon)
        ]
        if free and min(free)[0] < 3:
            self._open_taken.add(case.number)
            self._react(min(free)[2], case.number, always=True)

    def _cases_of(self, person: str) -> list[int]:
        """What somebody has to answer, the oldest first."""
        with self.desk.database.reading() as tx:
            found = tx.scalars(
                select(CaseRow.number)
                .where(CaseRow.assignee == person, CaseRow.state == "open")
                .order_by(CaseRow.opened_at, CaseRow.number)
            ).all()
        return [one for one in found if one not in self._answers]

    def _claim(self, person: str, number: int) -> None:
        self._open_taken.discard(number)
        case = self._case(number)
        if case.assignee is not None or case.state != "open" or not self._is_on(self._people[person]):
            return
        self._card(number).click("Claim", by=person)
        self.office.until(lambda: self._case(number).assignee == person)
        if self._dice.random() < 0.08 and case.opened_at < DAY + 4 * HOUR:
            self._forgotten.add(number)
        self._work(person)

    def _work(self, person: str) -> None:
        """Begin with the most urgent of one's cases, if the shift leaves time for it."""
        worker = self._people[person]
        if person in self._busy or not self._is_on(worker):
            return
        mine = [
            one
            for one in self._cases_of(person)
            if one not in self._forgotten or self._was_reminded(person, one)
        ]
        takes = timedelta(seconds=self._dice.randrange(360, 1080))
        done = self.clock.now() + takes
        if mine and self._is_on(worker, done):
            self._busy.add(person)
            self._at(done, lambda: self._finish(person, mine[0]))

    def _was_reminded(self, person: str, case: int) -> bool:
        """A ping brings back to mind what was claimed and forgotten."""
        return any(f"ase {case}" in one.text for one in self.office.ws.user(person).notifications()[-20:])

    def _finish(self, person: str, number: int) -> None:
        self._busy.discard(person)
        case = self._case(number)
        if case.assignee == person and case.state == "open" and number not in self._answers:
            self._answer(person, number, case.lang or "en")
        self._work(person)

    def _answer(self, person: str, number: int, lang: str) -> None:
        form = self._card(number).click("case.reply", by=person).modal
        form.fill("form.text", ANSWERS.get(lang, ANSWERS["en"]))
        preview = form.submit().modal
        assert preview is not None, form.plain
        assert preview.view["submit"], preview.plain
        ended = preview.submit()
        assert ended.closed, ended.modal and ended.modal.plain
        self._answers[number] = person
        # The undo window, and then it leaves.
        self._at(self.clock.now() + MINUTE, self._send)

    def _is_on(self, worker: Worker, at: datetime | None = None) -> bool:
        return is_on(worker, at or self.clock.now())

    def _case(self, number: int) -> CaseRow:
        with self.desk.database.reading() as tx:
            return tx.get_one(CaseRow, number)

    def _card(self, number: int) -> Post:
        with self.desk.database.reading() as tx:
            row = outbox.post_of(tx, f"card:{number}")
        assert row is not None, f"case {number} has no card"
        found = self.office.sandbox.call(lambda core: copy.deepcopy(core.store.message(row.channel, row.ts)))
        return Post(self.office.sandbox, found)

    # What is left of it

    def _records(self) -> Records:
        with self.desk.database.reading() as tx:
            cases = tx.scalars(select(CaseRow).order_by(CaseRow.number)).all()
            offers = tx.scalars(select(OfferRow).order_by(OfferRow.id)).all()
            told = tuple(record for record, _hash in ledger.records(tx))
            cards = tx.scalars(select(PostRow).where(PostRow.key.startswith("card:"))).all()
            pinged = rota_queries.pings_of(tx, DAY - HOUR)
        written = {one.alias: one for one in self._buyers}
        return Records(
            messages=tuple(self._message(one, written[str(one.buyer_alias)]) for one in cases),
            offers=tuple(
                Offer(one.id, one.case, one.person, one.at, one.reason, one.ended, one.ended_at)
                for one in offers
            ),
            ledger=told,
            plans=tuple(self._plans),
            posts=tuple(self.office.sandbox.call(_all_posts)),
            notices=tuple(one for who in self._people for one in self.office.ws.user(who).notifications()),
            places=self.office.sandbox.call(
                lambda core: {key: one.name for key, one in core.store.channels.items()}
            ),
            cards={row.ts: int(row.key.partition(":")[2]) for row in cards},
            pinged=pinged,
            answers=dict(self._answers),
        )

    def _message(self, case: CaseRow, written: BuyerMail) -> Message200:
        sent = tuple(one.at for one in self.office.relay.sent if one.to == written.alias)
        return Message200(case.number, str(case.store), str(case.lang), written.at, written.alias, sent)


def _all_posts(core: Core) -> list[Message]:
    return [copy.deepcopy(one) for posts in core.store.messages.values() for one in posts.values()]


def is_on(worker: Worker, at: datetime) -> bool:
    """Whether somebody is on shift, straight from the table above: the whole hours of their own wall clock."""
    begins, ends = worker.shift
    return begins <= (at + worker.offset * HOUR).hour < ends


def main() -> None:
    """Play the day and print its figures."""
    from tests import world
    from tests.dispatch.day_recount import report

    set_up("error")
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder, day(Path(folder), world.knowledge()) as one:
        records = one.play()
    sys.stdout.write(f"{report(records)}\nplayed in {monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
