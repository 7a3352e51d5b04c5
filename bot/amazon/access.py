"""How one store reaches the Selling Partner API. Credentials are handed over, never looked up.

Endpoints: Amazon's developer documentation, "SP-API Endpoints". One refresh token is one seller account in one
region.
"""

from dataclasses import dataclass, field

import httpx

from bot.domain.loopback import is_loopback
from bot.errors import ConfigError

ENDPOINTS = {
    "na": "https://sellingpartnerapi-na.amazon.com",
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}
"""By region, as `Marketplace.region` has it."""


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """One store's door. The time-outs are for the API and for the token server, in seconds."""

    store: str
    endpoint: str
    refresh_token: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    token_url: str = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address
    timeout_s: float = 20
    token_timeout_s: float = 10


def check_access(access: ApiAccess) -> None:
    """Raises ConfigError when credentials are missing, or would travel in the clear to another machine."""
    for name in ("refresh_token", "client_id", "client_secret"):
        if not getattr(access, name):
            raise ConfigError(
                f"amazon: the store {access.store} has no {name}. Set it, or switch its API off"
            )
    for url in (access.endpoint, access.token_url):
        check_address(access.store, url)


def check_address(store: str, url: str) -> None:
    """Raises ConfigError when `url` is not https, but for this machine."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as why:
        raise ConfigError(f"amazon: the store {store} has an address that is no URL: {why}") from why
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.host)):
        raise ConfigError(
            f"amazon: http is for this machine only, not for {parts.host}: everybody on the way could read the "
            f"tokens of the store {store}. Use https"
        )
