"""Looks at a store's access to Amazon's API: whether its credentials open the door. Asks for no order."""

from collections.abc import Iterator

from bot.amazon.client import AmazonApi
from bot.clock import RealClock
from bot.errors import ConfigError, NeedsAuthorisation, Outside
from bot.settings.secrets import Secrets
from bot.settings.shape import Settings
from bot.work.amazon import access_of
from bot.work.finding_out import Check, ok, skipped, wrong


def amazon_api(name: str, settings: Settings, secrets: Secrets) -> Iterator[Check]:
    """The check of one store: Login with Amazon gives it a token. What the token may do shows at an order alone."""
    label = f"amazon api {name}"
    try:
        access = access_of(settings, name, secrets)
    except ConfigError:
        yield skipped(label, "a secret of it is missing")
        return
    try:
        AmazonApi({name: access}, RealClock()).of(name).log_in()
    except NeedsAuthorisation as why:
        yield wrong(label, str(why), f"stores.{name}.api in stores.yaml names the variables")
    except (Outside, ConfigError) as why:
        yield wrong(label, str(why), f"stores.{name}.api in stores.yaml, amazon in amazon.yaml")
    else:
        yield ok(label, f"Login with Amazon gives tokens; orders are asked at {access.endpoint}")
