"""Access tokens: one a store, changed for the store's refresh token at Login with Amazon, kept until they end.

Its errors: RFC 6749 5.2. invalid_grant: the seller's authorisation has ended (it does each year, and when the
seller takes it back); invalid_client: the application's id or secret is wrong (a secret lives 180 days).
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx

from bot.amazon.access import ApiAccess
from bot.amazon.line import Answer, Line, Question
from bot.clock import Clock
from bot.errors import NeedsAuthorisation, Outside, Refused, Throttled, Unreachable

# So that a token does not end on its way.
_MARGIN = timedelta(seconds=60)
_AUTHORISE_AGAIN = (
    "Authorise the application again (Seller Central > Apps and Services > Manage Your Apps) and set the new "
    "refresh token"
)
_STEPS = {
    "invalid_grant": f"the seller's authorisation has ended. {_AUTHORISE_AGAIN}",
    "access_denied": f"the seller's authorisation has ended. {_AUTHORISE_AGAIN}",
    "unauthorized_client": f"the refresh token belongs to another application. {_AUTHORISE_AGAIN}",
    "invalid_client": "the application's client id or secret is not valid any more. Copy both from Solution "
    "Provider Portal > your application > LWA credentials, where a secret is renewed every 180 days, and set them",
}


@dataclass(slots=True)
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = field(default="", repr=False)
    until: datetime | None = None


@dataclass(slots=True)
class Tokens:
    """The tokens of all stores. One store's slow token server keeps no other store waiting."""

    clock: Clock
    _slots: dict[str, _Slot] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token_for(self, access: ApiAccess) -> str:
        """A token that is good for another minute. Raises NeedsAuthorisation, Unreachable, Throttled, Refused."""
        slot = self._slot(access.store)
        with slot.lock:
            if slot.until is None or self.clock.now() >= slot.until:
                slot.token, life = _fetch(access)
                slot.until = self.clock.now() + max(life - _MARGIN, timedelta(0)) * self.clock.speed
            return slot.token

    def forget(self, store: str, token: str) -> None:
        """This token was refused: the next who asks gets another. Does nothing if that has happened already."""
        slot = self._slot(store)
        with slot.lock:
            if slot.token == token:
                slot.token, slot.until = "", None

    def _slot(self, store: str) -> _Slot:
        with self._lock:
            return self._slots.setdefault(store, _Slot())


def _fetch(access: ApiAccess) -> tuple[str, timedelta]:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": access.refresh_token,
        "client_id": access.client_id,
        "client_secret": access.client_secret,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
    line = Line(access.token_timeout_s)
    try:
        answer = line.ask(Question("POST", access.token_url, {}, headers, urlencode(form).encode()))
    except httpx.HTTPError as why:
        raise Unreachable(
            f"{_where(access)} could not be reached ({type(why).__name__}). It is tried again later"
        ) from why
    finally:
        line.close()
    fault = _fault_of(access, answer)
    if fault is not None:
        raise fault
    life = answer.json.get("expires_in")
    seconds = life if isinstance(life, int) and 0 < life <= 86_400 else 3600
    return str(answer.json["access_token"]), timedelta(seconds=seconds)


def _fault_of(access: ApiAccess, answer: Answer) -> Outside | None:
    code = answer.json.get("error")
    if answer.status in (400, 401, 403) and code in _STEPS:
        return NeedsAuthorisation(f"{_where(access)} says {code}: {_STEPS[code]}", code=code)
    if answer.status == 429:
        return Throttled(f"{_where(access)} was asked too often. It is asked again later")
    if 400 <= answer.status < 500 and isinstance(code, str) and answer.status != 408:
        return Refused(
            f"{_where(access)} refused: {code[:60]}. Look at the store's API settings", code=code[:60]
        )
    token = answer.json.get("access_token")
    if answer.status == 200 and isinstance(token, str) and token.isascii() and token.isprintable() and token:
        return None
    return Unreachable(f"{_where(access)} answered {answer.status} without a token. It is asked again later")


def _where(access: ApiAccess) -> str:
    return f"Login with Amazon for the store {access.store}"
