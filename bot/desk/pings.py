"""Pings: recording and queueing each reminder whose moment has come.

Quiet hours: who is off shift is not called, unless nobody is on before the deadline (it is fatal then).
A stage that is reached while nobody is on waits for the next shift; the card shows it at once.
The record of whom a post calls is made here, before the post; what is sent reads it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from bot.db.engine import insert_once
from bot.db.queries import outbox
from bot.db.tables import CaseRow, DeadlineRow, PingRow
from bot.db.trouble import apart
from bot.desk import Desk, access, automation
from bot.desk.change import show_cards
from bot.desk.shifts import Staff, staff_at
from bot.desk.standings import target_of
from bot.domain.manual import ALL, Paused
from bot.domain.peak import own_ladder
from bot.domain.pings import Stage, stage_due

UNCLAIMED = "unclaimed"
_LOOK_BACK = timedelta(days=2)


def ladder(desk: Desk) -> tuple[Stage, ...]:
    """The stages as the domain wants them, most time left first."""
    return tuple(
        Stage(one.name, timedelta(minutes=one.minutes_left), one.where)
        for one in desk.settings.thresholds.pings
    )


@dataclass(frozen=True, slots=True)
class Ping:
    """One reminder: the record's addressee, the outbox key and place (none for a badge), and who is called by it."""

    addressee: str
    key: str
    place: str
    calls: tuple[str, ...] = ()


def ping_due(desk: Desk) -> int:
    """Record and queue each ping whose moment has come; returns how many. Safe to run twice.

    The record comes first and its key is (message, stage, addressee): of two clocks that tick at
    once, one pings. After an outage only the most urgent stage that was reached is sent.
    """
    now = desk.now()
    stages = ladder(desk)
    if not stages:
        return 0
    told: list[Ping] = []
    shown: list[CaseRow] = []
    with desk.database.writing() as tx:
        view = staff_at(tx, desk, now)
        # Of the time that is left any part may be unstaffed, and a target is earlier: then each is looked at.
        is_plain = view.table is None and not desk.settings.thresholds.peak
        before = now + (stages[0].left if is_plain else timedelta(days=1))
        done = _recorded(tx)
        managers = _all_managers(tx, desk)
        for deadline, case in _open(tx, before, now):
            with apart(tx, "ping_failed", case=case.number):
                made: list[Ping] = []
                for stage in _stages_due(view, deadline, stages):
                    wanted = _pings(view, case, deadline, stage, managers)
                    new = [one for one in wanted if (deadline.message, stage.name, one.addressee) not in done]
                    made += _recorded_now(tx, case, deadline.message, stage, new, now)
                told += made
                shown += [case] if made else []
        # At the end and at once: whoever changes several cards meanwhile waits for this look, or it for them.
        outbox.put_all(tx, [outbox.Put(one.key, one.place, outbox.URGENT) for one in told if one.key], now)
        show_cards(tx, shown, now)
    return len(told)


def _stages_due(view: Staff, deadline: DeadlineRow, ladder: Sequence[Stage]) -> Iterator[Stage]:
    """The stage that a deadline has reached; in peak mode, until that one calls somebody, the target's too."""
    left = view.staffed_left(deadline.store, deadline.due_at)
    stage = stage_due(ladder, deadline.due_at, view.now, left)
    if stage is not None:
        yield stage
    target = target_of(view.desk, deadline.store, (deadline.anchor,))
    if target is None or (stage is not None and stage.where != ("badge",)):
        return
    own = stage_due(own_ladder(ladder), target[0], view.now, view.staffed_left(deadline.store, target[0]))
    if own is not None:
        yield own


def _open(tx: Session, before: datetime, now: datetime) -> list[tuple[DeadlineRow, CaseRow]]:
    """Open deadlines due before an instant, with their cases: of each the first that is ahead, the last that is over.

    Of two unanswered messages the older one's clock pings; one reply answers both. When that one is over, the other's
    does: it can still be met, and counts for itself.
    """
    rows = tx.execute(
        select(DeadlineRow, CaseRow)
        .join(CaseRow, CaseRow.number == DeadlineRow.case)
        .where(DeadlineRow.state == "open", DeadlineRow.due_at <= before)
        .order_by(DeadlineRow.due_at, DeadlineRow.message)
    )
    found: dict[tuple[int, bool], tuple[DeadlineRow, CaseRow]] = {}
    for deadline, case in rows:
        which = (case.number, deadline.due_at <= now)
        if which[1] or which not in found:
            found[which] = (deadline, case)
    return sorted(found.values(), key=lambda one: (one[0].due_at, one[0].message))


