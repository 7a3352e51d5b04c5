"""Writing to a buyer: form, draft, preview, send, undo. Only here does a text become a reply.

The checks of design.md 5.4 stand in `send`: a named agent with rights for the store, no finding
that blocks, nothing unfilled, and nothing that the agent has not seen.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, merging, outbox
from bot.db.queries import questions as question_queries
from bot.db.queries import replies as reply_queries
from bot.db.sealing import LOST
from bot.db.tables import CaseRow, ReplyRow
from bot.desk import Desk, access, automation, route, suggest
from bot.desk.change import changed, show_card
from bot.desk.facing import Facing, facing
from bot.desk.refusals import REPLY, record_refusal, require_allowed
from bot.desk.remarks import findings_of, remarks
from bot.desk.seen import require_standing
from bot.domain.blank import is_blank
from bot.domain.commitments import commitment
from bot.domain.deadlines import OPEN
from bot.domain.policy import Finding, for_manager, verdict
from bot.domain.policy.rewrites import applied
from bot.domain.said import said_mark
from bot.domain.snapshots import Preview
from bot.errors import Blocked, NotFound, Stale, WrongInput

LONGEST = 3000
_COMPOSING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a person asks to send.

    `seen` is the newest buyer message that they had before them, `seen_reply` the newest reply of
    the team; `anyway` says that one of these came while they wrote, and that they send all the same.
    `to` is the case whose address was previewed, where several were merged; `bulk` the bulk reply that it is part of;
    `by_hand`: they were told that manual mode is on, and send it all the same. `said`: the mark of the findings that
    the preview showed (domain/said.py), `stands` how the case stood (domain/seen.py); None where each is looked at by
    a rule of its own.
    """

    text: str = field(repr=False)
    fingerprint: str
    seen: int
    seen_reply: int = 0
    template: str | None = None
    then_close: bool = True
    anyway: bool = False
    to: int | None = None
    bulk: int | None = None
    by_hand: bool = False
    said: str | None = None
    stands: str | None = None


def fingerprint(text: str) -> str:
    """Hash of a text, to tell that what is sent is what was previewed."""
    return hashlib.sha256(text.encode()).hexdigest()


