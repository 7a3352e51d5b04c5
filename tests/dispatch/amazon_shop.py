"""A shop at the stand-in for Amazon: two stores with credentials, one order each."""

from datetime import UTC, datetime

from bot.sandbox.amazon.orders import invent
from bot.sandbox.amazon.server import AmazonSandbox
from bot.sandbox.amazon.world import MESSAGE_TAILS

US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
BOUGHT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BOTTLE = "111-2223334-5556667"
LAMP = "302-9998887-7776665"
SECRET = "not-so-secret"
REFRESH = {"acme-us": "refresh.acme-us", "acme-eu": "refresh.acme-eu"}


def open_shop(*, rate_limits: bool = False) -> AmazonSandbox:
    amazon = AmazonSandbox(rate_limits=rate_limits)
    for store, token in REFRESH.items():
        amazon.add_account(store, refresh_token=token, client_id="app", client_secret=SECRET)
    bottle = invent(BOTTLE, "US", BOUGHT, tracking="1Z999", carrier="UPS", price="19.90", quantity=2)
    amazon.add_order(bottle, account="acme-us")
    lamp = invent(LAMP, "DE", BOUGHT, fulfilled_by="AMAZON", status="SHIPPED", title="Lampe")
    actions = tuple(tail for tail in MESSAGE_TAILS if tail != "warranty")
    amazon.add_order(lamp, account="acme-eu", actions=actions, locale="de-DE")
    return amazon
