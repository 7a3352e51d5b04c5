"""The day of 200 messages counted a second time, by nothing but its records and the shifts as they are written.

No timetable, no routing: whether somebody works is asked minute by minute. Where two things happened at the
same instant the recount can't know which was first; it then counts in favour of the bot.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sandbox.slack.mrkdwn import mentions
from bot.sandbox.slack.store import Message
from tests.dispatch.day_of_200 import MINUTE, TEAM, Message200, Offer, Records, Worker, is_on

HANDLE_MINUTES = 12
"""What one answer takes by the settings."""
WORKERS = {one.person: one for one in TEAM}
PING_WORDS = ("still waits for an answer", "Answer it now", "Nobody has claimed this yet")
LIST_WORDS = "These buyer messages need an answer now"
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """A case was somebody's (offered, claimed or planned) for a time. `offer`: the number of the offer."""

    case: int
    person: str
    start: datetime
    end: datetime
    offer: int = 0


def minutes_left(worker: Worker, at: datetime) -> int:
    """How many minutes of the running shift are left."""
    minutes = 0
    while is_on(worker, at + minutes * MINUTE):
        minutes += 1
    return minutes


def minutes_on(worker: Worker, start: datetime, end: datetime) -> int:
    """How many minutes somebody works in [start, end)."""
    every = int((end - start) / MINUTE)
    return sum(is_on(worker, start + minute * MINUTE) for minute in range(every))


