"""Routing: who is offered a case that nobody has claimed, and why. Pure: people and a job in, one choice out.

The rules, strongest first; what each is for stands behind the dash.

1. Somebody can make it if their own shifts hold the work before it is due: their open cases and this one,
   `handle` each. On shift now they must get there before the shift that runs ends - nobody gets a case that
   they would leave lying.
2. Who is on shift now and can make it comes before who comes on later, even if slower - a case that is being
   worked on can't be forgotten.
3. Who let an offer of this case lapse is not offered it again; if that is everybody on shift, the case is
   open to all of them - asking the same person twice gains nothing.
4. Who has do-not-disturb on, or let the last offers lapse, comes after the others - they may not see it. It
   counts for now only: somebody asleep is awake when their shift begins.
5. Skill before language for cases that want a skill, language before load - a wrong word costs more than
   minutes.
6. Then who is done first, who was offered less today, the order of the rota, the name - so that the same
   question has one answer.
7. Somebody who fits better is waited for only WAIT long, and only if they then have SPARE left -
   translation exists; time is the greater danger.
8. Nobody can make it: who is on shift now is asked to do it first. Only when nobody is on, somebody off
   shift is the last resort: whose next shift is nearest - they are the most likely to be awake.
9. Overdue: who is on shift now - nobody is woken for what is missed already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.domain.timetable import Span, union

WAIT = timedelta(hours=2)
SPARE = timedelta(hours=6)
STAY_SPARE = timedelta(hours=2)
"""What must be left when an assignee who went off shift is done: enough to ask somebody else if they don't come."""

Kind = Literal["now", "planned", "open", "late", "nobody", "overdue"]
Facts = Mapping[str, str | int | datetime]

REASONS: dict[str, str] = {
    "on_free": "on shift until {until}, {queue} open",
    "on_speaks": "on shift until {until}, answers {lang}, {queue} open",
    "on_translates": "on shift until {until}, {queue} open; answers {lang} from the translation",
    "on_skilled": "on shift until {until}, has the skills {skills}, {queue} open",
    "on_unskilled": "on shift until {until}, {queue} open; nobody with the skills {skills} can be asked now",
    "on_only": "the only one on shift who can be asked and make it, until {until}, {queue} open",
    "on_muted": "on shift until {until}, {queue} open; may not see it, like all who could make it",
    "planned": "comes on at {at} and can make it; nobody who is on shift now can",
    "planned_speaks": "comes on at {at}, answers {lang} and has hours to spare",
    "planned_skilled": "comes on at {at}, has the skills {skills} and has hours to spare",
    "open": "everybody on shift was asked; whoever can takes it",
    "late_busy": "nobody can make it; on shift until {until} with {queue} open, please do this one first",
    "late_short": "nobody can make it; on shift until {until}, too short for {queue} open and this one",
    "nobody": "nobody is on shift who can make it; off shift, next on at {at}",
    "nobody_planned": "nobody is on shift who can make it; off shift, with no shift planned",
    "nobody_at_all": "nobody works for this store",
    "overdue": "it is overdue; on shift until {until}, {queue} open",
    "overdue_off": "it is overdue and nobody is on shift until {at}",
    "overdue_nobody": "it is overdue and nobody has a shift",
}
"""Why somebody was chosen: each key with its English sentence, which names the facts that are always there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may work for the store. `stints` are theirs for it, from now to the deadline and beyond.

    `queue`: cases they have or are offered. `given`: offers today. `order`: precedence in the rota, lowest
    first. `muted`: they may not see it now (do-not-disturb, or let the last offers lapse). `skilled`: has all
    that the job wants.
    """

    agent: str
    stints: tuple[Span, ...]
    speaks: bool = True
    skilled: bool = True
    queue: int = 0
    muted: bool = False
    given: int = 0
    order: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be answered. `wants`: skills of a risky case. `asked`: who let an offer of it lapse."""

    due_at: datetime
    lang: str | None = None
    wants: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer of `choose`; `reason` is a key of REASONS and its facts.

    now       offer it to `agent`, who is on shift and can make it
    planned   it waits for `agent`, who comes on at `at` and can make it; ask again then
    open      offer it to nobody, all on shift may take it; at `at`, if given, comes somebody not yet asked
    late      alarm: by the figures nobody can make it; `agent` is on shift now and asked to do it first
    nobody    alarm: nobody on shift can make it; `agent`, if any, is off shift, the last resort, next on at `at`
    overdue   `agent` is on shift now; without one nobody is on until `at`
    """

    kind: Kind
    agent: str | None
    reason: tuple[str, Facts]
    at: datetime | None = None


