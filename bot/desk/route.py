"""Who gets a case: offering it to somebody who can answer in time, passing it on, taking it back.

The decision is `domain.routing`; this file carries it out. What a person decided (claim, assign) always
stands above it: only unclaimed cases are offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, merging, outbox
from bot.db.queries import rota as rota_queries
from bot.db.tables import CaseRow, DeadlineRow
from bot.db.tables_shifts import OfferRow
from bot.db.trouble import apart
from bot.desk import ROBOT, Desk, automation
from bot.desk.change import changed, show_card
from bot.desk.shifts import Staff, staff_at
from bot.domain import routing, zones
from bot.domain.manual import Paused
from bot.domain.timetable import Span, within

NOTHING_PAUSED = Paused()
SENIOR = "senior"
"""The skill that risky cases are for."""
_BEYOND = timedelta(days=2)
_WRITING = timedelta(minutes=10)
_REMEMBERED = timedelta(hours=8)
"""How long it counts that somebody did not react: a shift."""


@dataclass(slots=True)
class Books:
    """What the decisions of one transaction need to know, kept up as they are made."""

    desk: Desk
    staff: Staff
    queues: dict[str, int]
    given: dict[str, int]
    risky: frozenset[int] = frozenset()
    """Cases in which a risky message of another case waits, because that one was merged into them."""
    silent: frozenset[str] = frozenset()
    """Who let their last offers lapse: asked after the others, or each case would lose time with them first."""
    stints: dict[str | None, dict[str, tuple[Span, ...]]] = field(default_factory=dict)
    staying: dict[str, int] = field(default_factory=dict)
    """How many cases people who are off shift keep so far; the decisions come in the order of deadlines."""
    paused: Paused = NOTHING_PAUSED
    """Where manual mode is on: there nobody is asked, and no case moves by itself."""

    def moved(self, before: str | None, after: str | None) -> None:
        """A case went from one person's queue to another's."""
        for person, step in ((before, -1), (after, 1)):
            if person is not None:
                self.queues[person] = self.queues.get(person, 0) + step

    def spans(self, store: str | None) -> dict[str, tuple[Span, ...]]:
        """When each agent of the store works from now on."""
        table, now = self.staff.table, self.staff.now
        if table is not None and store not in self.stints:
            found: dict[str, list[Span]] = {}
            for one in table.stints(store):
                found.setdefault(one.agent, []).append(one.span)
            self.stints[store] = {key: tuple(within(spans, now, table.end)) for key, spans in found.items()}
        return self.stints.get(store, {})


def books(tx: Session, desk: Desk, now: datetime, view: Staff | None = None) -> Books:
    """What is known before the first decision. No other lock may come before it, but `automation.begin`."""
    paused = automation.begin(tx)
    return Books(
        desk,
        view or staff_at(tx, desk, now),
        rota_queries.queues(tx),
        rota_queries.given(tx, zones.day_start(now, "UTC")),
        merging.risky(tx),
        rota_queries.silent(tx, now - _REMEMBERED),
        paused=paused,
    )


def offer(tx: Session, kept: Books, case: CaseRow, due: datetime, now: datetime) -> OfferRow | None:
    """Decide anew who is asked to take an unclaimed case; the offer, if it went to somebody else than before."""
    if kept.staff.table is None or case.assignee is not None or kept.paused.has(case.store):
        return None
    is_new = case.opened_at == kept.staff.now
    asked = set() if is_new else rota_queries.lapsed(tx, case.number, case.acted_at)
    keys = {kept.staff.key_of[person] for person in asked if person in kept.staff.key_of}
    choice = routing.choose(
        routing.Job(due, case.lang, _wanted(kept, case), frozenset(keys)),
        _candidates(kept, case),
        now,
        timedelta(minutes=kept.desk.settings.shifts.handle_minutes),
    )
    return _carry_out(tx, kept, case, choice, due)


def _wanted(kept: Books, case: CaseRow) -> frozenset[str]:
    """Risky cases are for people with that skill, where the store has any."""
    table = kept.staff.table
    if table is None or not (case.risk or case.number in kept.risky):
        return frozenset()
    has_any = any(SENIOR in one.skills and one.works_for(case.store) for one in table.rota.agents)
    return frozenset({SENIOR}) if has_any else frozenset()


def _candidates(kept: Books, case: CaseRow) -> list[routing.Candidate]:
    view, found, wanted = kept.staff, [], _wanted(kept, case)
    table = view.table
    order = {one.agent: place for place, one in enumerate(view.stints_on(case.store))}
    for key, spans in kept.spans(case.store).items():
        agent, person = table.rota.agent(key) if table else None, view.person_of.get(key)
        if agent is None or person is None:
            continue
        found.append(
            routing.Candidate(
                agent=key,
                stints=spans,
                speaks=agent.speaks(case.lang),
                skilled=wanted <= agent.skills,
                queue=kept.queues.get(person, 0) - (person in (case.offered_to, case.planned_for)),
                muted=person in view.muted or person in kept.silent,
                given=kept.given.get(person, 0),
                order=order.get(key, len(order)),
            )
        )
    return found


def _may_be_offered(kept: Books, case: CaseRow, choice: routing.Choice, due: datetime) -> bool:
    """Somebody off shift is asked only when nobody will be on before it is due: quiet hours."""
    if choice.kind == "nobody":
        return kept.staff.is_fatal(case.store, due)
    return choice.kind not in ("planned", "open")


def _carry_out(
    tx: Session, kept: Books, case: CaseRow, choice: routing.Choice, due: datetime
) -> OfferRow | None:
    person = kept.staff.person_of.get(choice.agent) if choice.agent else None
    is_offer = _may_be_offered(kept, case, choice, due)
    offered, planned = (person, None) if is_offer else (None, person)
    (key, facts), now = choice.reason, kept.staff.now
    before = case.offered_to or case.planned_for
    if case.offered_to is not None and case.offered_to != offered:
        end_offer(tx, case, "passed", now)
    case.offer_kind, case.offer_reason, case.offer_facts = choice.kind, key, _plain(facts)
    case.planned_for, case.planned_at = planned, choice.at
    kept.moved(before, person)
    if offered is None or case.offered_to == offered:
        return None
    case.offered_to, case.offered_at = offered, now
    kept.given[offered] = kept.given.get(offered, 0) + 1
    return OfferRow(person=offered, at=now, reason=key)


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as JSON keeps them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()
    }


def end_offer(tx: Session, case: CaseRow, how: str, now: datetime) -> None:
    """The offer of the case is over: it was claimed, it lapsed, or it passed to somebody else."""
    row = rota_queries.offer_open(tx, case.number)
    if row is not None:
        row.ended, row.ended_at = how, now
    case.offered_to, case.offered_at = None, None


def forget(tx: Session, case: CaseRow, now: datetime, how: str = "claimed") -> None:
    """A person decided, or no answer is owed any more: nothing is offered or planned."""
    end_offer(tx, case, how, now)
    case.offer_kind, case.offer_reason, case.offer_facts = None, None, None
    case.planned_for, case.planned_at = None, None


def give(tx: Session, case: CaseRow, to: str, now: datetime, *, by: str) -> None:
    """The case is `to`'s: claimed, when `by` is the same person, or assigned. Whatever was offered is over."""
    case.assignee, case.assigned_at, case.assigned_by, case.kept = to, now, by, False
    forget(tx, case, now)
    wake(tx, case, to, now)


