"""Amazon's API as the settings describe it: the stores that have access, each with its own credentials."""

import threading

from bot.amazon.access import ENDPOINTS, ApiAccess
from bot.amazon.client import AmazonApi
from bot.clock import Clock
from bot.domain.marketplaces import MARKETPLACES
from bot.settings.secrets import Secrets
from bot.settings.shape import Settings


def open_amazon(
    settings: Settings, secrets: Secrets, clock: Clock, stop: threading.Event | None = None
) -> AmazonApi:
    """The clients of all stores with an `api` in stores.yaml; nobody is asked yet. Raises ConfigError.

    When `stop` is set, who waits to ask again gives up.
    """
    with_access = (name for name, store in settings.stores.items() if store.api is not None)
    return AmazonApi({name: access_of(settings, name, secrets) for name in with_access}, clock, stop=stop)


def access_of(settings: Settings, name: str, secrets: Secrets) -> ApiAccess:
    """How the store `name`, which has an `api`, reaches Amazon. Raises ConfigError when a secret is missing."""
    store = settings.stores[name]
    if store.api is None:
        raise KeyError(name)
    region = store.api.region or MARKETPLACES[store.marketplaces[0]].region
    return ApiAccess(
        store=name,
        endpoint=store.api.endpoint or settings.amazon.endpoint or ENDPOINTS[region],
        refresh_token=secrets.secret(store.api.refresh_token_env),
        client_id=secrets.secret(store.api.client_id_env),
        client_secret=secrets.secret(store.api.client_secret_env),
        token_url=settings.amazon.token_url,
    )
