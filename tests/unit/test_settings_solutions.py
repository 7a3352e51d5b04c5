"""config/solutions.yaml: what it may say, and what is told about mistakes in it."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.policy import Context, check
from bot.domain.solutions import rma_number
from bot.domain.template_check import sample_orders
from bot.domain.templates import SHIPPED_LANGUAGES, fill
from bot.errors import ConfigError
from bot.settings import load_settings, shipped
from bot.settings.solutions import SolutionSettings
from tests import world
from tests.unit.test_settings import config  # noqa: F401 - a fixture


@pytest.fixture
def folder(config: Path) -> Path:  # noqa: F811 - the fixture of that name
    return config


def faults(folder: Path, text: str) -> list[str]:
    (folder / "solutions.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(folder, {})
    return [fault.replace(str(folder), "config") for fault in caught.value.faults]


def test_the_numbers_in_the_example_are_the_defaults(folder: Path) -> None:
    written = load_settings(shipped("config"), {}).solutions
    (folder / "solutions.yaml").unlink()
    missing = load_settings(folder, {}).solutions
    assert (written.agent, written.manager) == (missing.agent, missing.manager)
    assert (written.rma_code("acme-us"), missing.rma_code("acme-us")) == ("US", "ACMEUS")


def test_limits_are_in_the_currency_of_the_order() -> None:
    solutions = SolutionSettings(units={"SEK": Decimal(10)})
    euros, yen = solutions.limits("agent", "EUR"), solutions.limits("agent", "JPY")
    assert (euros.percent, euros.partial, euros.full, euros.resend) == (20, 20, 30, 30)
    assert (yen.percent, yen.partial, yen.full) == (20, 3000, 4500)
    assert solutions.limits("manager", "SEK").partial == 1000


def test_a_number_with_a_point_is_exact(folder: Path) -> None:
    (folder / "solutions.yaml").write_text("solutions:\n  agent:\n    partial_refund: 12.10\n")
    assert load_settings(folder, {}).solutions.agent.partial_refund == Decimal("12.1")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (
            "  agents:\n    resend: 5",
            'config/solutions.yaml:2:3: solutions.agents: unknown key. Did you mean "agent"? '
            "(expected: rma_codes, units, agent, manager)",
        ),
        (
            "  agent:\n    resend: lots",
            'config/solutions.yaml:3:5: solutions.agent.resend: expected a number, found "lots"',
        ),
        (
            "  agent:\n    partial_refund_percent: 120",
            "config/solutions.yaml:3:5: solutions.agent.partial_refund_percent: expected less than or equal to 100, "
            'found "120"',
        ),
        (
            "  agent:\n    resend: 300",
            "config/solutions.yaml:3:5: solutions.agent.resend: an agent may decide 300 alone, a manager only 200",
        ),
        (
            "  manager:\n    full_refund: 10",
            "config/solutions.yaml:3:5: solutions.manager.full_refund: an agent may decide 30 alone, a manager only 10",
        ),
        (
            "  rma_codes:\n    acme-uk: UK",
            'config/solutions.yaml:3:5: solutions.rma_codes.acme-uk: there is no store "acme-uk". Did you mean '
            '"acme-us"? (expected: acme-us, acme-eu)',
        ),
        (
            "  rma_codes:\n    acme-us: X\n    acme-eu: X",
            'config/solutions.yaml:4:5: solutions.rma_codes.acme-eu: the stores "acme-us" and "acme-eu" would both '
            "have RMA numbers with X; give one of them another code in rma_codes",
        ),
        (
            "  rma_codes:\n    acme-us: us-1",
            'config/solutions.yaml:3:5: solutions.rma_codes.acme-us: "us-1" is no code; expected up to 12 capitals '
            "and digits, such as US",
        ),
        (
            "  units:\n    EURO: 1",
            'config/solutions.yaml:3:5: solutions.units.EURO: no marketplace has the currency "EURO". Did you mean '
            '"EUR"? (expected: EUR, USD, GBP, CAD, AUD, SGD, PLN, AED, SAR, MXN, ZAR, BRL, SEK, TRY, EGP, INR, JPY)',
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(folder: Path, lines: str, fault: str) -> None:
    assert faults(folder, f"solutions:\n{lines}\n") == [fault]


@pytest.mark.parametrize("code", ["NORDLICHT", "US", "12345", "A1B2"])
def test_the_policy_check_takes_our_numbers_for_what_they_are(code: str) -> None:
    known = world.knowledge()
    for lang in SHIPPED_LANGUAGES:
        for serial in (1, 999_999, 1_234_567):
            values = sample_orders(lang)["full"] | {"rma": rma_number(code, serial)}
            text = fill(known.templates.get("return_rma", lang), values).text
            assert check(text, Context(lang=lang, order_id=values["order_id"]), known.phrases) == ()
