"""What people read of an order: on the card in a line, in the details all of it; what is not known is said to be so."""

from dataclasses import replace

import pytest

from bot.domain.orders import CancelRequest
from bot.slack.inert import when
from bot.slack.views import case_card, modals
from tests.unit.view_samples import NOW, case
from tests.unit.view_samples_orders import DAY, article, full, kept, known, with_orders
from tests.unit.viewing import EN, ZH, words_of

ORDER = "305-1234567-1234567"


def whole(words: str) -> str:
    """Without what parts that which Slack would take for a link."""
    return words.replace("\u2060", "")


def card(name: str, say=EN) -> str:
    return whole(words_of(case_card.card(with_orders(kept()[name]), say)))


def details(name: str, say=EN) -> str:
    return whole(words_of(modals.details(with_orders(kept()[name]), say)))


def test_the_card_has_one_line_with_what_an_answer_needs():
    line = f"📦 shipped · the store ships it (FBM) · arrives by {when(NOW + 3 * DAY)} · foto.jpg B0EXAMPLE1"
    assert line in card("known").splitlines()
    assert "📦 已发货 · 卖家自发货（FBM） · 最晚" in card("known", ZH)
    assert "📦 shipped · Amazon ships it (FBA)" in card("by Amazon")
    assert "⚠ cancellation asked for" in card("full")
    assert "📦 status unknown · who ships it is unknown" in card("bare")


def test_who_has_the_card_read_aloud_hears_it():
    assert "📦 shipped · the store ships it (FBM) · arrives by 2026-11-27 01:20 UTC" in (
        case_card.card(with_orders(known()), EN).text
    )


@pytest.mark.parametrize("name", ["wanted", "locked", "failed", "removed"])
def test_what_is_not_known_takes_no_room_on_the_card(name: str):
    assert card(name) == whole(words_of(case_card.card(case(), EN)))


def test_an_order_that_amazon_does_not_know_stands_on_the_card():
    assert "📦 Amazon does not know this order" in card("missing")


def test_the_details_show_everything():
    shown = details("known")
    for words in (
        f"*Order {ORDER}*: shipped · the store ships it (FBM)",
        "Amazon.de",
        f"Bought {when(NOW - 4 * DAY)}",
        f"Ship between {when(NOW - 3 * DAY)} and {when(NOW - 2 * DAY)}",
        f"Deliver by {when(NOW + 3 * DAY)}",
        "• 2 × Lieferung · SKU foto.jpg · ASIN B0EXAMPLE1 · 19.90 EUR each",
        f"Package: foto.jpg B0EXAMPLE1 · on its way · shipped {when(NOW - DAY)}",
        "Amazon said so at",
    ):
        assert words in shown, words
    for words in (
        "Cancellation asked for* by the buyer: Lieferung",
        "Reason: Lieferung",
        "• and 2 more articles",
        "Package: no tracking number",
        "and 2 more packages",
        f"Replaces order {ORDER}",
        f"Exchange for order {ORDER}",
        "there was no answer at",
    ):
        assert words in details("full"), words


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("wanted", "not known yet; Amazon is asked while", "会向亚马逊查询"),
        ("failed", "Amazon gave no answer", "没有应答"),
        ("missing", "Amazon does not know it", "亚马逊没有本店铺的这个订单"),
        ("removed", "was removed", "一并删除"),
        ("locked", "it has to be authorised again", "需要重新授权"),
        ("known, locked", "it has to be authorised again", "需要重新授权"),
    ],
)
def test_what_is_not_known_is_said_plainly(name: str, english: str, chinese: str):
    assert english in details(name)
    assert chinese in details(name, ZH)


def test_where_amazon_is_not_asked_nothing_is_said_of_orders():
    assert "📦" not in words_of(modals.details(case(), EN))


def test_the_reason_of_a_cancellation_shows_no_number_of_the_buyers():

    asked = article(cancel_request=CancelRequest("BUYER", "Call me at +44 20 7946 0000"))
    shown = words_of(modals.details(with_orders(replace(full(), order=known(articles=(asked,)).order)), EN))
    assert "Call me" in shown
    assert "7946" not in shown
