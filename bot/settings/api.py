"""A store's access to Amazon's API: where its credentials are found, and which of Amazon's addresses it uses."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from bot.domain.loopback import is_loopback
from bot.domain.marketplaces import MARKETPLACES
from bot.settings.positions import Keys
from bot.settings.strict import Strict
from bot.settings.values import EnvName, Url

Found = Iterator[tuple[Keys, str]]
SubscriptionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]


class ApiSettings(Strict):
    """The names of the variables that hold one store's credentials. Without `region`, its marketplaces say it.

    By `seller_id` and `subscriptions` Amazon's notifications are known as this store's.
    """

    refresh_token_env: EnvName
    client_id_env: EnvName
    client_secret_env: EnvName
    region: Literal["na", "eu", "fe"] | None = None
    endpoint: Url | None = None
    seller_id: str | None = Field(default=None, pattern=r"^[A-Z0-9]{5,30}$")
    subscriptions: tuple[SubscriptionId, ...] = ()
    solicitations: bool = False


def api_faults(tree: Mapping[str, object]) -> Found:
    """A store of several regions, one in another than it says, an address that tokens must not go to."""
    amazon, stores = tree.get("amazon"), tree.get("stores")
    if isinstance(amazon, Mapping):
        yield from address_faults(("amazon", "endpoint"), amazon.get("endpoint"))
        yield from address_faults(("amazon", "token_url"), amazon.get("token_url"))
    for name, store in stores.items() if isinstance(stores, Mapping) else ():
        api = store.get("api") if isinstance(store, Mapping) else None
        if isinstance(api, Mapping):
            keys = ("stores", name, "api")
            yield from address_faults((*keys, "endpoint"), api.get("endpoint"))
            yield from _region_faults(keys, api.get("region"), store.get("marketplaces"))


def _region_faults(keys: Keys, said: object, marketplaces: object) -> Found:
    codes = marketplaces if isinstance(marketplaces, list) else []
    regions = {
        code: MARKETPLACES[code].region for code in codes if isinstance(code, str) and code in MARKETPLACES
    }
    told = ", ".join(f"{code}: {region}" for code, region in regions.items())
    if len(set(regions.values())) > 1:
        yield (
            keys,
            f"a seller's authorisation is for one region, and this store sells in several ({told}); split it",
        )
    elif said in ("na", "eu", "fe") and regions and said not in regions.values():
        yield (
            (*keys, "region"),
            f'"{said}" is not the region of this store\'s marketplaces ({told}); leave it out',
        )


def address_faults(keys: Keys, url: object) -> Found:
    """An address to which secrets would travel in the clear."""
    if not isinstance(url, str):
        return
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return
    if parts.scheme == "http" and not is_loopback(host):
        yield (
            keys,
            f'over http tokens can be read on the way to "{host}"; expected https (http is for this machine)',
        )
