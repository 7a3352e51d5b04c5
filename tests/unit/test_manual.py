"""Where manual mode acts, what is bad about a look at Account Health, and what a manager writes to Amazon."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.breaker import ACCOUNT, BOUNCED, CAUSES, RATE_DROP, Trip
from bot.domain.contact_texts import TEXTS
from bot.domain.manual import ALL, HealthLook, ManualMode, Paused, acting, alarms
from bot.domain.runbook import ORDERS, Concerned, contact_text
from bot.domain.templates import SHIPPED_LANGUAGES

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def mode(scope: str, number: int = 1, **changes: object) -> ManualMode:
    return ManualMode(number, scope, NOW - number * HOUR, "U0WANG", "", **changes)


@pytest.mark.parametrize(
    ("scopes", "store", "found"),
    [
        pytest.param(["acme"], "acme", "acme", id="its own"),
        pytest.param(["acme"], "other", None, id="another store's"),
        pytest.param([ALL], "acme", ALL, id="that of all"),
        pytest.param([ALL, "acme"], "acme", "acme", id="its own comes first"),
        pytest.param(["acme"], None, None, id="a review card has no store"),
        pytest.param([ALL], None, ALL, id="but is stopped with all"),
        pytest.param([], "acme", None, id="none"),
    ],
)
def test_what_acts_on_a_store(scopes: list[str], store: str | None, found: str | None) -> None:
    one = acting([mode(scope, number) for number, scope in enumerate(scopes, 1)], store)
    assert (one.scope if one else None) == found
    assert Paused(frozenset(scopes)).has(store) == (found is not None)


def test_one_that_is_over_acts_no_more() -> None:
    assert acting([mode("acme", ended_at=NOW)], "acme") is None


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        pytest.param((0.95, 0.004, "healthy"), None, (), id="all is well"),
        pytest.param((0.90, None, None), None, (), id="exactly the minimum keeps it"),
        pytest.param((0.899, None, None), None, ("rate_low",), id="below it"),
        pytest.param((None, 0.01, None), None, ("defects_high",), id="Amazon wants less than one per cent"),
        pytest.param((0.94, 0.005, None), (0.95, 0.004), ("defects_rose", "rate_fell"), id="the wrong way"),
        pytest.param((0.96, 0.003, None), (0.95, 0.004), (), id="the right way"),
        pytest.param((None, None, "critical"), (0.95, 0.004), ("standing",), id="nothing to compare"),
    ],
)
def test_alarms(
    now: tuple[float | None, float | None, str | None],
    before: tuple[float, float] | None,
    found: tuple[str, ...],
) -> None:
    earlier = HealthLook("acme", NOW - HOUR, "U0WANG", *before) if before else None
    assert alarms(HealthLook("acme", NOW, "U0WANG", *now), earlier, 0.9) == found


def test_the_texts_are_in_every_language_that_we_ship() -> None:
    assert sorted(TEXTS) == sorted(SHIPPED_LANGUAGES)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("cause", [*(one for one in CAUSES if one != ACCOUNT), None])
def test_each_text_has_the_figures_the_orders_and_nothing_left_open(language: str, cause: str | None) -> None:
    usual = 0.951 if cause == RATE_DROP else None
    trip = Trip(cause, 7, 19, NOW - 5 * HOUR, NOW - HOUR, (1,), usual) if cause else None
    orders = [
        Concerned("305-1234567-1234567", NOW - HOUR, "late" if cause == RATE_DROP else cause or BOUNCED)
    ]
    subject, text = contact_text(mode("acme", trip=trip), "Acme Home", orders, language, now=NOW)
    assert not re.search(r"[{}]|None", subject + text)
    assert "Acme Home" in text
    assert "305-1234567-1234567" in text
    assert "2026-11-25 08:00 UTC" in text
    if cause:
        assert "7" in text
        assert "19" in text
    assert ("63.1 %" in text, "95.1 %" in text) == ((cause == RATE_DROP,) * 2)


@pytest.mark.parametrize("language", TEXTS)
def test_of_an_account_it_says_how_amazons_mind_changed(language: str) -> None:
    trip = Trip(ACCOUNT, 0, 0, NOW - HOUR, NOW - HOUR, before="NORMAL", after="AT_RISK")
    subject, text = contact_text(mode("acme", trip=trip), "Acme Home", [], language, now=NOW)
    assert not re.search(r"[{}]|None", subject + text)
    for said in ("Acme Home", "NORMAL", "AT_RISK", "2026-11-25 08:00 UTC"):
        assert said in text


def test_the_newest_orders_are_named_and_no_more_than_a_form_takes() -> None:
    orders = [Concerned(f"305-0000000-{one:07}", NOW + one * HOUR, BOUNCED) for one in range(50)]
    trip = Trip(BOUNCED, 50, 60, NOW, NOW, ())
    _subject, text = contact_text(mode("acme", trip=trip), "Acme", orders, "en", now=NOW)
    assert text.count("305-") == ORDERS
    assert orders[-1].order_id in text
    assert len(text) < 3000