def wake(tx: Session, case: CaseRow, person: str, now: datetime) -> None:
    """Tell `person` when a case comes back that is put aside; who had it before hears nothing then."""
    until = case.snoozed_until
    if until is not None and until > now:
        outbox.put(
            tx, f"woken:{case.number}:{int(until.timestamp())}:{person}", person, now, not_before=until
        )


def free(tx: Session, case: CaseRow, now: datetime, *, declined: bool) -> None:
    """The case is nobody's. Who gave it back (`declined`) is not asked again before the others."""
    if declined and case.assignee is not None:
        tx.add(
            OfferRow(
                case=case.number,
                person=case.assignee,
                at=now,
                reason="declined",
                ended="declined",
                ended_at=now,
            )
        )
    case.assignee, case.assigned_at, case.assigned_by, case.kept = None, None, None, False


def route_new(tx: Session, desk: Desk, cases: Sequence[tuple[CaseRow, datetime]], now: datetime) -> None:
    """Offer cases that just came in, or got another message; (case, its earliest open deadline).

    Who is offered a new case is called by its card; it needs no word of its own.
    """
    if desk.settings.rota is None or not cases:
        return
    kept = books(tx, desk, now)
    for case, due in cases:
        made = offer(tx, kept, case, due, now)
        if made is not None:
            made.case = case.number
            tx.add(made)


def route_waiting(desk: Desk) -> int:
    """Pass on what was not claimed in time, offer what waited for somebody to come on; returns how many changed.

    Also takes cases back from people whose shift is over. Safe to run twice.
    """
    if desk.settings.rota is None:
        return 0
    with desk.database.writing() as tx:
        now = desk.now()  # not before the lock, for which it may have waited while a shift changed
        kept = books(tx, desk, now)
        count = 0
        for case, due in _locked(tx, kept):
            with apart(tx, "routing_failed", case=case.number):
                if case.assignee is not None:
                    count += _take_back(tx, kept, case, due, now)
                else:
                    count += _offer_again(tx, kept, case, due, now)
    return count


def _locked(tx: Session, kept: Books) -> list[tuple[CaseRow, datetime]]:
    """What may have to move, locked as it is now: whoever claims or assigns meanwhile is not overruled.

    All of it at once, before the first record in the ledger: whoever holds that must not wait for a case.
    """
    waiting = [case.number for case in _waiting(tx) if _may_move(kept, case)]
    rows = case_queries.locked_all(tx, waiting)
    due = case_queries.earliest_open(tx, waiting)
    found = [(case, due[case.number]) for case in rows if case.number in due and _may_move(kept, case)]
    return sorted(found, key=lambda one: (one[1], one[0].number))


