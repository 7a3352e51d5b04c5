"""What the demo's buyers bought: an order for every order id that a site of the demo gives out, the same each time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.amazon.orders import invent, known
from bot.sandbox.amazon.world import KnownOrder
from bot.sandbox.relay_texts import PRODUCTS

_CARRIERS = {"DE": "DHL", "FR": "Colissimo", "UK": "Royal Mail", "US": "UPS"}
_CODES = {prefix: code for code, (prefix, _asin, _title) in PRODUCTS.items()}
_FEW_CANCEL = 7


def shop(clock: Clock) -> Callable[[str], KnownOrder | None]:
    """Looks an order up by its id; None for ids of other sites."""

    def look_up(order_id: str) -> KnownOrder | None:
        prefix, _, number = order_id.partition("-")
        code = _CODES.get(prefix)
        if code is None or not number.replace("-", "").isdigit():
            return None
        draw = int(number.replace("-", ""))
        _prefix, asin, title = PRODUCTS[code]
        about: dict[str, Any] = {"asin": asin, "title": title, "sku": f"{asin[2:8]}-OAK"} | _way(draw, code)
        days = 1 if about.get("status") == "UNSHIPPED" else 3 + draw % 3
        today = clock.now().replace(hour=7, minute=draw % 60, second=0, microsecond=0)
        return known(invent(order_id, code, today - timedelta(days=days), **about))

    return look_up


def _way(draw: int, code: str) -> dict[str, Any]:
    """How far the order has come: with Amazon's own carriers, with a package of the store's, or not yet on its way."""
    match draw % 6:
        case 0 | 1:
            return {"fulfilled_by": "AMAZON", "status": "SHIPPED"}
        case 2:
            cancels = {"cancel_reason": "Ordered by mistake"} if draw % _FEW_CANCEL == 0 else {}
            return {"status": "UNSHIPPED"} | cancels
        case way:
            package = "DELIVERED" if way == 3 else "IN_TRANSIT"
            tracking = f"00340{draw % 10**14:014d}"
            return {"tracking": tracking, "carrier": _CARRIERS.get(code, "DHL"), "package_status": package}