def exact(text: str) -> str:
    """The text as it will leave: newlines made one, spaces at line ends and blank ends gone. Idempotent."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n")


def save_draft(desk: Desk, number: int, text: str, template: str | None, *, by: str) -> None:
    """Keep what `by` has typed so far; an empty text removes the draft. Also of a case that was merged meanwhile."""
    with desk.database.writing() as tx:
        access.any_case_for(tx, desk, by, number)
        _keep(tx, number, text, template, by, desk.now())


def _keep(tx: Session, number: int, text: str, template: str | None, by: str, now: datetime) -> None:
    mine = reply_queries.drafts_of(tx, merging.family(tx, number), by)
    for old in mine if not text.strip() else mine[1:]:
        tx.delete(old)
    tx.flush()
    if not text.strip():
        return
    draft = mine[0] if mine else ReplyRow(author=by, state="draft", not_before=now)
    draft.case, draft.text, draft.template, draft.created_at = number, text, template, now
    tx.add(draft)


def compose(desk: Desk, number: int, *, by: str) -> tuple[str, datetime] | None:
    """`by` begins to write; returns who else has been writing in the last ten minutes, and since when."""
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        other = (case.composing, case.composing_at)
        case.composing, case.composing_at = by, now
        show_card(tx, case, now)
        if other[0] in (None, by) or other[1] is None or now - other[1] > _COMPOSING:
            return None
        return str(other[0]), other[1]


def preview(
    desk: Desk, number: int, text: str, template: str | None = None, *, by: str, to: int | None = None
) -> Preview:
    """What would leave, checked; it is kept as the draft of `by`, from which `send` takes it.

    `to` is the case whose address it shall go to, where several were merged; else whose turn it is.

    Raises NotAllowed, NotFound, WrongInput for a text that can't be sent at all.
    """
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        return preview_in(tx, desk, facing(tx, case, to), text, template, by)


def preview_in(tx: Session, desk: Desk, whom: Facing, text: str, template: str | None, by: str) -> Preview:
    """The same within a transaction."""
    now, final = desk.now(), exact(text)
    _keep(tx, whom.case.number, final, template, by, now)
    _require_sendable(whom.to, final)
    found = remarks(tx, desk, whom, final)
    if verdict(found.findings) == "block":
        record_refusal(tx, whom, found.findings, template, by=by, now=now)
    over, manual = for_manager(found.findings), automation.acting_on(tx, whom.case.store)
    return Preview(
        text=final,
        fingerprint=fingerprint(final),
        findings=found.findings,
        verdict=verdict(found.findings),
        seconds_to_undo=int(_undo_window(tx, desk, whom.case, now).total_seconds()),
        seen=case_queries.last_message_id(tx, *whom.threads) or 0,
        seen_reply=newest_reply(tx, whom),
        to=whom.to.number,
        rewrites=() if manual else found.rewrites,
        over=over,
        needs_manager=bool(over) and not access.is_manager(tx, desk, by, whom.case.store),
        manual=manual,
    )


def rewrite(desk: Desk, number: int, key: str, previewed: str, *, by: str, to: int | None = None) -> Preview:
    """Make the rewrite `key` in the draft of `by`, whose fingerprint is `previewed`, and preview what comes of it.

    `to` is as in `preview`.

    Raises NotAllowed, NotFound, WrongInput if the draft is another by now, Stale if the rewrite is made already.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        whom = facing(tx, case, to)
        draft = next(iter(reply_queries.drafts_of(tx, whom.family, by)), None)
        if draft is None or fingerprint(draft.text) != previewed:
            raise WrongInput("The text is not the one that was previewed.", key="not_previewed", case=number)
        wanted = [one for one in remarks(tx, desk, whom, draft.text).rewrites if one.key == key]
        if not wanted:
            raise Stale("The text has been changed already.", key="rewritten_already", case=number)
        facts = {"rewrite": key, "rules": wanted[0].rules}
        ledger.record(tx, now, by, "reply_rewritten", store=case.store, case=number, **facts)
        return preview_in(tx, desk, whom, applied(draft.text, wanted[0]), draft.template, by)


def send(desk: Desk, number: int, out: Outgoing, *, by: str) -> int:
    """Hold the reply for the undo window; returns its id. It leaves when the window is over.

    Raises NotAllowed, Blocked (a finding forbids it, or needs a manager), Stale (the buyer wrote again, or a colleague
    answered, closed or took the case, and they have not seen it; manual mode is on, or the text is warned of anew, and
    they do not know), WrongInput (not the previewed text, or no buyer to send to).
    """
    try:
        with desk.database.writing() as tx:
            automation.begin(tx)  # so that it is either held back by who switches, or knows of it
            return send_in(tx, desk, number, out, by=by)
    except Blocked:
        with desk.database.writing() as tx:  # that of the attempt is undone; that there was one is kept
            whom = facing(tx, access.case_for(tx, desk, by, number), out.to)
            found = findings_of(tx, desk, whom, out.text)
            if verdict(found) == "block":
                record_refusal(tx, whom, found, out.template, by=by, now=desk.now())
        raise


def send_in(tx: Session, desk: Desk, number: int, out: Outgoing, *, by: str) -> int:
    """The same within a transaction."""
    case = access.case_for(tx, desk, by, number)
    whom = facing(tx, case, out.to)
    _require_sendable(whom.to, out.text)
    if fingerprint(out.text) != out.fingerprint or exact(out.text) != out.text:
        raise WrongInput("The text is not the one that was previewed.", key="not_previewed", case=number)
    found = findings_of(tx, desk, whom, out.text)
    require_allowed(tx, desk, case, found, by, REPLY)
    require_fresh(tx, whom, out)
    require_standing(tx, case, out.stands, by)
    require_said(case, found, out.said)
    _require_by_hand(tx, case, out)
    row = _held_row(tx, desk, whom, out, by)
    tx.add(row)
    tx.flush()
    _announce(tx, case, row, out, found)
    show_questions(tx, case, row.created_at)
    return row.id


