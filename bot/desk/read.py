"""Looking, without changing: snapshots of cases, queues, and the figures of `/sla-status`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import figure_spans, merging, present
from bot.db.queries import mails as mail_queries
from bot.db.queries import replies as reply_queries
from bot.db.queries import rota as rota_queries
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow, NoteRow, ReplyRow
from bot.db.tables_typed import TypedMessageRow
from bot.desk import (
    Desk,
    access,
    automation,
    causes,
    figures,
    holds,
    merge_pages,
    orders,
    question_pages,
    shift_pages,
    solution_pages,
    standings,
    typed_pages,
)
from bot.desk.seen import newest_end, who_excused
from bot.desk.shifts import staff_at
from bot.domain.privacy import first_name, hide
from bot.domain.snapshots import (
    Board,
    CaseSnapshot,
    MessageSnapshot,
    NoteSnapshot,
    NoticeSnapshot,
    QueueLine,
    ReplySnapshot,
)
from bot.domain.typed_snapshots import TypedSnapshot
from bot.errors import NotFound

AT_RISK = 100
"""So many of the most urgent cases are listed at most."""


def case(desk: Desk, number: int) -> CaseSnapshot:
    """The case as it stands now. Raises NotFound."""
    with desk.database.reading() as tx:
        return snapshot(tx, desk, number)


def case_for(desk: Desk, number: int, *, by: str) -> CaseSnapshot:
    """The case, for a person who may work on it. Raises NotFound, NotAllowed."""
    with desk.database.reading() as tx:
        found = snapshot(tx, desk, number)
        access.require_store(tx, desk, by, number, found.store)
        return found


def snapshot(tx: Session, desk: Desk, number: int) -> CaseSnapshot:
    """The case as this transaction sees it. Raises NotFound."""
    row, family = _row(tx, number), merging.family(tx, number)
    kept = holds.longest_of(tx, family, desk.now())
    ids = [row.order_id, *(tx.get_one(CaseRow, one).order_id for one in family[1:])]
    found = replace(
        _drawn(tx, desk, row, family),
        purged_at=row.purged_at,
        hold=kept,
        warnings=question_pages.history(tx, *family),
        orders=orders.of_cases(tx, desk, row.store, ids),
        typed=typed_pages.of_case(tx, desk, row, *family[1:]),
    )
    return merge_pages.joined(tx, found, row, family)


def _drawn(tx: Session, desk: Desk, row: CaseRow, family: Sequence[int]) -> CaseSnapshot:
    due = case_queries.duties(tx, *family)
    return CaseSnapshot(
        number=row.number,
        kind=row.kind,
        store=row.store,
        store_name=_store_name(desk, row.store),
        marketplace=row.marketplace,
        channel=row.channel,
        order_id=row.order_id,
        asin=row.asin,
        buyer_name=row.buyer_name,
        buyer_alias=row.buyer_alias,
        subject=hide(row.subject, row.buyer_name).text,
        lang=row.lang,
        topic=row.topic,
        risk=merge_pages.risk_of(row),
        needs_reply=row.needs_reply,
        why=hide(row.why, row.buyer_name).text if row.kind == "buyer" else row.why,
        state=row.state,
        closed_by=_closed_by(due) if row.state == "closed" else None,
        excused_by=who_excused(due),
        assignee=row.assignee,
        assigned_at=row.assigned_at,
        snoozed_until=row.snoozed_until,
        escalated_at=row.escalated_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=row.version,
        messages=_messages(tx, family, due),
        replies=tuple(_reply(one) for one in case_queries.replies(tx, *family)),
        notes=tuple(NoteSnapshot(one.author, one.text, one.at) for one in case_queries.notes(tx, *family)),
        as_of=desk.now(),
        composing=(row.composing, row.composing_at) if row.composing and row.composing_at else None,
        shifts=shift_pages.case_shifts(tx, desk, row, _earliest_open(due)),
        solutions=solution_pages.snapshots(tx, *family),
        missed=causes.newest_of(tx, desk, due, desk.now()),
        target=standings.target_of(desk, row.store, [one.anchor for one in due if one.state == "open"]),
        manual=automation.acting_on(tx, row.store),
    )


def _store_name(desk: Desk, key: str | None) -> str:
    store = desk.settings.stores.get(key or "")
    return store.name if store else ""


def _row(tx: Session, number: int) -> CaseRow:
    row = tx.get(CaseRow, number)
    if row is None:
        raise NotFound(f"There is no case {number}.", key="no_such_case", case=number)
    return row


def _earliest_open(due: Sequence[DeadlineRow]) -> datetime | None:
    return min((one.due_at for one in due if one.state == "open"), default=None)


def _closed_by(due: Sequence[DeadlineRow]) -> str:
    how = newest_end(due)
    if how.startswith("person:"):
        return "no_response_needed"
    return how.partition(":")[0] or "closed"


def _messages(tx: Session, family: Sequence[int], due: Sequence[DeadlineRow]) -> tuple[MessageSnapshot, ...]:
    rows = case_queries.messages(tx, *family)
    files: dict[int, list[tuple[str, int, str]]] = {}
    for message, name, size, danger in case_queries.attachments(tx, [row.id for row in rows]):
        files.setdefault(message, []).append((name, size, danger))
    duties = {one.message: one for one in due}
    names = {number: tx.get_one(CaseRow, number).buyer_name for number in family}
    whole = {row.id: hide(row.full_text or row.text, names[row.case]) for row in rows}
    return tuple(
        MessageSnapshot(
            id=row.id,
            received_at=row.received_at,
            text=hide(row.text, names[row.case]).text,
            full_text=whole[row.id].text,
            hidden=whole[row.id].counts,
            lang=row.lang,
            attachments=tuple(files.get(row.id, ())),
            due_at=duties[row.id].due_at if row.id in duties else None,
            deadline_state=duties[row.id].state if row.id in duties else None,
            thread=row.case,
        )
        for row in rows
    )


def _reply(row: ReplyRow) -> ReplySnapshot:
    return ReplySnapshot(
        id=row.id,
        author=row.author,
        state=row.state,
        template=row.template,
        text=row.text,
        then_close=row.then_close,
        created_at=row.created_at,
        not_before=row.not_before,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
        reason=row.reason,
    )


def case_of_reply(desk: Desk, reply: int) -> tuple[CaseSnapshot, ReplySnapshot]:
    """A reply, and the case that people work on. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(ReplyRow, reply)
        if row is None:
            raise NotFound(f"There is no reply {reply}.", key="no_such_reply")
        return snapshot(tx, desk, merging.working(tx, row.case)), _reply(row)


