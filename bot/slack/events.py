"""Events: home pages that are opened, notes that are typed in threads, everything else acknowledged."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.db.queries import outbox
from bot.desk import change, close, membership
from bot.errors import NotAllowed, Unreachable
from bot.slack import home
from bot.slack.surface import Surface


def register(app: App, surface: Surface) -> None:
    """Every event that the manifest asks for."""

    @app.event("app_home_opened")
    def home_opened(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") != "home":
            return
        # First, or what happens while the page is drawn would not be shown on it.
        home.opened(surface.desk, surface.directory, event["user"])
        client.views_publish(
            user_id=event["user"], view=home.home_of(surface.desk, surface.directory, event["user"])
        )

    _register_access(app, surface)

    # bolt acknowledges an event before its listener runs, but after its middleware: what must not be lost is stored
    # there. What a crash keeps from being acknowledged comes again, and changes nothing the second time.
    def stored_first(event: dict[str, Any], next: Callable[[], Any]) -> Any:
        if event.get("subtype") == "message_deleted":
            change.bring_back(surface.desk, event["channel"], str(event.get("deleted_ts")))
        else:
            _keep_note(surface, _as_typed(event))
        return next()

    @app.event("message", middleware=[stored_first])
    def message_posted() -> None:
        return

    # What we do not use is acknowledged all the same, or Slack would send it again and again.
    @app.event("member_joined_channel")
    def member_joined() -> None:
        return


def _register_access(app: App, surface: Surface) -> None:
    """Who is still here, who is in the groups that grant rights, and who else reads a channel."""

    @app.event("user_change")
    def person_changed(event: dict[str, Any]) -> None:
        user = event["user"]
        if surface.directory.changed(user["id"], is_gone=bool(user.get("deleted"))):
            membership.look(surface.desk)

    @app.event("subteam_members_changed")
    def group_changed(event: dict[str, Any]) -> None:
        came, left = event.get("added_users") or (), event.get("removed_users") or ()
        surface.directory.know(came)
        membership.group_changed(surface.desk, str(event["subteam_id"]), came, left)

    @app.event("subteam_updated")
    def group_updated(event: dict[str, Any]) -> None:
        group = event["subteam"]
        if group.get("date_delete"):
            membership.group_emptied(surface.desk, str(group["id"]))

    @app.event("channel_shared")
    def channel_shared(event: dict[str, Any]) -> None:
        surface.directory.channel_changed(str(event["channel"]))

    @app.event("channel_unshared")
    def channel_unshared(event: dict[str, Any]) -> None:
        surface.directory.channel_changed(str(event["channel"]))


def _as_typed(event: dict[str, Any]) -> dict[str, Any]:
    """The post itself; of one that its author has changed, the new words, as another note: both were read by people.

    Slack tells of links that it unfurls in the same way; then the words are those of before.
    """
    if event.get("subtype") != "message_changed":
        return event
    now: dict[str, Any] = event["message"]
    before = event.get("previous_message") or {}
    edit = now.get("edited")
    if not edit or now.get("text") == before.get("text"):
        return {}
    seconds = str(edit["ts"]).partition(".")[0]
    return now | {"channel": event["channel"], "ts": f"{now['ts']}:{seconds}"}


def _keep_note(surface: Surface, event: dict[str, Any]) -> None:
    """What a person types in a case's thread is an internal note. It never goes to the buyer.

    Raises Unreachable when the thread may be that of a card which is being posted: Slack delivers it again.
    """
    is_typed = event.get("subtype") in (None, "file_share", "thread_broadcast") and not event.get("bot_id")
    text, thread = str(event.get("text") or "").strip(), event.get("thread_ts")
    if not (is_typed and text and thread and event.get("user")):
        return
    with surface.desk.database.reading() as tx:
        number = outbox.case_at(tx, event["channel"], thread)
        if number is None and outbox.is_card_on_its_way(tx):
            raise Unreachable("A note in a thread that is not known yet; Slack delivers it again.")
    if number is None:
        return
    try:
        close.note(surface.desk, number, text, by=event["user"], post_ts=event["ts"])
    except NotAllowed:
        return  # a guest's words stay in Slack; only the team's become part of the case