def require_said(case: CaseRow, found: Sequence[Finding], said: str | None) -> None:
    """That whoever sends it has seen what is said about it now: money may have been taken back. Raises Stale."""
    if found and said not in (None, said_mark(found)):
        raise Stale(
            f"Nothing was sent for case {case.number}: what is said about the text has changed since the preview.",
            key="said_anew",
            case=case.number,
        )


def _require_by_hand(tx: Session, case: CaseRow, out: Outgoing) -> None:
    """That in manual mode its sender says once more that it shall leave. Raises Stale."""
    mode = automation.acting_on(tx, case.store)
    if mode is not None and not out.by_hand:
        raise Stale(
            f"Reply to case {case.number} was not sent: manual mode is on. Look at the text once more, and say that it "
            "shall leave.",
            key="manual_on",
            case=case.number,
            at=mode.since,
        )


def _held_row(tx: Session, desk: Desk, whom: Facing, out: Outgoing, by: str) -> ReplyRow:
    now, case = desk.now(), whom.case
    for draft in reply_queries.drafts_of(tx, whom.family, by):
        tx.delete(draft)
    tx.flush()
    return ReplyRow(
        case=whom.to.number,
        answers=case_queries.last_message_id(tx, *whom.threads),
        author=by,
        state="held",
        template=out.template,
        edited=suggest.share_edited(tx, desk, (case.number, whom.to.number), out.template, out.text, by=by),
        text=out.text,
        salt=token_hex(32),
        then_close=out.then_close,
        created_at=now,
        not_before=now + _undo_window(tx, desk, case, now),
        by_hand=out.by_hand,
    )


def _announce(tx: Session, case: CaseRow, row: ReplyRow, out: Outgoing, found: Sequence[Finding]) -> None:
    by, now = row.author, row.created_at
    if case.assignee is None:
        route.give(tx, case, by, now, by=by)
    case.composing = case.composing_at = None
    warned = sorted({one.rule for one in found})
    facts = {"reply": row.id, "template": out.template, "anyway": out.anyway, "warned": warned}
    facts |= {"text": commitment(row.salt, "text", row.text)} if row.salt else {}
    facts |= {} if row.case == case.number else {"to": row.case}
    facts |= {} if out.bulk is None else {"bulk": out.bulk}
    changed(tx, case, now, by, "reply_held", **facts)
    if over := for_manager(found):
        facts = {"reply": row.id, "rules": list(over)}
        ledger.record(tx, now, by, "warning_overridden", store=case.store, case=case.number, **facts)
    outbox.put(tx, f"reply:{row.id}", case.channel, now, urgency=outbox.URGENT)


def show_questions(tx: Session, case: CaseRow, now: datetime) -> None:
    """Let the posts of what managers were asked in the case show whether it was answered."""
    rows = question_queries.of_cases(tx, *merging.family(tx, case.number))
    outbox.put_all(tx, [outbox.Put(f"question:{one.id}", case.channel) for one in rows], now)


def _require_sendable(case: CaseRow, text: str) -> None:
    if case.kind != "buyer" or not case.buyer_alias:
        raise WrongInput(
            f"Case {case.number} has no buyer address to answer to.", key="no_buyer_address", case=case.number
        )
    if is_blank(text):
        raise WrongInput("The reply is empty.", key="empty_reply")
    if len(text) > LONGEST:
        raise WrongInput(
            f"The reply has {len(text)} characters; at most {LONGEST} can leave.",
            key="too_long",
            length=len(text),
            most=LONGEST,
        )