def choose(job: Job, candidates: Iterable[Candidate], now: datetime, handle: timedelta) -> Choice:
    """Who gets a case that nobody has claimed; `handle` is what answering one case takes."""
    everybody = [_prospect(one, now, handle) for one in candidates]
    on = [one for one in everybody if one.until is not None]
    if job.due_at <= now:
        return _overdue(job, everybody, on)
    makers = [one for one in everybody if one.finish is not None and one.finish <= job.due_at]
    ready = [one for one in makers if one.at == now]
    if ready:
        return _on_shift(job, ready, makers, now)
    if makers:
        return _later(job, makers)
    if on:
        return _late(job, on)
    return _last_resort(job, everybody)


def returns(stints: Iterable[Span], due: datetime, now: datetime, handle: timedelta, before: int = 0) -> bool:
    """Whether a claimed case goes back to the queue when its assignee's shift ends at `now`.

    It stays if by their own `stints` they are back and done STAY_SPARE before it is due. `before` is how
    many of the cases that they keep are due earlier, and so answered first.
    """
    finish, _ = _walk(union(stints), now, handle * (before + 1))
    return finish is None or finish > due - STAY_SPARE


@dataclass(frozen=True, slots=True)
class _Prospect:
    """A candidate, worked out: `until` when the shift that runs now ends, `next_on` when the next begins.

    `finish` is when they would be done; `at` when they can begin to be: now, if the shift that runs holds
    the work, else the start of the one that does.
    """

    who: Candidate
    until: datetime | None
    next_on: datetime | None
    finish: datetime | None
    at: datetime | None


def _prospect(who: Candidate, now: datetime, handle: timedelta) -> _Prospect:
    stints = union(who.stints)
    until = next((one.end for one in stints if one.start <= now < one.end), None)
    next_on = next((one.start for one in stints if one.start > now), None)
    return _Prospect(who, until, next_on, *_walk(stints, now, handle * (who.queue + 1)))


def _walk(stints: list[Span], now: datetime, work: timedelta) -> tuple[datetime | None, datetime | None]:
    """When `work` is done from `now` on, and from when on the stint runs in which that is."""
    for one in stints:
        start = max(one.start, now)
        if start >= one.end:
            continue
        if work <= one.end - start:
            return start + work, start
        work -= one.end - start
    return None, None


_NEVER = datetime.max.replace(tzinfo=UTC)
_Rank = tuple[bool, bool, datetime, int, int, str]


def _unfit(job: Job, one: _Prospect) -> tuple[bool, bool]:
    return bool(job.wants) and not one.who.skilled, not one.who.speaks


def _rank(job: Job, one: _Prospect) -> _Rank:
    """Rules 5 and 6."""
    who = one.who
    return *_unfit(job, one), one.finish or _NEVER, who.given, who.order, who.agent


def _rank_now(job: Job, one: _Prospect) -> tuple[bool, bool, _Rank]:
    """Rules 1, 4, 5 and 6, for people who are on shift."""
    return not _stays(one), one.who.muted, _rank(job, one)


def _stays(one: _Prospect) -> bool:
    """Whether they are done before the shift that runs ends."""
    return one.finish is not None and one.until is not None and one.finish <= one.until


def _not_asked(job: Job, some: Sequence[_Prospect]) -> list[_Prospect]:
    return [one for one in some if one.who.agent not in job.asked]


