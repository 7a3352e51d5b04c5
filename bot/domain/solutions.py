"""Solutions: what a team may give a buyer, who may decide it alone, and what needs a second person.

The three of the founding text: part of the money, all of it, the goods once more. reply24 records who
decided; it moves no money. Limits count everything that was given for an order, so that splitting a gift
changes nothing; where an order is not known, what its buyer was given may have been for it, and counts. Where
different order values were typed, the one that is stricter counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.domain.money import Money
from bot.errors import WrongInput

PARTIAL, FULL, RESEND = "partial_refund", "full_refund", "resend"
KINDS = (PARTIAL, FULL, RESEND)
RETURN = "return"
"""The fourth line of the menu: a return with an RMA number. It costs nothing, so nobody is asked."""
REASONS = ("damaged", "defective", "wrong_item", "missing_part", "not_arrived", "late", "goodwill", "other")
COUNTED = ("asked", "granted", "approved")
GIVEN = ("granted", "approved")
TEMPLATES = {PARTIAL: "refund_partial", FULL: "refund_full", RESEND: "resend", RETURN: "return_rma"}
"""The template that tells the buyer."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What a buyer gets. `value`: of the order; `amount`: what is refunded, None when goods are sent."""

    kind: str
    value: Money
    amount: Money | None = None

    @property
    def cost(self) -> Decimal:
        """What is paid back."""
        return self.amount.amount if self.amount else Decimal(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What somebody may decide alone for one order, in a currency: share of its value, amounts, values."""

    percent: Decimal
    partial: Decimal
    full: Decimal
    resend: Decimal


@dataclass(frozen=True, slots=True)
class Need:
    """Why a second person has to agree: `key` of the reason, what it comes to, and the most that is allowed.

    Keys: percent, amount, full_value, resend_value, another_kind, over_order, other_currency.
    """

    key: str
    found: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a solution would be, before it is stored. `seen`: the newest solution that was looked at, 0 for none.

    `approvers` are asked if `needs` is not empty. `rma` is the case's number, if there is one.
    """

    solution: Solution | None
    needs: tuple[Need, ...] = ()
    approvers: tuple[str, ...] = ()
    seen: int = 0
    rma: str | None = None


@dataclass(frozen=True, slots=True)
class SolutionSnapshot:
    """A solution as it stands. state: asked -> approved, refused; granted at once; withdrawn."""

    id: int
    case: int
    solution: Solution
    state: str
    reason: str
    note: str = field(repr=False)
    needs: tuple[Need, ...]
    by: str
    at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def is_given(self) -> bool:
        """Whether the buyer may be told of it."""
        return self.state in GIVEN


def made(kind: str, value: Money, amount: Money | None) -> Solution:
    """The solution that somebody wants. Raises WrongInput if it makes no sense."""
    if value.amount <= 0:
        raise WrongInput("The order value must be more than nothing.", key="solution_no_value")
    if kind == FULL:
        return Solution(kind, value, value)
    if kind == RESEND:
        return Solution(kind, value)
    if amount is None or amount.amount <= 0:
        raise WrongInput("A partial refund needs an amount.", key="solution_no_amount")
    if amount.amount >= value.amount:
        raise WrongInput("That is the whole order value: choose a full refund.", key="solution_not_partial")
    return Solution(kind, value, amount)


def needs(
    wanted: Solution, earlier: Sequence[Solution], stated: Sequence[Money], limits: Limits
) -> tuple[Need, ...]:
    """Why `wanted` needs a second person; empty if it does not.

    `earlier` is what counts for the same order already, `stated` each order value that was ever typed for
    it, also in what was refused. `limits` are in the currency of `wanted`.
    """
    currency = wanted.value.currency
    if any(one.value.currency != currency for one in earlier):
        return (Need("other_currency"),)
    values = [wanted.value.amount, *(one.amount for one in stated if one.currency == currency)]
    found = list(_above(wanted, earlier, values, limits))
    refunds = sum((one.cost for one in (*earlier, wanted)), Decimal(0))
    if refunds > min(values):
        found.append(Need("over_order", _said(refunds, currency), _said(min(values), currency)))
    if any(one.kind != wanted.kind for one in earlier):
        found.append(Need("another_kind"))
    return tuple(found)


def _above(
    wanted: Solution, earlier: Sequence[Solution], values: Sequence[Decimal], limits: Limits
) -> list[Need]:
    same = [one for one in earlier if one.kind == wanted.kind]
    currency = wanted.value.currency
    if wanted.kind != PARTIAL:
        most = limits.full if wanted.kind == FULL else limits.resend
        total = max(values) * (len(same) + 1)
        key = "full_value" if wanted.kind == FULL else "resend_value"
        return [Need(key, _said(total, currency), _said(most, currency))] if total > most else []
    total = sum((one.cost for one in (*same, wanted)), Decimal(0))
    found = []
    if total * 100 > min(values) * limits.percent:
        found.append(Need("percent", _percent(total, min(values)), _plain(limits.percent)))
    if total > limits.partial:
        found.append(Need("amount", _said(total, currency), _said(limits.partial, currency)))
    return found


def _percent(part: Decimal, whole: Decimal) -> str:
    return _plain((part * 100 / whole).quantize(Decimal("0.1")))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _said(amount: Decimal, currency: str) -> str:
    return str(Money(amount, currency))


def rma_code(store: str) -> str:
    """What stands for a store in its RMA numbers, where the settings say nothing: acme-us -> ACMEUS."""
    return "".join(letter for letter in store.upper() if letter.isalnum())[:12]


def rma_number(code: str, serial: int | None = None) -> str:
    """An RMA number, or how all with `code` begin. RMA-: the policy check knows such numbers for what they are."""
    return f"RMA-{code}-" + (f"{serial:06d}" if serial is not None else "")
