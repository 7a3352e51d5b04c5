"""What the check refuses: what whoever would send it is told, and what the ledger keeps of it; never the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger
from bot.db.queries.causes import BLOCKED
from bot.db.queries.questions import about_warnings
from bot.db.tables import CaseRow
from bot.desk import Desk, access
from bot.desk.facing import Facing
from bot.domain.policy import Finding, for_manager, verdict
from bot.errors import Blocked


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be sent, as its refusals call it: in English, and by the keys of their texts."""

    name: str
    blocked: str
    manager_needed: str
    advice: str = ""


REPLY = Writing("reply to", "blocked", "manager_needed", " Mend the text, or ask a manager.")
TYPED = Writing("message about", "typed_blocked", "typed_manager_needed")


def blocking_rules(found: Sequence[Finding]) -> list[str]:
    """The rules by which these findings forbid a text, sorted; none if they do not."""
    return sorted({one.rule for one in found if one.severity == "block"})


def require_allowed(
    tx: Session, desk: Desk, case: CaseRow, found: Sequence[Finding], by: str, what: Writing
) -> None:
    """That no finding forbids it, nor needs a manager whom `by` is not. Raises Blocked."""
    refused = f"The {what.name} case {case.number} was not sent"
    if verdict(found) == "block":
        text = f"{refused}: it breaks Amazon's rules ({', '.join(blocking_rules(found))})."
        raise Blocked(text, key=what.blocked, case=case.number)
    over = for_manager(found)
    if over and not access.is_manager(tx, desk, by, case.store):
        raise Blocked(
            f"{refused}: only a manager may send it over a warning ({', '.join(over)}).{what.advice}",
            key=what.manager_needed,
            case=case.number,
            who=access.people_of(tx, desk, case.store, managers=True),
        )


def may_still_send(tx: Session, desk: Desk, author: str, case: CaseRow, **one: int) -> bool:
    """Whether `author` may send now what they sent before: as `one` (reply, or typed) of the case people work on.

    They work for its store; and if they sent it over a warning that is for managers, they are a manager still.
    """
    agent = access.agent_of(tx, desk, author)
    if access.may_manage(agent, case.store):
        return True
    over = [row.facts for row in about_warnings(tx, case.number) if row.what == "warning_overridden"]
    return access.may_work(agent, case.store) and not any(one.items() <= facts.items() for facts in over)


def record_refusal(
    tx: Session, whom: Facing, found: Sequence[Finding], template: str | None, *, by: str, now: datetime
) -> None:
    """Record that `by` wrote what may not leave. `answers`: the newest buyer message that it would have answered."""
    ledger.record(
        tx,
        now,
        by,
        BLOCKED,
        store=whom.case.store,
        case=whom.case.number,
        to=whom.to.number,
        answers=case_queries.last_message_id(tx, *whom.threads) or 0,
        rules=blocking_rules(found),
        template=template,
    )
