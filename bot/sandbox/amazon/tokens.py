"""Login with Amazon: changes an account's refresh token into access tokens that live for an hour.

Errors as in RFC 6749 5.2, which Login with Amazon follows: invalid_grant for a refresh token that is not valid
any more, invalid_client for a wrong id or secret.
"""

import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.responses import JSONResponse

from bot.sandbox.amazon.world import Account, Refusal, World
from bot.sandbox.slack.stopwatch import Stopwatch

LIFE_SECONDS = 3600


@dataclass(slots=True)
class Tokens:
    """Access tokens that were handed out, whose, and until when."""

    world: World
    stopwatch: Stopwatch
    issued: int = 0
    _live: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)

    def answer(self, form: bytes) -> JSONResponse:
        """A token, or why not."""
        given = {name: values[0] for name, values in parse_qs(form.decode("utf-8", "replace")).items()}
        if given.get("grant_type") != "refresh_token":
            return _refused(400, "unsupported_grant_type")
        account = self.world.accounts.get(given.get("refresh_token", ""))
        if account is None or account.is_revoked:
            return _refused(400, "invalid_grant")
        if (given.get("client_id"), given.get("client_secret")) != (account.client_id, account.client_secret):
            return _refused(401, "invalid_client")
        token = f"Atza|sandbox.{account.name}.{secrets.token_hex(8)}"
        self._live[token] = (account.refresh_token, self.stopwatch.now() + LIFE_SECONDS)
        self.issued += 1
        answer = {"access_token": token, "token_type": "bearer", "expires_in": LIFE_SECONDS}
        return JSONResponse({**answer, "refresh_token": account.refresh_token})

    def expire(self) -> None:
        """All tokens that are out there are too old from now on."""
        self._live = {token: (whose, 0.0) for token, (whose, _until) in self._live.items()}

    def account_of(self, token: str) -> Account:
        """Whose token this is. Raises Refusal."""
        whose, until = self._live.get(token, ("", 0.0))
        account = self.world.accounts.get(whose)
        if not token or account is None or account.is_revoked:
            details = (
                "Access token is missing in the request header."
                if not token
                else "The access token is revoked."
            )
            raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", details)
        if until <= self.stopwatch.now():
            details = "The access token you provided has expired."
            raise Refusal(403, "Unauthorized", "Access to requested resource is denied.", details)
        return account


def _refused(status: int, code: str) -> JSONResponse:
    told = {
        "invalid_grant": "The request has an invalid grant parameter : refresh_token",
        "invalid_client": "Client authentication failed",
        "unsupported_grant_type": "The authorization grant type is not supported",
    }
    return JSONResponse({"error": code, "error_description": told[code]}, status)
