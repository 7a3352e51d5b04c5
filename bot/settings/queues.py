"""Queues that Amazon's notifications arrive in, as config/amazon.yaml spells them."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from pydantic import Field

from bot.settings.api import address_faults
from bot.settings.positions import Keys
from bot.settings.strict import Strict
from bot.settings.values import EnvName, Url

Found = Iterator[tuple[Keys, str]]

_HOST = re.compile(r"sqs\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?")


class QueueSettings(Strict):
    """One SQS queue, and the names of the variables with the key of the AWS user who may read it."""

    url: Url
    region: str | None = Field(default=None, pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    key_id_env: EnvName
    secret_env: EnvName

    @property
    def region_name(self) -> str:
        """The AWS region: as written, or as the URL has it."""
        return self.region or _region_of(self.url)


def _region_of(url: str) -> str:
    found = _HOST.fullmatch(urlsplit(url).hostname or "")
    return found[1] if found else ""


def queue_faults(tree: Mapping[str, object]) -> Found:
    """A queue whose region nobody knows, or without a store that its notifications could be about."""
    amazon, stores = tree.get("amazon"), tree.get("stores")
    queues = amazon.get("queues") if isinstance(amazon, Mapping) else None
    if not isinstance(queues, Mapping) or not queues:
        return
    for name, queue in queues.items():
        url = queue.get("url") if isinstance(queue, Mapping) else None
        keys: Keys = ("amazon", "queues", name)
        yield from address_faults((*keys, "url"), url)
        if isinstance(url, str) and isinstance(queue, Mapping) and not queue.get("region"):
            yield from _region_faults((*keys, "url"), url)
    if not any(_is_known(store) for store in stores.values()) if isinstance(stores, Mapping) else False:
        text = "no store can be told by its notifications; give `api.seller_id` to those in stores.yaml"
        yield ("amazon", "queues"), text


def _region_faults(keys: Keys, url: str) -> Found:
    try:
        region = _region_of(url)
    except ValueError:
        return
    if not region:
        yield (
            keys,
            "this address does not name the AWS region; expected https://sqs.REGION.amazonaws.com/…, or `region`",
        )


def _is_known(store: object) -> bool:
    api = store.get("api") if isinstance(store, Mapping) else None
    return isinstance(api, Mapping) and bool(api.get("seller_id"))