def case_of_typed(desk: Desk, message: int) -> tuple[CaseSnapshot, TypedSnapshot]:
    """A typed message, and the case that people work on. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(TypedMessageRow, message)
        if row is None or row.state == "draft":
            raise NotFound(f"There is no typed message {message}.", key="no_such_typed")
        found = snapshot(tx, desk, merging.working(tx, row.case))
        return found, next(one for one in found.typed if one.id == message)


def case_of_message(desk: Desk, message: int) -> CaseSnapshot:
    """The case in which people work on a buyer message. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(MessageRow, message)
        if row is None:
            raise NotFound(f"There is no buyer message {message}.", key="no_such_case", case=message)
        return snapshot(tx, desk, merging.working(tx, row.case))


def draft(desk: Desk, number: int, person: str) -> ReplySnapshot | None:
    """What `person` has half written for the case, or for one that was merged into it: the newest."""
    with desk.database.reading() as tx:
        rows = reply_queries.drafts_of(tx, merging.family(tx, number), person)
        return _reply(rows[0]) if rows else None


def notice(desk: Desk, mail: int) -> NoticeSnapshot:
    """The notice that a mail is. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(MailRow, mail)
        if row is None:
            raise NotFound(f"There is no mail {mail}.")
        return NoticeSnapshot(
            mail=row.id,
            kind=row.kind or "other",
            notice=row.notice,
            store_name=_store_name(desk, row.store),
            order_id=row.order_id,
            subject=hide(row.summary or "").text,
            case=None if row.case is None else merging.working(tx, row.case),
            arrived_at=row.arrived_at,
        )


def queue(
    desk: Desk,
    *,
    stores: Sequence[str] | None = None,
    assignee: str | None = None,
    unclaimed: bool = False,
    due_before: datetime | None = None,
) -> list[QueueLine]:
    """Open cases with an open deadline, most urgent first; narrowed as asked."""
    due = func.min(DeadlineRow.due_at)
    query = (
        select(CaseRow, due)
        .join(DeadlineRow, DeadlineRow.case == CaseRow.number)
        .where(DeadlineRow.state == "open")
        .group_by(CaseRow.number)
        .order_by(due, CaseRow.number)
    )
    if stores is not None:
        query = query.where(CaseRow.store.in_(stores) | CaseRow.store.is_(None))
    if assignee is not None:
        query = query.where(CaseRow.assignee == assignee)
    if unclaimed:
        query = query.where(CaseRow.assignee.is_(None))
    if due_before is not None:
        query = query.having(due <= due_before)
    with desk.database.reading() as tx:
        return [_line(desk, row, due_at) for row, due_at in tx.execute(query)]


def _line(desk: Desk, row: CaseRow, due_at: datetime | None) -> QueueLine:
    return QueueLine(
        number=row.number,
        kind=row.kind,
        store=row.store,
        store_name=_store_name(desk, row.store),
        marketplace=row.marketplace,
        first_name=first_name(row.buyer_name),
        topic=row.topic,
        assignee=row.assignee,
        due_at=due_at,
        channel=row.channel,
        snoozed_until=row.snoozed_until,
    )


def lines(desk: Desk, numbers: Sequence[int]) -> list[QueueLine]:
    """These cases as lines of a list, in the order given; a case without open deadline has none."""
    with desk.database.reading() as tx:
        due = func.min(DeadlineRow.due_at).filter(DeadlineRow.state == "open")
        rows = tx.execute(
            select(CaseRow, due)
            .outerjoin(DeadlineRow, DeadlineRow.case == CaseRow.number)
            .where(CaseRow.number.in_(numbers))
            .group_by(CaseRow.number)
        )
        found = {row.number: _line(desk, row, due_at) for row, due_at in rows}
    return [found[number] for number in numbers if number in found]


def board(
    desk: Desk,
    store: str | None = None,
    as_of: datetime | None = None,
    *,
    with_people: bool = True,
    by: str = "",
) -> Board:
    """Where one store stands, or all of them; broken down by a dimension if one is given. All of one instant.

    Days are those of the stores' zones. The queue, whose it is, and manual mode are of now, whatever `as_of` says."""
    now, zone_of = as_of or desk.now(), figures.zones_of(desk, store)
    with desk.database.reading() as tx:
        figure_spans.at_one_instant(tx)
        view, waiting = staff_at(tx, desk, desk.now()), present.queue(tx, store, now)
        today = figures.answered_today(tx, desk, store, now) if with_people else {}
        found = figures.pieces(tx, desk, store, by, as_of)
        return Board(
            as_of=now,
            zone=zone_of[0][1] if len({zone for _store, zone in zone_of}) == 1 else "",
            store=store,
            store_name=_store_name(desk, store),
            open_cases=waiting.cases,
            unclaimed=waiting.unclaimed,
            by_time_left=waiting.by_time_left,
            at_risk=tuple(_line(desk, *one) for one in present.at_risk(tx, store, now, AT_RISK)),
            periods=figures.in_periods(found),
            people=_people(tx, desk, store, waiting, today) if with_people else (),
            waiting_mails=mail_queries.count_new(tx),
            stuck_replies=reply_queries.count_stuck(tx, store),
            unstaffed=shift_pages.unstaffed(view, store),
            off_shift=shift_pages.off_shift(view),
            pings=rota_queries.pings_of(tx, now - timedelta(days=7), now) if with_people else {},
            medians={who: one.median_seconds for who, one in today.items() if one.median_seconds is not None},
            zones=tuple((_store_name(desk, key), zone) for key, zone in zone_of),
            by=by,
            breakdown=figures.broken_down(found, by) if by else (),
            standings=standings.standings(tx, desk, found, now, store),
            manual=automation.shown(tx, desk, store),
        )


def _people(
    tx: Session,
    desk: Desk,
    store: str | None,
    waiting: present.Queue,
    today: Mapping[str, figures.AnsweredToday],
) -> tuple[tuple[str, int, int], ...]:
    """(person, open cases, replies of today) of each agent."""
    return tuple(
        (who, waiting.by_person.get(who, 0), today[who].replies if who in today else 0)
        for who in access.people_of(tx, desk, store)
    )


def case_of_note(desk: Desk, note: int) -> tuple[CaseSnapshot, NoteSnapshot]:
    """A note and its case. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(NoteRow, note)
        if row is None:
            raise NotFound(f"There is no note {note}.")
        return snapshot(tx, desk, merging.working(tx, row.case)), NoteSnapshot(row.author, row.text, row.at)


def whose_notice(tx: Session, mail: int) -> tuple[str | None, str | None]:
    """(store, assignee of its case) of a notice."""
    row = tx.get_one(MailRow, mail)
    case = tx.get(CaseRow, merging.working(tx, row.case)) if row.case is not None else None
    return row.store, case.assignee if case else None