def _is_earliest() -> ColumnElement[bool]:
    """Of the unanswered messages of a case."""
    other = aliased(DeadlineRow)
    earlier = (other.due_at < DeadlineRow.due_at) | (
        (other.due_at == DeadlineRow.due_at) & (other.message < DeadlineRow.message)
    )
    return ~(
        select(other.message)
        .where(other.case == DeadlineRow.case, other.state == "open", earlier)
        .correlate(DeadlineRow)
        .exists()
    )


def _recorded(tx: Session) -> frozenset[tuple[int, str, str]]:
    """The pings of open deadlines that were made already: most looks at the clock find nothing new."""
    rows = tx.execute(
        select(PingRow.message, PingRow.stage, PingRow.addressee)
        .join(DeadlineRow, DeadlineRow.message == PingRow.message)
        .where(DeadlineRow.state == "open")
    )
    return frozenset((row[0], row[1], row[2]) for row in rows)


def _all_managers(tx: Session, desk: Desk) -> dict[str | None, tuple[str, ...]]:
    """The managers of each store, and of what belongs to none."""
    return {
        store: access.people_of(tx, desk, store, managers=True) for store in (None, *desk.settings.stores)
    }


def _recorded_now(
    tx: Session, case: CaseRow, message: int, stage: Stage, wanted: Sequence[Ping], now: datetime
) -> list[Ping]:
    return [one for one in wanted if _record(tx, message, case.number, stage.name, one, now)]


def _record(tx: Session, message: int, case: int, stage: str, ping: Ping, now: datetime) -> bool:
    """Write the ping down, and whom it calls; says whether it is new."""
    first = _write(tx, message, case, stage, ping.addressee, now)
    if first:
        for person in ping.calls:
            _write(tx, message, case, stage, f"{ping.addressee}:{person}", now)
    return first


def _write(tx: Session, message: int, case: int, stage: str, addressee: str, now: datetime) -> bool:
    return insert_once(
        tx,
        PingRow,
        message=message,
        stage=stage,
        addressee=addressee,
        case=case,
        at=now,
    )


def called(tx: Session, message: int, stage: str, spot: str) -> tuple[str, ...]:
    """Whom the post about one message calls at a stage and spot (thread, channel, escalation)."""
    return _called(tx, PingRow.message == message, stage, spot)


def called_at(tx: Session, at: datetime, stage: str, spot: str, place: str) -> tuple[str, ...]:
    """Whom the post at `place` calls that one look at the clock made for what reached a stage in the second of `at`.

    A look may make posts in several channels; only an escalation is about the cases of all.
    """
    which: ColumnElement[bool] = PingRow.at.between(at, at + timedelta(seconds=1))
    if spot == "channel":
        which &= PingRow.case.in_(select(CaseRow.number).where(CaseRow.channel == place))
    return _called(tx, which, stage, spot)


def _called(tx: Session, which: ColumnElement[bool], stage: str, spot: str) -> tuple[str, ...]:
    rows = tx.scalars(
        select(PingRow.addressee).where(
            which, PingRow.stage == stage, PingRow.addressee.startswith(f"{spot}:")
        )
    )
    return tuple(sorted({addressee.partition(":")[2] for addressee in rows}))


def reached(tx: Session, stage: str, spots: Sequence[str], since: datetime) -> dict[int, datetime]:
    """The cases that a post at these spots has spoken of at this stage: what of it is due first after `since`."""
    rows = tx.execute(
        select(DeadlineRow.case, func.min(DeadlineRow.due_at))
        .select_from(PingRow)
        .join(DeadlineRow, DeadlineRow.message == PingRow.message)
        .where(DeadlineRow.state == "open", DeadlineRow.due_at >= since)
        .where(PingRow.stage == stage, PingRow.addressee.in_(spots))
        .group_by(DeadlineRow.case)
    )
    return {case: due for case, due in rows}  # noqa: C416 - a row is no pair to mypy


