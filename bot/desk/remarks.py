"""What is to be said about a text before it leaves: the policy's findings, amounts that nobody granted, rewrites."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from bot.db.queries import solutions as solution_queries
from bot.db.tables import CaseRow
from bot.desk import Desk
from bot.desk.facing import Facing
from bot.desk.solutions import solution_of
from bot.domain.amounts import Amount, Decided, odd_amounts
from bot.domain.money import Money, written_money
from bot.domain.policy import Attachment, Context, Finding, check
from bot.domain.policy.rewrites import Edit, Rewrite, rewrites
from bot.domain.solutions import GIVEN
from bot.domain.typed_messages import TypedMessage

AMOUNT = "amount_mismatch"
"""The rule that only a case can break; `reply24 lint` knows no cases."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Findings in the order of their places, and what one click would change."""

    findings: tuple[Finding, ...]
    rewrites: tuple[Rewrite, ...]


def remarks(tx: Session, desk: Desk, whom: Facing, text: str) -> Remarks:
    """Everything that is to be said about `text` as a reply to this address."""
    context = _context(desk, whom.to, text)
    findings = check(text, context, desk.knowledge.phrases)
    made = rewrites(text, findings, context, desk.knowledge.phrases, whom.to.topic)
    odd, given = _odd(tx, whom, text)
    if not odd:
        return Remarks(findings, made)
    warned = (*findings, *(_finding(text, one, given) for one in odd))
    return Remarks(
        tuple(sorted(warned, key=lambda one: (one.start, one.end, one.rule))),
        (*made, *_granted_instead(text, odd, given, whom.to.lang)),
    )


def findings_of(tx: Session, desk: Desk, whom: Facing, text: str) -> tuple[Finding, ...]:
    """What is wrong with `text` as a reply to this address, in the order of its place."""
    return remarks(tx, desk, whom, text).findings


def findings_of_typed(tx: Session, desk: Desk, whom: Facing, message: TypedMessage) -> tuple[Finding, ...]:
    """The same of a typed message about the order of this address: of its text, and of its files by their names.

    It is no answer to anything, so it need not have the parts of one.
    """
    files = tuple(Attachment(one.name, one.content_type, len(one.content)) for one in message.files)
    context = replace(_context(desk, whom.to, message.text), parts_required=False, attachments=files)
    findings = check(message.text, context, desk.knowledge.phrases)
    odd, given = _odd(tx, whom, message.text)
    warned = (*findings, *(_finding(message.text, one, given) for one in odd))
    return tuple(sorted(warned, key=lambda one: (one.start, one.end, one.rule)))


def _odd(tx: Session, whom: Facing, text: str) -> tuple[list[Amount], set[Money]]:
    """Amounts in the text that nobody decided, and those that were granted."""
    decided = _decided(tx, whom)
    odd = [one for currency, known in decided.items() for one in odd_amounts(text, currency, known)]
    return odd, {money for known in decided.values() for money in known.given}


def _context(desk: Desk, case: CaseRow, text: str) -> Context:
    return Context(
        marketplace=case.marketplace,
        lang=case.lang,
        detected_lang=desk.knowledge.language_of(text, case.lang),
        order_id=case.order_id,
    )


def _decided(tx: Session, whom: Facing) -> dict[str, Decided]:
    """What was decided for the case's order, by currency; other cases about the same order count too.

    So does what was decided before the case was merged, or in the one that it was merged into: to the team it is one.
    """
    members = [tx.get_one(CaseRow, number) for number in whom.family]
    every = [
        row
        for one in members
        for row in solution_queries.of_order(tx, one.store or "", one.number, one.order_id)
    ]
    rows = list({row.id: row for row in every}.values())
    found = {}
    for currency in {row.currency for row in rows}:
        solutions = [(row.state in GIVEN, solution_of(row)) for row in rows if row.currency == currency]
        given = [one.amount for is_given, one in solutions if is_given and one.amount]
        total = Money(sum((money.amount for money in given), Decimal(0)), currency)
        known = {one.value for _is_given, one in solutions} | ({total} if given else set())
        refused = {one.amount for is_given, one in solutions if not is_given and one.amount}
        found[currency] = Decided(tuple(given), frozenset(known), frozenset(refused))
    return found


def _finding(text: str, odd: Amount, given: set[Money]) -> Finding:
    said = text[odd.start : odd.end]
    if given:
        amounts = " and ".join(sorted(map(str, given)))
        why = f"Granted for this order: {amounts}. The text says {said}."
    else:
        why = f"Nobody has agreed to {odd.money}; the text says {said}."
    do = "Write the amount that was granted, or ask for this one with Solution…."
    return Finding(AMOUNT, "warn", odd.start, odd.end, said, why, do)


def _granted_instead(
    text: str, odd: list[Amount], given: set[Money], lang: str | None
) -> tuple[Rewrite, ...]:
    """The one amount that was granted, in the way of the buyer's language; none if there are several."""
    if len(given) != 1:
        return ()
    (granted,) = given
    new = written_money(granted, lang or "en")
    edits = tuple(Edit(one.start, one.end, new) for one in odd)
    return (Rewrite(AMOUNT, (AMOUNT,), edits, tuple(text[one.start : one.end] for one in odd), new),)
