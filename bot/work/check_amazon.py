"""Looks at a store's access to Amazon's API, and at queues of notifications. Asks for no order, takes nothing out."""

from collections.abc import Iterator

from bot.amazon.client import AmazonApi, StoreApi
from bot.amazon.subscriptions import subscription_of
from bot.clock import RealClock
from bot.domain.notifications import ACCOUNT_STATUS_CHANGED, ORDER_CHANGE
from bot.errors import ConfigError, NeedsAuthorisation, Outside, Refused
from bot.settings.api import ApiSettings
from bot.settings.secrets import Secrets
from bot.settings.shape import Settings
from bot.work.amazon import access_of
from bot.work.finding_out import Check, ok, skipped, warn, wrong
from bot.work.notifications import GIVEN_UP_AFTER, open_queue


def amazon_api(name: str, settings: Settings, secrets: Secrets) -> Iterator[Check]:
    """The check of one store: Login with Amazon gives it a token. What the token may do shows at an order alone."""
    label = f"amazon api {name}"
    try:
        access = access_of(settings, name, secrets)
    except ConfigError:
        yield skipped(label, "a secret of it is missing")
        return
    api = AmazonApi({name: access}, RealClock()).of(name)
    try:
        api.log_in()
    except NeedsAuthorisation as why:
        yield wrong(label, str(why), f"stores.{name}.api in stores.yaml names the variables")
    except (Outside, ConfigError) as why:
        yield wrong(label, str(why), f"stores.{name}.api in stores.yaml, amazon in amazon.yaml")
    else:
        yield ok(label, f"Login with Amazon gives tokens; orders are asked at {access.endpoint}")
        if settings.amazon.queues:
            yield from _subscriptions(name, api, settings)


def _subscriptions(name: str, api: StoreApi, settings: Settings) -> Iterator[Check]:
    """Whether the store is subscribed to what we read, and can be told by what comes."""
    label, told = f"notifications of {name}", settings.stores[name].api
    known, place = (told.subscriptions if told else ()), f"stores.{name}.api.subscriptions in stores.yaml"
    found: dict[str, str] = {}
    for kind in (ACCOUNT_STATUS_CHANGED, ORDER_CHANGE):
        try:
            id_ = subscription_of(api, kind)
        except Outside as why:
            yield warn(
                label, f"its subscriptions can't be looked at: {why}", "try again, or look at its roles"
            )
            return
        if id_ is None:
            yield warn(
                label, f"is not subscribed to {kind}", "config/README.md, Amazon's notifications: step 4"
            )
        else:
            found[kind] = id_
    status = found.get(ACCOUNT_STATUS_CHANGED)
    if status is not None and status not in known:
        yield warn(label, f"its subscription to {ACCOUNT_STATUS_CHANGED} is {status}", f"enter it at {place}")
    elif len(found) == 2:
        yield ok(label, f"is subscribed to {', '.join(found)}")


def notifications(name: str, settings: Settings, secrets: Secrets) -> Iterator[Check]:
    """The check of one queue: whether its key opens it, and what becomes there of what nobody can read."""
    label = f"notifications {name}"
    place = f"amazon.queues.{name} in amazon.yaml"
    try:
        queue = open_queue(settings, name, secrets, RealClock())
    except ConfigError:
        yield skipped(label, "a secret of it is missing")
        return
    try:
        state = queue.state()
    except Refused as why:
        yield wrong(
            label,
            str(why),
            f"{place}; the key's user needs ReceiveMessage, DeleteMessage, GetQueueAttributes",
        )
        return
    except Outside as why:
        yield wrong(label, str(why), place)
        return
    known = [
        f"{store}: {_known_by(one.api)}" for store, one in settings.stores.items() if one.api is not None
    ]
    yield ok(label, f"about {state.waiting} messages wait. Stores are known by {', '.join(known)}")
    if state.tries is None or state.tries > GIVEN_UP_AFTER:
        found = f"messages that can't be read are deleted after {GIVEN_UP_AFTER} tries"
        yield warn(
            label, found, f"give the queue a dead-letter queue with maxReceiveCount {GIVEN_UP_AFTER} or less"
        )


def _known_by(api: ApiSettings) -> str:
    ids = f"{len(api.subscriptions)} subscriptions" if api.subscriptions else "no subscriptions"
    return f"{api.seller_id} and {ids}" if api.seller_id else ids