def _waiting(tx: Session) -> Sequence[CaseRow]:
    owed = select(DeadlineRow.case).where(DeadlineRow.state == "open")
    return tx.scalars(select(CaseRow).where(CaseRow.state == "open", CaseRow.number.in_(owed))).all()


def _may_move(kept: Books, case: CaseRow) -> bool:
    """Whether somebody is to be asked to take the case, or whoever has it may have left."""
    if case.state != "open" or kept.paused.has(case.store):
        return False
    return _needs_offer(kept, case) if case.assignee is None else _is_left_behind(kept, case)


def is_put_aside(case: CaseRow, now: datetime) -> bool:
    """Whether nobody is to be asked about it yet; its pings come all the same."""
    return case.snoozed_until is not None and case.snoozed_until > now


def _needs_offer(kept: Books, case: CaseRow) -> bool:
    now = kept.staff.now
    if is_put_aside(case, now):
        return False
    if case.offered_to is None:
        planned = case.planned_at is not None and case.planned_at > now
        return not planned or bool(kept.staff.on(case.store))
    if kept.staff.is_on(case.offered_to, case.store):
        return _has_lapsed(kept, case, now)
    return bool(kept.staff.on(case.store)) or case.offer_kind != "nobody"


def _has_lapsed(kept: Books, case: CaseRow, now: datetime) -> bool:
    """An offer that was made by a clock that has been set back since has lapsed: nobody knows how long it stands."""
    patience = timedelta(minutes=kept.desk.settings.shifts.claim_minutes)
    if _is_writing(case, case.offered_to, now) or case.offered_at is None:
        return False
    return not now - patience < case.offered_at <= now + AHEAD


def _is_writing(case: CaseRow, who: str | None, now: datetime) -> bool:
    """Whether they write a reply to it at the moment; a time ahead is of a clock that was set back since."""
    at = case.composing_at
    return case.composing == who and at is not None and now - _WRITING < at <= now + AHEAD


def _offer_again(tx: Session, kept: Books, case: CaseRow, due: datetime, now: datetime) -> int:
    before = _stand(case)
    if case.offered_to is not None:
        lapsed = kept.staff.is_on(case.offered_to, case.store)
        kept.moved(case.offered_to, None)
        end_offer(tx, case, "lapsed" if lapsed else "passed", now)
    made = offer(tx, kept, case, due, now)
    if _stand(case) == before:
        return 0
    if made is not None:
        made.case = case.number
        tx.add(made)
        tx.flush()
        # To the person alone: who is mentioned in a thread follows it, and is rung by it at night too.
        outbox.put(tx, f"offer:{case.number}:{made.id}", made.person, now, urgency=outbox.URGENT + 1)
    ledger.record(
        tx,
        now,
        ROBOT,
        "offered",
        store=case.store,
        case=case.number,
        to=case.offered_to,
        why=case.offer_reason,
    )
    show_card(tx, case, now)
    return 1


def _stand(case: CaseRow) -> tuple[object, ...]:
    return case.offered_to, case.offer_kind, case.planned_for, case.planned_at


def offer_now(tx: Session, kept: Books, case: CaseRow, due: datetime) -> None:
    """Offer a case that was just freed, and call whom it is offered to; one that is put aside when its time comes."""
    if not is_put_aside(case, kept.staff.now):
        _offer_again(tx, kept, case, due, kept.staff.now)


def _is_left_behind(kept: Books, case: CaseRow) -> bool:
    """Whether the shift of the assignee is over, who was not given the case, and somebody else is on.

    One that is put aside stays with whoever did that; it goes back to the queue when its time comes.
    """
    who, view, now = str(case.assignee), kept.staff, kept.staff.now
    if case.kept or case.assigned_by != who or not view.has_shifts(who) or view.is_on(who, case.store):
        return False
    if is_put_aside(case, now) or _is_writing(case, who, now):
        return False
    return _has_left(case, view, now) and bool(view.on(case.store))


def _take_back(tx: Session, kept: Books, case: CaseRow, due: datetime, now: datetime) -> int:
    """The assignee's shift is over: the case returns to the queue, unless they are back in time."""
    who = str(case.assignee)
    spans = kept.spans(case.store).get(kept.staff.key_of.get(who, ""), ())
    handle = timedelta(minutes=kept.desk.settings.shifts.handle_minutes)
    if not routing.returns(spans, due, now, handle, kept.staying.get(who, 0)):
        kept.staying[who] = kept.staying.get(who, 0) + 1
        return 0
    free(tx, case, now, declined=False)
    kept.moved(who, None)
    changed(tx, case, now, ROBOT, "returned", before=who)
    _offer_again(tx, kept, case, due, now)
    return 1


def _has_left(case: CaseRow, view: Staff, now: datetime) -> bool:
    """Whether a shift of the assignee ended after they took the case: what is claimed off shift stays theirs.

    What was taken before the stretch that the timetable covers was taken for a message whose day is over: that
    shift may have ended before a weekend, and what waits now came since.
    """
    if view.table is None or case.assigned_at is None:
        return False
    if case.assigned_at < view.table.start:
        return True
    stints = view.table.stints_of(view.key_of.get(str(case.assignee), ""), case.store)
    return any(case.assigned_at <= one.end <= now for one in stints)
