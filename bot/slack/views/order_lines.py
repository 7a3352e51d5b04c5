"""The order of a case: a line on its card, a panel in its details. What is not known is said to be so."""

from collections.abc import Iterator

from bot.domain.kept_orders import FAILED, MISSING, WANTED, KeptOrder
from bot.domain.orders import Article, Order, OrderLink, Package, Window
from bot.domain.privacy import hide
from bot.domain.snapshots import CaseSnapshot
from bot.slack.blocks import Block
from bot.slack.inert import escape, shorten, when
from bot.slack.texts import Say, site
from bot.slack.views import lines

_ORDERS = 4
_ARTICLES = 10
_PACKAGES = 6
_LINKS = 5
_TITLE = 80
_WORD = 40
_REASON = 150


def on_card(case: CaseSnapshot, say: Say) -> str | None:
    """The order in one line; None while nothing is known of it."""
    kept = next((one for one in case.orders if one.order_id == case.order_id), None)
    if kept is None:
        return None
    if kept.state == MISSING:
        return say("order.card_missing")
    order = kept.order
    if order is None:
        return None
    parts = (
        say.word("order_status", order.status.lower()),
        say.word("ships", order.fulfilled_by.lower()),
        say("order.card_deliver", latest=when(order.delivered_by)) if order.delivered_by else None,
        next((found for one in order.packages if (found := _tracking(one))), None),
        say("order.card_cancel") if order.cancel_requests else None,
    )
    return say("order.card", parts=" · ".join(part for part in parts if part))


def panel(case: CaseSnapshot, say: Say) -> list[Block]:
    """Everything that is known of the orders of a case; nothing where Amazon's API is not used."""
    return [block for one in case.orders[:_ORDERS] for block in lines.sections(_rows(one, say))]


def _rows(kept: KeptOrder, say: Say) -> Iterator[str]:
    order = kept.order
    if order is None:
        yield _unknown(kept, say)
    else:
        yield from _known(kept, order, say)
    if kept.locked_since is not None:
        yield say("order.locked", since=when(kept.locked_since))


def _unknown(kept: KeptOrder, say: Say) -> str:
    name = escape(shorten(kept.order_id, _WORD))
    if kept.state == WANTED:
        return say("order.wanted", order=name)
    if kept.state == MISSING:
        return say("order.missing", order=name)
    if kept.state == FAILED and kept.asked_at is not None:
        return say("order.failed", order=name, asked=when(kept.asked_at))
    return say("order.removed", order=name)


def _known(kept: KeptOrder, order: Order, say: Say) -> Iterator[str]:
    yield say(
        "order.head",
        order=escape(shorten(kept.order_id, _WORD)),
        status=say.word("order_status", order.status.lower()),
        ships=say.word("ships", order.fulfilled_by.lower()),
    )
    yield from _joined(
        site(order.marketplace),
        say("order.bought", at=when(order.bought_at)) if order.bought_at else None,
        say("order.ship", window=_window(order.ship_by, say)) if order.ship_by else None,
        say("order.deliver", window=_window(order.deliver_by, say)) if order.deliver_by else None,
    )
    yield from _articles(order, say)
    yield from _packages(order, say)
    yield from (_link(one, say) for one in order.links[:_LINKS])
    yield from _joined(
        say("order.said", at=when(kept.known_at)) if kept.known_at else None,
        say("order.late", asked=when(kept.asked_at)) if kept.is_late and kept.asked_at else None,
    )


def _joined(*parts: str | None) -> Iterator[str]:
    found = " · ".join(part for part in parts if part)
    if found:
        yield found


def _window(window: Window, say: Say) -> str:
    if window.latest is None:
        return say("order.earliest", earliest=when(window.earliest)) if window.earliest else "–"
    if window.earliest is None:
        return say("order.latest", latest=when(window.latest))
    return say("order.window", earliest=when(window.earliest), latest=when(window.latest))


def _articles(order: Order, say: Say) -> Iterator[str]:
    for one in order.articles[:_ARTICLES]:
        yield _article(one, say)
        if one.cancel_request is not None:
            yield from _cancellation(one, say)
    if len(order.articles) > _ARTICLES:
        yield say("order.more_articles", n=len(order.articles) - _ARTICLES)


def _article(one: Article, say: Say) -> str:
    parts = (
        say("order.article", quantity="?" if one.quantity is None else one.quantity, title=_title(one, say)),
        say("order.sku", sku=escape(shorten(one.sku, _WORD))) if one.sku else None,
        say("case.asin", asin=escape(shorten(one.asin, _WORD))) if one.asin else None,
        say("order.price", price=escape(shorten(str(one.price), _WORD))) if one.price else None,
    )
    return " · ".join(part for part in parts if part)


def _title(one: Article, say: Say) -> str:
    return escape(shorten(one.title, _TITLE)) or say("order.untitled")


def _cancellation(one: Article, say: Say) -> Iterator[str]:
    """Who asked to cancel an article. The reason may be a buyer's words, in which numbers and addresses are hidden."""
    asked = one.cancel_request
    if asked is None:
        return
    who = asked.by.lower() if asked.by.lower() in ("buyer", "seller") else "unknown"
    yield say("order.cancel", who=say.word("canceller", who), title=_title(one, say))
    if asked.reason:
        yield say("order.cancel_reason", reason=escape(shorten(hide(asked.reason).text, _REASON)))


def _packages(order: Order, say: Say) -> Iterator[str]:
    for one in order.packages[:_PACKAGES]:
        parts = (
            _tracking(one) or say("order.untracked"),
            say.word("package", one.status.lower()),
            say("order.shipped_at", at=when(one.shipped_at)) if one.shipped_at else None,
        )
        yield say("order.package", parts=" · ".join(part for part in parts if part))
    if len(order.packages) > _PACKAGES:
        yield say("order.more_packages", n=len(order.packages) - _PACKAGES)


def _tracking(one: Package) -> str | None:
    """Carrier and tracking number; None without the number."""
    if not one.tracking:
        return None
    carrier = escape(shorten(one.carrier, _WORD))
    return f"{carrier} {escape(shorten(one.tracking, _WORD))}".strip()


def _link(one: OrderLink, say: Say) -> str:
    other = escape(shorten(one.order_id, _WORD))
    return say(f"order.link.{one.kind.lower()}", other=other)
