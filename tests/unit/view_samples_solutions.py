"""Invented solutions for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot.domain.money import Money
from bot.domain.snapshots import CaseSnapshot
from bot.domain.solutions import KINDS, Judged, Limits, Need, Solution, SolutionSnapshot
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import case_card, modals, solutions
from bot.slack.views.solutions import Typed
from tests.unit.view_samples import ANNA, LI_WEI, NOW, PLAIN, Words, case

WANG = "U0WANG"
LIMITS = ("EUR", Limits(Decimal("20"), Decimal("20"), Decimal("30"), Decimal("30")))
STATES = ("asked", "granted", "approved", "refused", "withdrawn")
NEEDS = (
    Need("percent", "25", "20"),
    Need("amount", "25.00 EUR", "20.00 EUR"),
    Need("full_value", "60.00 EUR", "30.00 EUR"),
    Need("resend_value", "60.00 EUR", "30.00 EUR"),
    Need("another_kind"),
    Need("over_order", "110.00 EUR", "100.00 EUR"),
    Need("other_currency"),
)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def given(kind: str = "partial_refund") -> Solution:
    amount = {"partial_refund": eur("25"), "full_refund": eur("100")}.get(kind)
    return Solution(kind, eur("100"), amount)


def solution(
    state: str = "asked", kind: str = "partial_refund", words: Words = PLAIN, number: int = 5
) -> SolutionSnapshot:
    is_decided = state in ("approved", "refused", "withdrawn")
    return SolutionSnapshot(
        id=number,
        case=1042,
        solution=given(kind),
        state=state,
        reason="damaged",
        note=words.text,
        needs=NEEDS if state != "granted" else (),
        by=ANNA,
        at=NOW,
        decided_by=WANG if is_decided else None,
        decided_at=NOW if is_decided else None,
    )


def typed(words: Words = PLAIN) -> Typed:
    return Typed("partial_refund", "100", "25", "damaged", words.text[:300])


def judged(needs: tuple[Need, ...] = NEEDS) -> Judged:
    return Judged(given(), needs, (WANG, LI_WEI) if needs else (), seen=4)


def with_solutions(words: Words = PLAIN) -> CaseSnapshot:
    every = tuple(solution(state, "resend", words, number) for number, state in enumerate(STATES, 10))
    return replace(case(words), solutions=every, rma="RMA-NORDLICHT-000012")


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows a solution."""
    new, later = case(words), with_solutions(words)
    yield "form", solutions.form(new, LIMITS, say)
    yield "form again", solutions.form(later, LIMITS, say, typed(words))
    yield "form in yen", solutions.form(new, ("JPY", LIMITS[1]), say)
    yield "preview alone", solutions.preview(new, judged(()), typed(words), say)
    yield "preview asks", solutions.preview(later, judged(), typed(words), say, meanwhile=True)
    for rma in (None, "RMA-NORDLICHT-000012"):
        back = Typed("return", reason="damaged")
        yield f"preview return {rma}", solutions.preview(new, Judged(None, rma=rma), back, say)
    yield "asked", solutions.asked(new, judged(), say)
    yield "card", case_card.card(later, say)
    yield "details", modals.details(later, say)
    for state in STATES:
        for kind in KINDS:
            one = solution(state, kind, words)
            yield f"post {state} {kind}", solutions.post(new, one, say)
            yield (
                f"approval {state} {kind}",
                solutions.approval(replace(later, solutions=(one, *later.solutions)), one, say),
            )
            if state in ("approved", "refused", "withdrawn"):
                yield f"told {state} {kind}", solutions.told(new, one, say)