def _pings(
    view: Staff,
    case: CaseRow,
    deadline: DeadlineRow,
    stage: Stage,
    every: Mapping[str | None, tuple[str, ...]],
) -> Iterator[Ping]:
    """The pings of a stage; nobody is on: only what can't wait. One of the card has no key: it is drawn anew."""
    fatal = view.is_fatal(case.store, deadline.due_at)
    quiet = view.table is not None and not view.on(case.store) and not fatal
    if quiet or "badge" in stage.where:
        yield Ping("card", "", case.channel)
    if quiet:
        return
    workers = _workers(view, case, fatal=fatal)
    managers = _managers(view, every.get(case.store, ()), case.store, fatal=fatal)
    yield from _posts(view, case, f"{deadline.message}:{stage.name}", stage, workers, managers)
    people = set(workers) if "dm" in stage.where else set()
    if "manager_dm" in stage.where:
        people |= set(managers)
    name = f"ping:{deadline.message}:{stage.name}"
    yield from (Ping(person, f"{name}:{person}", person) for person in sorted(people))


def _posts(
    view: Staff,
    case: CaseRow,
    name: str,
    stage: Stage,
    workers: tuple[str, ...],
    managers: tuple[str, ...],
) -> Iterator[Ping]:
    leads = view.desk.settings.slack.escalation_channel
    # One post for all that reach the stage at this look, and a new one at the next: an update calls nobody.
    at = int(view.now.timestamp())
    spots = {
        "thread": Ping("thread", f"ping:{name}:thread", case.channel, workers),
        "channel": Ping("channel", f"due:{case.channel}:{stage.name}:{at}", case.channel, workers),
        "escalation": Ping("escalation", f"due:{leads}:{stage.name}:{at}", leads, managers),
    }
    yield from (spots[where] for where in stage.where if where in spots)


def _workers(view: Staff, case: CaseRow, *, fatal: bool) -> tuple[str, ...]:
    """Who is asked to answer: the assignee while on shift, else all who are; muted people only if all are.

    A muted assignee is stood in for by the next who is on. When nobody will be on before the deadline:
    the assignee or whom it was offered to, wherever they are.
    """
    on = view.on(case.store)
    if fatal:
        return tuple(one for one in (case.assignee or case.offered_to,) if one)
    awake = tuple(one for one in on if one not in view.muted)
    if case.assignee and view.may_be_called(case.assignee, case.store):
        return awake[:1] if case.assignee in view.muted and awake else (case.assignee,)
    return awake or on


def _managers(view: Staff, every: tuple[str, ...], store: str | None, *, fatal: bool) -> tuple[str, ...]:
    """Whom an escalation calls: the managers who are not off shift; all of them when nobody else can help."""
    return every if fatal else tuple(one for one in every if view.may_be_called(one, store))


def ping_unclaimed(desk: Desk) -> int:
    """Ask in the thread, once, for somebody to take each case that nobody claimed in time.

    With a rota: when everybody whom it was offered let it lapse. In manual mode nobody is offered a case: there
    the time counts, or nobody would be asked at all.
    """
    now = desk.now()
    patience = timedelta(minutes=desk.settings.thresholds.unclaimed_minutes)
    count = 0
    with desk.database.writing() as tx:
        view = staff_at(tx, desk, now)
        waited = _waited(view, automation.paused(tx), now - patience)
        rows = tx.execute(
            select(DeadlineRow, CaseRow)
            .join(CaseRow, CaseRow.number == DeadlineRow.case)
            .where(
                DeadlineRow.state == "open",
                CaseRow.state == "open",
                CaseRow.assignee.is_(None),
                waited,
                DeadlineRow.due_at > now - _LOOK_BACK,
                _is_earliest(),
                ~_was_asked(),
            )
        ).all()
        for deadline, case in rows:
            if case.snoozed_until is not None and case.snoozed_until > now:
                continue
            on = view.on(case.store)
            ping = Ping("thread", f"ping:{deadline.message}:{UNCLAIMED}:thread", case.channel, on)
            if view.table is not None and not on:
                continue
            with apart(tx, "ping_failed", case=case.number):
                if _record(tx, deadline.message, case.number, UNCLAIMED, ping, now):
                    outbox.put(tx, ping.key, ping.place, now)
                    count += 1
    return count


def _waited(view: Staff, paused: Paused, before: datetime) -> ColumnElement[bool]:
    """Which unclaimed cases have waited long enough."""
    too_long = CaseRow.acted_at <= before
    if view.table is None or ALL in paused.scopes:
        return too_long
    nobody_took_it = CaseRow.offer_kind == "open"
    return nobody_took_it | (CaseRow.store.in_(paused.scopes) & too_long) if paused.scopes else nobody_took_it


def _was_asked() -> ColumnElement[bool]:
    return (
        select(PingRow.message)
        .where(PingRow.message == DeadlineRow.message, PingRow.stage == UNCLAIMED)
        .exists()
    )
