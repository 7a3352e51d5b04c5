"""Asking managers to send a text over a warning, and their look at it. How one stands: desk/question_pages.py.

A question keeps the text as it was asked. Whoever looks has it as their own draft from then on, and sends it, or what
they make of it, in their own name.
"""

from dataclasses import asdict

from sqlalchemy.orm import Session

from bot.db.queries import merging, outbox
from bot.db.queries import questions as queries
from bot.db.queries import replies as reply_queries
from bot.db.tables_questions import QuestionRow
from bot.desk import Desk, access
from bot.desk.change import changed
from bot.desk.facing import Facing, facing
from bot.desk.question_pages import drawn, no_question
from bot.desk.remarks import findings_of
from bot.desk.reply import Outgoing, fingerprint, preview_in, require_fresh, show_questions
from bot.desk.seen import require_standing
from bot.desk.shifts import staff_at
from bot.domain.policy import for_manager, verdict
from bot.domain.snapshots import Preview, Question
from bot.errors import Stale, WrongInput


def ask(desk: Desk, number: int, out: Outgoing, *, by: str) -> tuple[Question, bool]:
    """Ask the managers of the store to send the draft of `by`, as `out` describes it; the draft stays.

    Gives the question, and whether it is new: to ask for the same text again changes nothing. Raises NotAllowed,
    NotFound, WrongInput if the draft is another by now, Stale as `reply.send` does and if nobody needs to be asked.
    """
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        whom = facing(tx, case, out.to)
        draft = next(iter(reply_queries.drafts_of(tx, whom.family, by)), None)
        if draft is None or fingerprint(draft.text) != out.fingerprint:
            raise WrongInput("The text is not the one that was previewed.", key="not_previewed", case=number)
        found = findings_of(tx, desk, whom, draft.text)
        over = for_manager(found)
        if not over or verdict(found) == "block" or access.is_manager(tx, desk, by, case.store):
            raise Stale("What is said about the text has changed.", key="question_needless", case=number)
        require_fresh(tx, whom, out)
        require_standing(tx, case, out.stands, by)
        known = _known(tx, whom, draft.text, by)
        if known is not None:
            return drawn(tx, known), False
        row = _row(tx, desk, whom, out, by)
        row.text, row.template = draft.text, draft.template
        row.findings = [asdict(one) for one in found if one.rule in over]
        tx.add(row)
        tx.flush()
        facts = {"question": row.id, "rules": list(over), "called": row.called}
        changed(tx, case, row.at, by, "manager_asked", **facts)
        show_questions(tx, case, row.at)
        outbox.put(tx, f"question:{row.id}", case.channel, row.at, urgency=outbox.URGENT)
        return drawn(tx, row), True


def _row(tx: Session, desk: Desk, whom: Facing, out: Outgoing, by: str) -> QuestionRow:
    """With whom its post calls: recorded before it is posted, as for pings."""
    now, store = desk.now(), whom.case.store
    view = staff_at(tx, desk, now)
    managers = access.people_of(tx, desk, store, managers=True)
    return QuestionRow(
        case=whom.to.number,
        by=by,
        at=now,
        called=[one for one in managers if view.may_be_called(one, store)],
        seen=out.seen,
        seen_reply=out.seen_reply,
    )


def _known(tx: Session, whom: Facing, text: str, by: str) -> QuestionRow | None:
    """The question that asks just this already, and still waits."""
    mine = [one for one in queries.of_cases(tx, *whom.family) if one.by == by]
    if not mine or (mine[-1].text, mine[-1].case) != (text, whom.to.number):
        return None
    return None if drawn(tx, mine[-1]).state == "answered" else mine[-1]


def look(desk: Desk, number: int, *, by: str) -> tuple[Question, Preview]:
    """A manager looks at what was asked: the text becomes their draft, as in a preview of their own.

    Raises NotFound, NotAllowed, Stale if the same person asked about another text since.
    """
    with desk.database.writing() as tx:
        row = tx.get(QuestionRow, number)
        if row is None:
            access.require_agent(tx, desk, by)
            raise no_question(number)
        case = access.case_for(tx, desk, by, merging.working(tx, row.case))
        access.require_manager(tx, desk, by, case.store)
        asked = drawn(tx, row)
        if asked.state == "renewed":
            raise Stale("They asked about another text since.", key="question_renewed", who=row.by)
        whom = facing(tx, case, row.case)
        return asked, preview_in(tx, desk, whom, row.text, row.template, by)