def _on_shift(job: Job, ready: list[_Prospect], makers: list[_Prospect], now: datetime) -> Choice:
    fresh = _not_asked(job, ready)
    if not fresh:
        return _open(job, makers)
    best = min(fresh, key=lambda one: _rank_now(job, one))
    better = _worth_waiting_for(job, best, makers, now)
    if better is not None:
        return _planned(job, better, best)
    return Choice("now", best.who.agent, (_why_now(job, best, fresh), _facts(job, best)))


def _later(job: Job, makers: list[_Prospect]) -> Choice:
    pool = _not_asked(job, makers) or makers
    first = min(one.at or _NEVER for one in pool)
    best = min((one for one in pool if one.at == first), key=lambda one: _rank(job, one))
    return _planned(job, _worth_waiting_for(job, best, pool, first) or best, best)


def _worth_waiting_for(
    job: Job, best: _Prospect, makers: list[_Prospect], since: datetime
) -> _Prospect | None:
    """Rule 7."""
    better = [
        one
        for one in _not_asked(job, makers)
        if since < (one.at or _NEVER) <= since + WAIT
        and (one.finish or _NEVER) <= job.due_at - SPARE
        and _unfit(job, one) < _unfit(job, best)
    ]
    return min(better, key=lambda one: _rank(job, one), default=None)


def _planned(job: Job, chosen: _Prospect, first: _Prospect) -> Choice:
    key = "planned"
    if chosen is not first:
        key = "planned_skilled" if _unfit(job, chosen)[0] < _unfit(job, first)[0] else "planned_speaks"
    return Choice("planned", chosen.who.agent, (key, _facts(job, chosen, chosen.at)), chosen.at)


def _open(job: Job, makers: list[_Prospect]) -> Choice:
    at = min((one.at for one in _not_asked(job, makers) if one.at is not None), default=None)
    return Choice("open", None, ("open", {}), at)


def _late(job: Job, on: list[_Prospect]) -> Choice:
    fresh = _not_asked(job, on)
    if not fresh:
        return _open(job, [])
    best = min(fresh, key=lambda one: _rank_now(job, one))
    return Choice("late", best.who.agent, ("late_busy" if _stays(best) else "late_short", _facts(job, best)))


def _last_resort(job: Job, everybody: list[_Prospect]) -> Choice:
    """Rule 8. Who was asked and who has do-not-disturb on come last here too."""
    if not everybody:
        return Choice("nobody", None, ("nobody_at_all", {}))
    best = min(
        everybody,
        key=lambda one: (one.who.agent in job.asked, one.who.muted, one.next_on or _NEVER, _rank(job, one)),
    )
    key = "nobody" if best.next_on else "nobody_planned"
    return Choice("nobody", best.who.agent, (key, _facts(job, best, best.next_on)), best.next_on)


def _overdue(job: Job, everybody: list[_Prospect], on: list[_Prospect]) -> Choice:
    fresh = _not_asked(job, on)
    if fresh:
        best = min(fresh, key=lambda one: _rank_now(job, one))
        return Choice("overdue", best.who.agent, ("overdue", _facts(job, best)))
    if on:
        return _open(job, [])
    at = min((one.next_on for one in everybody if one.next_on is not None), default=None)
    return Choice("overdue", None, ("overdue_off", {"at": at}) if at else ("overdue_nobody", {}), at)


def _why_now(job: Job, best: _Prospect, fresh: list[_Prospect]) -> str:
    if best.who.muted:
        return "on_muted"
    if len(fresh) == 1:
        return "on_only"
    if job.wants:
        return "on_skilled" if best.who.skilled else "on_unskilled"
    if job.lang is None:
        return "on_free"
    return "on_speaks" if best.who.speaks else "on_translates"


def _facts(job: Job, one: _Prospect, at: datetime | None = None) -> Facts:
    facts: dict[str, str | int | datetime | None] = {
        "lang": job.lang or "",
        "skills": ", ".join(sorted(job.wants)),
        "queue": one.who.queue,
        "until": one.until,
        "at": at,
        "finish": one.finish,
    }
    return {key: fact for key, fact in facts.items() if fact is not None}
