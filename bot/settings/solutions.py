"""Solutions as config/solutions.yaml spells them: RMA numbers, and what each role may decide alone."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError

from bot.domain.money import UNITS
from bot.domain.solutions import Limits, rma_code
from bot.settings.hints import did_you_mean
from bot.settings.positions import Keys
from bot.settings.strict import Strict
from bot.settings.values import Name

_CODE = re.compile(r"[A-Z0-9]{1,12}")


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(f'"{text}" is no code; expected up to 12 capitals and digits, such as US')
    return text


def _currency(text: str) -> str:
    if text not in UNITS:
        hint = did_you_mean(text.upper(), UNITS)
        raise ValueError(f'no marketplace has the currency "{text}".{hint} (expected: {", ".join(UNITS)})')
    return text


RmaCode = Annotated[str, AfterValidator(_code)]
Currency = Annotated[str, AfterValidator(_currency)]
Units = Annotated[Decimal, Field(ge=0, le=1_000_000)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]


class RoleLimits(Strict):
    """What an agent may decide alone for one order. 0: always with a second person."""

    partial_refund_percent: Percent = Decimal(20)
    partial_refund: Units = Decimal(20)
    full_refund: Units = Decimal(30)
    resend: Units = Decimal(30)

    def in_currency(self, unit: Decimal) -> Limits:
        """The limits in a currency of which `unit` is worth one."""
        return Limits(
            percent=self.partial_refund_percent,
            partial=self.partial_refund * unit,
            full=self.full_refund * unit,
            resend=self.resend * unit,
        )


class WiderLimits(RoleLimits):
    """The same for a manager; above them a second manager decides."""

    partial_refund_percent: Percent = Decimal(50)
    partial_refund: Units = Decimal(100)
    full_refund: Units = Decimal(200)
    resend: Units = Decimal(200)


class SolutionSettings(Strict):
    """What may be given to buyers, and how returns are numbered."""

    rma_codes: dict[Name, RmaCode] = Field(default_factory=dict)
    units: dict[Currency, Annotated[Decimal, Field(gt=0)]] = Field(default_factory=dict)
    agent: RoleLimits = RoleLimits()
    manager: WiderLimits = WiderLimits()

    def limits(self, role: Literal["agent", "manager"], currency: str) -> Limits:
        """What this role may decide alone, in `currency`."""
        unit = self.units.get(currency, UNITS[currency])
        return (self.manager if role == "manager" else self.agent).in_currency(unit)

    def rma_code(self, store: str) -> str:
        """What stands for the store in its RMA numbers."""
        return self.rma_codes.get(store, rma_code(store))


def solution_faults(tree: Mapping[str, object]) -> Iterator[tuple[Keys, str]]:
    """What does not fit together: codes of unknown stores, one code for two, agents who may do more than managers."""
    section, stores = tree.get("solutions"), tree.get("stores")
    section = section if isinstance(section, Mapping) else {}
    names = list(stores) if isinstance(stores, Mapping) else []
    yield from _code_faults(section.get("rma_codes"), names)
    agent, manager = (_written(section.get(role)) for role in ("agent", "manager"))
    for key, default in RoleLimits().model_dump().items():
        most = manager.get(key, getattr(WiderLimits(), key))
        if agent.get(key, default) > most:
            role = "agent" if key in agent else "manager"
            yield (
                ("solutions", role, key),
                f"an agent may decide {agent.get(key, default)} alone, a manager only {most}",
            )


def _written(limits: object) -> dict[str, Decimal]:
    """The numbers that are written there; what can't be a limit has a fault of its own."""
    found: dict[str, Decimal] = {}
    for key, value in limits.items() if isinstance(limits, Mapping) else ():
        try:
            found |= RoleLimits.model_validate({key: value}).model_dump(exclude_unset=True)
        except ValidationError:
            continue
    return found


def _code_faults(codes: object, stores: list[str]) -> Iterator[tuple[Keys, str]]:
    written = codes if isinstance(codes, Mapping) else {}
    for store in written:
        if stores and store not in stores:
            text = f'there is no store "{store}".{did_you_mean(str(store), stores)}'
            yield ("solutions", "rma_codes", store), f"{text} (expected: {', '.join(stores)})"
    owners: dict[object, str] = {}
    for store in stores:
        code = written.get(store, rma_code(str(store)))
        first = owners.setdefault(code, store)
        if first != store:
            text = f'the stores "{first}" and "{store}" would both have RMA numbers with {code}'
            yield ("solutions", "rma_codes", store), f"{text}; give one of them another code in rma_codes"