class Recount:
    """What was whose when, out of the records."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.messages = {one.case: one for one in records.messages}
        self.held = [*self._offered(), *self._claimed(), *self._planned()]
        self._by_person: dict[str, list[Held]] = defaultdict(list)
        for one in self.held:
            self._by_person[one.person].append(one)

    def _offered(self) -> Iterator[Held]:
        for one in self.records.offers:
            yield Held(one.case, one.person, one.at, one.ended_at or _FOREVER, one.id)

    def _claimed(self) -> Iterator[Held]:
        since: dict[int, tuple[str, datetime]] = {}
        for one in self.records.ledger:
            if one.case is None or one.what not in ("claimed", "returned", "handed_over", "released"):
                continue
            if one.case in since:
                yield Held(one.case, *since.pop(one.case), one.at)
            if one.what == "claimed":
                since[one.case] = (one.who, one.at)
        for case, (person, at) in since.items():
            answered = self.messages[case].answered
            yield Held(case, person, at, answered[0] if answered else _FOREVER)

    def _planned(self) -> Iterator[Held]:
        since: dict[int, tuple[str, datetime]] = {}
        for at, case, person in self.records.plans:
            if case in since:
                yield Held(case, *since.pop(case), at)
            if person is not None:
                since[case] = (person, at)

    def surely_has(self, person: str, offer: Offer) -> int:
        """How many other cases somebody had at least when they got this offer."""
        at = offer.at
        return len(
            {
                one.case
                for one in self._by_person[person]
                if one.case != offer.case
                and ((one.start < at < one.end) or (0 < one.offer < offer.id and one.start == at < one.end))
            }
        )

    def has_at_most(self, person: str, offer: Offer) -> int:
        """How many other cases somebody had at the most."""
        return len(
            {
                one.case
                for one in self._by_person[person]
                if one.case != offer.case and one.start <= offer.at <= one.end
            }
        )

    def misplaced(self) -> list[str]:
        """Offers to somebody off shift, or whose shift ended before they could answer while another could have."""
        return [words for offer in self.records.offers if (words := self._wrong_with(offer))]

    def _wrong_with(self, offer: Offer) -> str | None:
        worker, message = WORKERS[offer.person], self.messages[offer.case]
        left = minutes_left(worker, offer.at)
        needs = (self.surely_has(offer.person, offer) + 1) * HANDLE_MINUTES
        what = f"{offer.at:%d %H:%M:%S} case {offer.case} to {worker.key} ({offer.reason})"
        if message.store not in worker.stores:
            return f"{what}: not of the store {message.store}"
        if not left:
            return f"{what}: off shift"
        if needs <= left:
            return None
        others = [one.key for one in TEAM if self._could(one, offer, message)]
        return f"{what}: {left} min left, {needs} needed; could have: {', '.join(others)}" if others else None

    def _could(self, worker: Worker, offer: Offer, message: Message200) -> bool:
        if worker.person == offer.person or message.store not in worker.stores:
            return False
        if worker.person in self._asked_before(offer):
            return False
        needs = (self.has_at_most(worker.person, offer) + 1) * HANDLE_MINUTES
        return minutes_on(worker, offer.at, message.due) > needs

    def _asked_before(self, offer: Offer) -> set[str]:
        return {
            one.person
            for one in self.records.offers
            if one.case == offer.case and one.ended == "lapsed" and one.id < offer.id
        }

    def tight(self) -> int:
        """Offers for which the end of the shift mattered: with one case more they would not have fitted."""
        return sum(
            minutes_left(WORKERS[one.person], one.at)
            < (self.surely_has(one.person, one) + 2) * HANDLE_MINUTES
            for one in self.records.offers
        )

    def left_lying(self) -> int:
        """Claimed cases that were not answered when the shift of their owner ended."""
        claimed = [one for one in self._claimed() if one.person in WORKERS]
        return sum(
            one.end > one.start + minutes_left(WORKERS[one.person], one.start) * MINUTE for one in claimed
        )

    def kept_for_later(self) -> int:
        """Messages that waited for a later shift although somebody was on: nobody there had the time."""
        found = {
            case
            for at, case, person in self.records.plans
            if person is not None and any(self._is_of(one, case) and is_on(one, at) for one in TEAM)
        }
        return len(found)

    def _is_of(self, worker: Worker, case: int) -> bool:
        return self.messages[case].store in worker.stores

    # Who was called

    def rung_off_shift(self) -> list[str]:
        """Every notification that somebody got while off shift."""
        return [
            f"{self._at(one.ts):%d %H:%M} {WORKERS[one.user].key} ({one.reason}): {one.text}"
            for one in self.records.notices
            if not is_on(WORKERS[one.user], self._at(one.ts))
        ]

    @staticmethod
    def _at(ts: str) -> datetime:
        return datetime.fromtimestamp(int(float(ts)), UTC)

    def pings(self) -> Counter[str]:
        """How many pings each person got, counted from posts and direct messages."""
        found: Counter[str] = Counter()
        listed: dict[tuple[str, str], set[int]] = defaultdict(set)
        for post in sorted(self.records.posts, key=lambda one: one.ts):
            if LIST_WORDS in post.text:
                found.update(self._of_list(post, listed))
            elif any(words in post.text for words in PING_WORDS):
                place = self.records.places[post.channel]
                found.update(mentions(post).users if place else {self._reader(post)})
        return found

    def _reader(self, post: Message) -> str:
        """Whose direct messages these are: the one whom the post rang for."""
        return next(
            one.user for one in self.records.notices if (one.channel, one.ts) == (post.channel, post.ts)
        )

    def _of_list(self, post: Message, listed: dict[tuple[str, str], set[int]]) -> Iterator[str]:
        """Of a list each case that has just reached the stage counts for everybody whom it calls."""
        head = post.text.partition(".")[0].partition(":")[0]
        cases = {int(number) for number in re.findall(r"Case (\d+)", post.text)}
        known = listed[post.channel, head]
        at = self._at(post.ts)
        for case in cases - known:
            yield from self._called_by(case, at, managers=self.records.places[post.channel] == "amz-leads")
        known |= cases

    def _called_by(self, case: int, at: datetime, *, managers: bool) -> set[str]:
        """Quiet hours, as they are written: the owner while on shift, else all who are; or the managers on shift."""
        on = {one.person for one in TEAM if is_on(one, at) and self._is_of(one, case)}
        if managers:
            return {person for person in on if WORKERS[person].role == "manager"}
        owners = {one.person for one in self._claimed() if one.case == case and one.start <= at < one.end}
        return owners & on or on

    # How it went

    def loads(self) -> dict[str, tuple[int, int, int]]:
        """Offers, claims and answers of each person."""
        offers = Counter(one.person for one in self.records.offers)
        claims = Counter(one.who for one in self.records.ledger if one.what == "claimed")
        answers = Counter(self.records.answers.values())
        return {one.key: (offers[one.person], claims[one.person], answers[one.person]) for one in TEAM}

    def late(self) -> list[Message200]:
        """Messages that were answered after their 24 hours."""
        return [one for one in self.records.messages if not one.answered or one.answered[0] > one.due]


def report(records: Records) -> str:
    """The figures of the day, for people."""
    count = Recount(records)
    pings = count.pings()
    follows = sum("(thread)" in one for one in count.rung_off_shift())
    waits = sorted((one.answered[0] - one.arrived) for one in records.messages if one.answered)
    lines = [
        f"{len(records.messages)} messages, {sum(len(one.answered) for one in records.messages)} answers, "
        f"{len(count.late())} late; half within {_hours(waits[len(waits) // 2])}, all within {_hours(waits[-1])}",
        f"{len(records.offers)} offers, {sum(one.ended == 'lapsed' for one in records.offers)} of them lapsed; "
        f"for {count.tight()} a shift's end was near; {count.kept_for_later()} messages kept for a later shift",
        f"{len(count.misplaced())} offers misplaced, {count.left_lying()} claimed cases open at the end of a shift",
        f"rung off shift: {len(count.rung_off_shift()) - follows} called, {follows} by threads that they follow",
        "who        offers claims answers pings (recounted)",
    ]
    for one in TEAM:
        figures = " ".join(f"{figure:6}" for figure in count.loads()[one.key])
        lines.append(f"{one.key:10} {figures} {records.pinged.get(one.person, 0):6} {pings[one.person]:6}")
    return "\n".join(lines)


def _hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):.1f} h"
