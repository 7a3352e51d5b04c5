"""Invented orders for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.domain.kept_orders import FAILED, KNOWN, MISSING, WANTED, KeptOrder
from bot.domain.money import Money
from bot.domain.orders import (
    Article,
    CancelRequest,
    FulfilledBy,
    LinkKind,
    Order,
    OrderLink,
    OrderStatus,
    Package,
    PackageStatus,
    Window,
)
from bot.domain.snapshots import CaseSnapshot
from bot.domain.solicitations import FAILED as NOT_ASKED
from bot.domain.solicitations import NOT_OFFERED, REFUSED, SENDING, SENT, UNSURE, ReviewPanel, Solicitation
from bot.domain.solicitations import WANTED as REVIEW_WANTED
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import case_card, modals
from bot.slack.views import solicitations as views
from tests.unit.view_samples import HOUR, LI_WEI, NOW, PLAIN, Words, case

DAY = timedelta(days=1)


def article(words: Words = PLAIN, **changes: object) -> Article:
    price = Money(Decimal("19.90"), "EUR")
    return replace(Article("1", words.asin, words.file, words.short, 2, price), **changes)


def package(words: Words = PLAIN, **changes: object) -> Package:
    made = Package("1", words.file, words.asin, PackageStatus.IN_TRANSIT, "", NOW - DAY)
    return replace(made, **changes)


def order(words: Words = PLAIN, **changes: object) -> Order:
    """A lamp that the store shipped, on its way."""
    made = Order(
        words.order,
        "DE",
        OrderStatus.SHIPPED,
        FulfilledBy.MERCHANT,
        NOW - 4 * DAY,
        NOW - DAY,
        Window(NOW - 3 * DAY, NOW - 2 * DAY),
        Window(None, NOW + 3 * DAY),
        (article(words),),
        (package(words),),
    )
    return replace(made, **changes)


def known(words: Words = PLAIN, *, late: bool = False, **changes: object) -> KeptOrder:
    asked = NOW if late else NOW - HOUR
    return KeptOrder(words.order, KNOWN, order(words, **changes), asked, NOW - HOUR, is_late=late)


def full(words: Words = PLAIN) -> KeptOrder:
    """Everything that an order can have."""
    requests = (
        CancelRequest("BUYER", words.short),
        CancelRequest("SELLER", ""),
        CancelRequest(words.name, ""),
    )
    articles = [article(words, cancel_request=one) for one in requests]
    articles += [article(words, title="", quantity=None, price=None, sku="", asin="")] * 9
    packages = [package(words, status=one) for one in PackageStatus]
    return known(
        words,
        late=True,
        ship_by=Window(NOW, None),
        articles=tuple(articles),
        packages=(package(words, tracking="", shipped_at=None), *packages),
        links=tuple(OrderLink(words.order, kind) for kind in LinkKind),
    )


def bare(words: Words = PLAIN) -> KeptOrder:
    """An order of which Amazon said nothing."""
    said = Order(words.order, "", OrderStatus.UNKNOWN, FulfilledBy.UNKNOWN, None, None, None, None)
    return KeptOrder(words.order, KNOWN, said, NOW, NOW)


def kept(words: Words = PLAIN) -> dict[str, KeptOrder]:
    wanted = KeptOrder(words.order, WANTED)
    return {
        "wanted": wanted,
        "locked": replace(wanted, locked_since=NOW - HOUR),
        "failed": KeptOrder(words.order, FAILED, asked_at=NOW, is_late=True),
        "missing": KeptOrder(words.order, MISSING, asked_at=NOW),
        "removed": KeptOrder(words.order, KNOWN, None, NOW, NOW),
        "known": known(words),
        "known, locked": replace(known(words), locked_since=NOW),
        "full": full(words),
        "bare": bare(words),
        "not delivered": known(
            words,
            packages=(
                package(words, status=PackageStatus.UNDELIVERABLE),
                package(words, status=PackageStatus.UNKNOWN),
            ),
        ),
        **{f"status {one.lower()}": known(words, status=one) for one in OrderStatus},
        "by Amazon": known(words, fulfilled_by=FulfilledBy.AMAZON, packages=()),
    }


def with_orders(*orders: KeptOrder, words: Words = PLAIN) -> CaseSnapshot:
    return case(words, orders=orders)


CODES = ("manual_mode", "no_manager", "off", "risk", "claim", "unreachable", "locked_out")
"""Why a request for a review did not leave."""


def solicitations(words: Words = PLAIN) -> dict[str, Solicitation]:
    """A request for a review in each state."""
    made = Solicitation(5, words.order, 1042, SENT, LI_WEI, NOW - HOUR, NOW)
    states = (REVIEW_WANTED, SENDING, SENT, UNSURE, NOT_OFFERED)
    return {
        **{state: replace(made, state=state) for state in states},
        "refused": replace(made, state=REFUSED, code=words.asin),
        "refused without a code": replace(made, state=REFUSED),
        **{f"failed, {code}": replace(made, state=NOT_ASKED, code=code) for code in CODES},
    }


def _reviews(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    shown = with_orders(known(words), words=words)
    asked = ReviewPanel(1042, words.order, may_ask=True)
    yield "details: a review may be asked for", modals.details(shown, say, review=asked)
    for name, one in solicitations(words).items():
        panel = ReviewPanel(1042, words.order, one, may_ask=one.state == NOT_OFFERED)
        yield f"details: review {name}", modals.details(shown, say, review=panel)
        if one.state not in (REVIEW_WANTED, SENDING):
            yield f"told: review {name}", views.told(one, say)
    yield "form: review", views.form(1042, words.order, say)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Name and view, in the language of `say`."""
    for name, one in kept(words).items():
        yield f"card: {name}", case_card.card(with_orders(one, words=words), say)
        yield f"details: {name}", modals.details(with_orders(one, words=words), say)
    yield from _reviews(say, words)
    yield "details: many orders", modals.details(with_orders(*[full(words)] * 9, words=words), say)
