"""What an order fills into a template, as a reply in its language says it. What is not sure is left out.

Nothing is said of one package where there are several, nor of one article unless the case names it: a reply that
names the wrong one is worse than one that an agent completes.
"""

from datetime import date, datetime, timedelta

from bot.domain.marketplaces import MARKETPLACES
from bot.domain.orders import FulfilledBy, Order, Package, PackageStatus
from bot.domain.templates import written_date
from bot.domain.zones import local

_DAY_ENDS = timedelta(hours=6)
"""A promise for a day may end at midnight of another zone of the marketplace; so much earlier it surely is that day."""
_TITLE = 80


def fulfilment_of(order: Order | None) -> str | None:
    """amazon or merchant, as templates say it; None while nobody knows."""
    if order is None or order.fulfilled_by is FulfilledBy.UNKNOWN:
        return None
    return order.fulfilled_by.lower()


def values_of(order: Order, asin: str | None, lang: str) -> dict[str, str]:
    """Values by variable; `asin` is the article that the case is about."""
    package, promised = _only_package(order), order.delivered_by
    shipped = package.shipped_at if package else None
    found = {
        "product": _product(order, asin),
        "carrier": package.carrier if package else "",
        "tracking": package.tracking if package else "",
        "ship_date": _written(_day(order, shipped), lang) if shipped else "",
        "promised_date": _written(_day(order, promised - _DAY_ENDS), lang) if promised else "",
    }
    return {name: value for name, value in found.items() if value}


def _only_package(order: Order) -> Package | None:
    sent = [one for one in order.packages if one.status is not PackageStatus.CANCELLED]
    return sent[0] if len(sent) == 1 else None


def _product(order: Order, asin: str | None) -> str:
    """The title, cut after a word; "" if it is not sure which article is meant."""
    named = [one for one in order.articles if one.asin == asin] if len(order.articles) > 1 else order.articles
    title = named[0].title if len(named) == 1 else ""
    if len(title) <= _TITLE:
        return title
    return title[:_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:-–|(")


def _day(order: Order, at: datetime) -> date | None:
    """The day at the marketplace; None where nobody knows which that is."""
    place = MARKETPLACES.get(order.marketplace)
    return local(at, place.zone).date() if place else None


def _written(day: date | None, lang: str) -> str:
    return written_date(day, lang) if day else ""