def _undo_window(tx: Session, desk: Desk, case: CaseRow, now: datetime) -> timedelta:
    """No window when the deadline is near: waiting could cost it."""
    thresholds = desk.settings.thresholds
    skip = timedelta(minutes=thresholds.undo_skip_minutes_left)
    for deadline in case_queries.deadlines(tx, case.number):
        if deadline.state == OPEN and now <= deadline.due_at < now + skip:
            return timedelta(0)
    return thresholds.undo


def newest_reply(tx: Session, whom: Facing) -> int:
    """The newest reply that is no draft: SQLite gives the number of a deleted draft to the reply that replaces it."""
    settled = (one.id for one in case_queries.replies(tx, *whom.family) if one.state != "draft")
    return max(settled, default=0)


def require_fresh(tx: Session, whom: Facing, out: Outgoing) -> None:
    """That nothing came that the sender has not seen. Raises Stale."""
    newest = case_queries.last_message_id(tx, *whom.threads) or 0
    if newest < out.seen:
        raise Stale(
            f"Reply to case {whom.case.number} was not sent: the message that it answers is in another case by now.",
            key="message_moved",
            case=whom.case.number,
        )
    if newest > out.seen:
        raise Stale(
            f"Reply to case {whom.case.number} was not sent: the buyer wrote again. Read the new message first; "
            "your text is kept.",
            key="buyer_wrote_again",
            case=whom.case.number,
        )
    answer = reply_queries.answer_since(tx, whom.family, out.seen_reply)
    if answer is not None:
        raise Stale(
            f"Reply to case {whom.case.number} was not sent: {answer.author} has answered already.",
            key="answered_already",
            case=whom.case.number,
            who=answer.author,
            at=answer.created_at,
            reply=answer.id,
        )


def undo(desk: Desk, reply: int, *, by: str) -> int:
    """Call a held reply back; its text becomes its author's draft. Returns the case number. Raises Stale."""
    now = desk.now()
    with desk.database.writing() as tx:
        row, case = _held(tx, desk, reply, by)
        row.state, row.ended_at = "withdrawn", now
        back_to_draft(tx, row, now)
        changed(tx, case, now, by, "reply_withdrawn", reply=reply)
        show_questions(tx, case, now)
        outbox.put(tx, f"reply:{reply}", case.channel, now, urgency=outbox.URGENT)
        return case.number


def back_to_draft(tx: Session, row: ReplyRow, now: datetime) -> None:
    """The words of a reply that did not leave become its author's draft, unless there is a newer one.

    Nor do words that nobody can read: they are not stored again, and must not keep the reply from being held back.
    """
    case = merging.working(tx, row.case)
    if LOST in row.text:
        return
    if reply_queries.draft_of(tx, case, row.author) is None:
        draft = ReplyRow(case=case, author=row.author, state="draft", created_at=now, not_before=now)
        draft.template, draft.text = row.template, row.text
        tx.add(draft)


def send_now(desk: Desk, reply: int, *, by: str) -> None:
    """End the undo window of a held reply. Raises Stale if it is on its way already."""
    now = desk.now()
    with desk.database.writing() as tx:
        row, case = _held(tx, desk, reply, by)
        row.state, row.not_before = "queued", now
        changed(tx, case, now, by, "reply_hurried", reply=reply)
        outbox.put(tx, f"reply:{reply}", case.channel, now, urgency=outbox.URGENT)


def _held(tx: Session, desk: Desk, reply: int, by: str) -> tuple[ReplyRow, CaseRow]:
    row = reply_queries.locked(tx, reply)
    if row is None:
        raise NotFound(f"There is no reply {reply}.", key="no_such_reply")
    case = access.case_for(tx, desk, by, merging.working(tx, row.case))
    if row.state not in ("held", "queued"):
        raise Stale(
            f"Reply {reply} can't be called back: it is {row.state}.", key="too_late_to_undo", state=row.state
        )
    return row, case
