"""The bolt app: handlers by subject, one answer to every error, Socket Mode or HTTP.

Sync, with threads of our own: bolt's five are used up by five slow listeners, and the sixth command
times out (slack reference 2.1).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import RealClock
from bot.desk import Desk, deliveries
from bot.errors import NotAllowed, Reply24Error, Unreachable
from bot.log import get_logger
from bot.settings.secrets import Secrets
from bot.settings.shape import SlackSettings
from bot.slack import (
    actions,
    boards,
    bulk,
    commands,
    events,
    manual,
    merging,
    modals,
    payloads,
    questions,
    records,
    rewriting,
    shifts,
    shortcuts,
    solicitations,
    solutions,
    templates,
    typed,
    whatif,
)
from bot.slack.ears import Ears, watch
from bot.slack.limits import fit
from bot.slack.old_posts import known_only
from bot.slack.people import Directory
from bot.slack.post import ReadsAgain
from bot.slack.pulse import Pulse
from bot.slack.surface import AskAmazon, Surface, nobody_to_ask
from bot.slack.texts import Say
from bot.slack.views import modals as modal_views
from bot.slack.wording import error_words

if TYPE_CHECKING:  # only one of the two modes is loaded
    from slack_bolt.adapter.socket_mode import SocketModeHandler

log = get_logger()

_PARTS = (
    commands,
    actions,
    boards,
    modals,
    rewriting,
    questions,
    records,
    shifts,
    solutions,
    solicitations,
    manual,
    merging,
    templates,
    bulk,
    typed,
    whatif,
    shortcuts,
    events,
)

_REMEMBERED = 5000
_PING_SECONDS = 5.0
"""After four pings without an answer the SDK takes a socket for dead; until then clicks are lost."""
_PAUSES = (2.0, 5.0, 10.0, 30.0)
_RETRY_ANSWER: dict[str, str | Sequence[str]] = {"X-Slack-No-Retry": "1"}


def build_app(desk: Desk, secrets: Secrets, directory: Directory, ask_amazon: AskAmazon | None = None) -> App:
    """The app with all its handlers, not connected to anything yet."""
    slack = desk.settings.slack
    client = WebClient(secrets.secret(slack.bot_token_env), base_url=slack.api_url, timeout=10)
    client.retry_handlers = [ReadsAgain()]
    app = App(
        client=client,
        signing_secret=secrets.secret(slack.signing_secret_env) if slack.mode == "http" else None,
        listener_executor=ThreadPoolExecutor(slack.handler_threads, thread_name_prefix="slack"),
        token_verification_enabled=False,
        # To bolt the deletion of a post of ours is an event of our own; it is somebody else's doing.
        ignoring_self_events_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    surface = Surface(desk, directory, ask_amazon or nobody_to_ask)
    app.middleware(_keep_ack)
    app.middleware(_once(desk))
    app.middleware(_ours_only(directory))
    app.middleware(known_only(desk))
    for part in _PARTS:
        part.register(app, surface)
    app.error(_answer_error(surface))
    return app


class _LastingAck(Ack):
    """An acknowledgement that stays given.

    When a listener fails right after its ack, bolt takes the ack back before it was sent (thread_runner.py,
    `ack.response = response`): the person would see a time-out beside our own words.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name != "response" or value is not None or getattr(self, "response", None) is None:
            super().__setattr__(name, value)


def _keep_ack(context: BoltContext, next: Callable[[], Any]) -> Any:
    context["ack"] = _LastingAck()  # type: ignore[no-untyped-call]  # bolt's
    return next()


def _once(desk: Desk) -> Callable[..., Any]:
    """Slack repeats what it thinks was not acknowledged; what we had already, we acknowledge and drop.

    But not a message: its first delivery may still be waiting for the database. It is stored once by its own rule.
    On PostgreSQL another process may have had a click or a command: that is asked of the database, which SQLite's
    one process need not do before it acknowledges.
    """
    seen: OrderedDict[str, None] = OrderedDict()
    lock = threading.Lock()

    def once(body: dict[str, Any], next: Callable[[], Any]) -> Any:
        key = body.get("event_id") or body.get("trigger_id")
        with lock:
            repeated = key in seen if key else False
            if key:
                seen[key] = None
            while len(seen) > _REMEMBERED:
                seen.popitem(last=False)
        if key and not repeated and "event_id" not in body and not desk.database.is_sqlite:
            repeated = not deliveries.hear(desk, key)
        return BoltResponse(status=200, body="") if repeated and not _is_message(body) else next()

    return once


def _is_message(body: dict[str, Any]) -> bool:
    return bool(body.get("event", {}).get("type") == "message")


def _ours_only(directory: Directory) -> Callable[..., Any]:
    """People of another workspace (a shared channel) can look, but not act; threads of logs know who acts.

    What kind of account somebody has is looked up before they do anything: guests and bots have no rights.
    """

    def ours_only(body: dict[str, Any], next: Callable[[], Any]) -> Any:
        structlog.contextvars.clear_contextvars()
        person = payloads.person_of(body)
        structlog.contextvars.bind_contextvars(person=person)
        ours = directory.team()
        if ours and payloads.team_of(body) not in (None, ours):
            raise NotAllowed(
                "Only people of the team's own workspace can do this.", key="foreign_team", managers=()
            )
        if person and "event" not in body:
            directory.know((person,))
        return next()

    return ours_only


