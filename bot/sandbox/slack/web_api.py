"""The door of the Web API: tokens, scopes, rate limits, mishaps; then the method itself.

Source: docs.slack.dev/apis/web-api (answers), .../authentication/tokens, .../reference/scopes.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.slack import api_chat, api_files, api_people, api_rooms, api_views
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import SocketMode
from bot.sandbox.slack.methods import ALL_SCOPES, METHODS, Method
from bot.sandbox.slack.rates import Mishap
from bot.sandbox.slack.wire import Json, Refusal, arguments

HANG_SECONDS = 600.0
_KIND_SCOPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
_ROOM_SCOPES = {"channel": "channels", "group": "groups", "im": "im"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: which method, with what, in whose name."""

    method: str
    args: Json
    token: str


class WebApi:
    """Answers `POST /api/<method>`."""

    def __init__(self, core: Core, bot_token: str, app_token: str) -> None:
        self.core = core
        self._tokens = {bot_token: "bot", app_token: "app"}
        self.calls: list[Call] = []
        self._methods: dict[str, Callable[[Core, Json], Json]] = {
            "api.test": lambda _core, args: {"args": args},
            "auth.test": _auth_test,
            "apps.connections.open": _open_connection,
            **api_chat.METHODS,
            **api_rooms.METHODS,
            **api_people.METHODS,
            **api_views.METHODS,
            **api_files.METHODS,
        }

    async def answer(self, request: Request) -> Response:
        """One call, from token to answer."""
        method = request.path_params["method"]
        try:
            args = await arguments(request)
            token = request.headers.get("authorization", "").removeprefix("Bearer ") or args.pop("token", "")
            call = Call(method, args, token)
            self.calls.append(call)
            self.core.log.on_more()
            mishap = self.core.mishaps.take(method)
            if mishap is None:
                return self._done(call)
            return await self._go_wrong(mishap, call)
        except Refusal as refusal:
            return self._refused(refusal)

    def _done(self, call: Call) -> Response:
        rules = self._rules(call)
        self._check_scopes(call, rules)
        wait = self.core.rates.seconds_to_wait(call.method, str(call.args.get("channel", "")))
        if wait:
            return _limited(wait)
        result = self._methods[call.method](self.core, call.args)
        return JSONResponse({"ok": True} | result, headers=self._headers(rules))

    def _rules(self, call: Call) -> Method:
        rules = METHODS.get(call.method)
        if rules is None:
            raise Refusal("unknown_method", req_method=call.method)
        if rules.caller == "anyone":
            return rules
        if not call.token:
            raise Refusal("not_authed")
        caller = self._tokens.get(call.token)
        if caller is None:
            raise Refusal("invalid_auth")
        if caller != rules.caller:
            raise Refusal("not_allowed_token_type")
        return rules

    def _check_scopes(self, call: Call, rules: Method) -> None:
        if self.core.offer.everything or not rules.scopes:
            return
        granted = self.core.offer.scopes
        for needed in self._needed(call, rules):
            if not granted & set(needed):
                provided = ",".join(sorted(granted))
                raise Refusal("missing_scope", needed=needed[0], provided=provided)

    def _needed(self, call: Call, rules: Method) -> list[tuple[str, ...]]:
        """Sets of scopes, of each of which the app must have one."""
        ending = rules.scopes[0].partition(":")[2]
        if call.method == "conversations.list":
            types = str(call.args.get("types") or "public_channel").split(",")
            return [(f"{_KIND_SCOPES.get(kind, 'channels')}:{ending}",) for kind in types]
        channel = self.core.store.channels.get(str(call.args.get("channel", "")))
        if len(rules.scopes) == 4 and channel is not None:
            return [(f"{_ROOM_SCOPES[channel.kind]}:{ending}",)]
        extra = [("chat:write.customize",)] if call.args.get("username") else []
        return [rules.scopes, *extra]

    def _headers(self, rules: Method) -> dict[str, str]:
        granted = ALL_SCOPES if self.core.offer.everything else self.core.offer.scopes
        return {
            "x-oauth-scopes": ",".join(sorted(granted)),
            "x-accepted-oauth-scopes": ",".join(rules.scopes),
            "x-slack-req-id": "sandbox",
        }

    def _refused(self, refusal: Refusal) -> Response:
        return JSONResponse(
            {"ok": False, "error": refusal.code} | refusal.extra, headers=self._headers(Method())
        )

    async def _go_wrong(self, mishap: Mishap, call: Call) -> Response:
        if mishap.after:
            self._done(call)
        if mishap.what == "hang":
            with suppress(TimeoutError):
                await self.core.stopwatch.within(HANG_SECONDS, self.core.stopping.wait())
            return Response(status_code=504)
        if mishap.what == 429:
            return _limited(mishap.retry_after or 1)
        if isinstance(mishap.what, int):
            return Response("upstream connect error", mishap.what, media_type="text/plain")
        raise Refusal(mishap.what)


def _limited(wait: int) -> Response:
    body = {"ok": False, "error": "ratelimited"}
    return JSONResponse(body, 429, headers={"Retry-After": str(wait)})


def _auth_test(core: Core, _args: Json) -> Json:
    world = core.store.world
    return {
        "url": f"https://{world.team_domain}.slack.example/",
        "team": world.team_name,
        "user": world.app_name,
        "team_id": world.team_id,
        "user_id": world.bot_user,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def _open_connection(core: Core, _args: Json) -> Json:
    if not isinstance(core.delivery, SocketMode):
        raise Refusal("not_allowed_token_type")
    ticket = core.delivery.issue_ticket()
    place = core.store.url.replace("http", "ws", 1)
    return {"url": f"{place}/link/?ticket={ticket}&app_id={core.store.world.app_id}"}
