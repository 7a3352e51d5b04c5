"""What an order fills into a template: what is sure, in the reply's language, days as the marketplace counts them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.order_values import fulfilment_of, values_of
from bot.domain.orders import FulfilledBy, PackageStatus, Window
from tests.unit.view_samples_orders import article, order, package

LAMP = replace(
    order(articles=(article(title="Lamp", asin="B0LAMP"),)),
    deliver_by=Window(None, datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
    packages=(
        package(carrier="DHL", tracking="JJD1", shipped_at=datetime(2026, 11, 24, 23, 30, tzinfo=UTC)),
    ),
)


def test_everything_that_is_sure_is_filled_in():
    assert values_of(LAMP, None, "de") == {
        "product": "Lamp",
        "carrier": "DHL",
        "tracking": "JJD1",
        "ship_date": "25. November 2026",
        "promised_date": "1. Dezember 2026",
    }


def test_of_several_packages_none_is_named_and_cancelled_ones_do_not_count():
    two = replace(LAMP, packages=(LAMP.packages[0], package(tracking="JJD2")))
    assert {"carrier", "tracking", "ship_date"} & set(values_of(two, None, "en")) == set()
    gone = package(tracking="JJD2", status=PackageStatus.CANCELLED)
    assert values_of(replace(LAMP, packages=(gone, *LAMP.packages)), None, "en")["tracking"] == "JJD1"
    untracked = replace(LAMP, packages=(package(carrier="", tracking="", shipped_at=None),))
    assert set(values_of(untracked, None, "en")) == {"product", "promised_date"}


def test_of_several_articles_the_one_that_the_case_is_about():
    two = replace(LAMP, articles=(*LAMP.articles, article(title="Bulb", asin="B0BULB")))
    assert values_of(two, "B0BULB", "en")["product"] == "Bulb"
    assert "product" not in values_of(two, None, "en")
    assert "product" not in values_of(replace(LAMP, articles=()), "B0BULB", "en")


def test_a_long_title_ends_after_a_word():
    long = replace(LAMP, articles=(article(title="Lamp, " + "very bright " * 20),))
    found = values_of(long, None, "en")["product"]
    assert found.startswith("Lamp, very bright")
    assert (len(found) <= 80, found.rsplit(" ", 1)[1] in ("very", "bright")) == (True, True)


@pytest.mark.parametrize(
    ("place", "latest", "said"),
    [
        pytest.param("US", "2026-12-02T07:59:59+00:00", "December 1, 2026", id="midnight of the Pacific"),
        pytest.param("US", "2026-12-02T04:59:59+00:00", "December 1, 2026", id="midnight of New York"),
        pytest.param("DE", "2026-12-01T22:59:59+00:00", "December 1, 2026", id="midnight of Berlin"),
        pytest.param("JP", "2026-12-01T14:59:59+00:00", "December 1, 2026", id="midnight of Tokyo"),
        pytest.param("UK", "2026-12-01T20:00:00+00:00", "December 1, 2026", id="an evening"),
    ],
)
def test_the_promised_day_is_the_marketplaces(place: str, latest: str, said: str):
    promised = replace(LAMP, marketplace=place, deliver_by=Window(None, datetime.fromisoformat(latest)))
    assert values_of(promised, None, "en")["promised_date"] == said


def test_without_a_marketplace_or_a_promise_no_day_is_said():
    assert {"ship_date", "promised_date"} & set(values_of(replace(LAMP, marketplace=""), None, "en")) == set()
    assert "promised_date" not in values_of(replace(LAMP, deliver_by=None), None, "en")


def test_who_ships_is_said_as_templates_say_it():
    said = [fulfilment_of(replace(LAMP, fulfilled_by=one)) for one in FulfilledBy]
    assert (said, fulfilment_of(None)) == (["amazon", "merchant", None], None)