def _answer_error(surface: Surface) -> Callable[..., Any]:
    """One answer to every error, where the person looks: in the open modal, else only to them.

    A message that could not be stored is not acknowledged: Slack delivers it again.
    """

    def answer_error(
        error: Exception, body: dict[str, Any], context: BoltContext, client: WebClient
    ) -> BoltResponse | None:
        if _is_message(body) and (isinstance(error, Unreachable) or not isinstance(error, Reply24Error)):
            log.error("message_not_stored", exc_info=error)
            return BoltResponse(status=503, body="")
        person = payloads.person_of(body)
        say = surface.say(person)
        text = error_words(error, say)
        try:
            if body.get("type") == "view_submission" and "modal" not in context:
                return _in_submission(body, text, say)
            if "modal" in context:
                view = modal_views.error(say("error.title"), text, say)
                client.views_update(view_id=context["modal"], view=fit(view))
            elif body.get("response_url"):
                Respond(response_url=body["response_url"])(
                    text=text, response_type="ephemeral", replace_original=False
                )
            elif person:
                client.chat_postMessage(channel=person, text=text)
        except (SlackApiError, OSError) as why:
            log.warning("error_not_shown", exc_info=why)
        return BoltResponse(status=200, body="", headers=_RETRY_ANSWER) if not _is_acked(context) else None

    return answer_error


def _is_acked(context: BoltContext) -> bool:
    return context.ack.response is not None


def _in_submission(body: dict[str, Any], text: str, say: Say) -> BoltResponse:
    """A refused submission is answered by a view on top of it: what was typed stays below."""
    view = modal_views.error(say("error.title"), text, say)
    return BoltResponse(status=200, body={"response_action": "push", "view": fit(view)})


def connect(app: App, desk: Desk, secrets: Secrets, pulse: Pulse) -> Callable[[], None]:
    """Connect the app to Slack; returns what ends the connection and waits for running handlers."""
    slack = desk.settings.slack
    stop = (
        _serve_http(app, slack, secrets) if slack.mode == "http" else _open_socket(app, desk, secrets, pulse)
    )

    def close() -> None:
        stop()
        app.listener_runner.listener_executor.shutdown(wait=True)

    return close


def _open_socket(app: App, desk: Desk, secrets: Secrets, pulse: Pulse) -> Callable[[], None]:
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    slack = desk.settings.slack
    # The socket's own client: it must be pointed at the same server as the app's.
    handler = SocketModeHandler(
        app,
        secrets.secret(slack.app_token_env),
        web_client=WebClient(base_url=slack.api_url, timeout=10),
        ping_interval=_PING_SECONDS,
        concurrency=slack.handler_threads,
    )
    pulse.watch(lambda: _silence(handler))
    ears, ended = Ears(desk.clock), threading.Event()
    handler.client.message_listeners.append(lambda _client, message, _raw: ears.heard(message))

    def replace() -> None:
        handler.client.connect_to_new_endpoint(force=True)

    threading.Thread(target=watch, args=(desk, ears, replace, ended), name="slack-ears", daemon=True).start()
    if not _is_connected(handler):
        name = "slack-first-connection"
        threading.Thread(target=_keep_connecting, args=(handler, ended), name=name, daemon=True).start()

    def close() -> None:
        ended.set()
        handler.close()  # type: ignore[no-untyped-call]  # bolt's

    return close


def _silence(handler: "SocketModeHandler") -> timedelta | None:
    """How long the socket has heard nothing of Slack; a new connection counts as heard until its first pong is due."""
    session = handler.client.current_session
    if session is None or not session.is_active():
        return None
    heard_at = session.last_ping_pong_time
    return timedelta(seconds=max(0.0, RealClock().now().timestamp() - heard_at) if heard_at else 0)


def _keep_connecting(handler: "SocketModeHandler", ended: threading.Event) -> None:
    """Until the first connection stands: mail is read and replies leave although Slack can't be reached.

    From then on the SDK's own watch connects anew, also when a socket has died in silence.
    """
    for seconds in chain(_PAUSES, repeat(_PAUSES[-1])):
        if ended.wait(seconds) or _is_connected(handler):
            return


def _is_connected(handler: "SocketModeHandler") -> bool:
    try:
        handler.connect()  # type: ignore[no-untyped-call]  # bolt's
    except SlackApiError as why:
        log.error("slack_refused_connection", reason=str(why.response.get("error")))
        return False
    except Exception as why:  # the SDK lets through what the network throws
        log.warning("slack_not_connected", exc_info=why)
        return False
    return True


def _serve_http(app: App, slack: SlackSettings, secrets: Secrets) -> Callable[[], None]:
    from bot.slack.web import serve

    return serve(app, secrets.secret(slack.signing_secret_env), slack.http_host, slack.http_port)
