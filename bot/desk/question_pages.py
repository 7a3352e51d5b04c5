"""Looking at questions to managers: how one stands, and what a case's history has of warnings. Nothing is changed."""

from sqlalchemy.orm import Session

from bot.db.queries import merging
from bot.db.queries import questions as queries
from bot.db.queries import replies as reply_queries
from bot.db.tables_questions import QuestionRow
from bot.desk import Desk
from bot.domain.policy import Finding
from bot.domain.snapshots import Question, WarningEvent
from bot.errors import NotFound


def question(desk: Desk, number: int) -> Question:
    """A question as it stands now. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(QuestionRow, number)
        if row is None:
            raise no_question(number)
        return drawn(tx, row)


def no_question(number: int) -> NotFound:
    """The error for a question that there is not."""
    return NotFound(f"There is no question {number}.", key="no_such_question")


def drawn(tx: Session, row: QuestionRow) -> Question:
    """A stored question as this transaction sees it."""
    case = merging.working(tx, row.case)
    family = merging.family(tx, case)
    answer = reply_queries.answer_since(tx, family, row.seen_reply)
    is_renewed = any(one.by == row.by and one.id > row.id for one in queries.of_cases(tx, *family))
    return Question(
        id=row.id,
        case=case,
        by=row.by,
        at=row.at,
        text=row.text,
        template=row.template,
        findings=tuple(Finding(**one) for one in row.findings),
        called=tuple(row.called),
        state="answered" if answer else "renewed" if is_renewed else "asked",
        seen=row.seen,
        seen_reply=row.seen_reply,
        answered_by=answer.author if answer else None,
    )


def history(tx: Session, *cases: int) -> tuple[WarningEvent, ...]:
    """When managers were asked in these cases, and what was sent over a warning; oldest first."""
    rows = queries.about_warnings(tx, *cases)
    return tuple(WarningEvent(row.what, row.who, row.at, tuple(row.facts["rules"])) for row in rows)
