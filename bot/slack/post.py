"""The only calls that make something visible in Slack. Each ends done, Unreachable or Refused.

`chat.postMessage` has no idempotency key: a mark of the outbox row goes along as metadata (ids only, no
buyer text), so that after a crash `find` can see whether the post is there already.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

import httpx
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import HttpRequest
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler

from bot.errors import Refused, Unreachable
from bot.slack.blocks import Post

_EVENT = "reply24_outbox"
_REMEMBERED_FILES = 40
_BRINGS_NEW = ("chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal")
_PASSING = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "ratelimited"}
)
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})
SHARED = "shared_with_others"
"""Our own word: a channel that another organisation reads."""
NO_PLACE = frozenset(
    {
        SHARED,
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "restricted_action_thread_locked",
    }
)
BAD_BLOCKS = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a channel id and a post's ts; `under`: ts of the post whose thread it is in."""

    channel: str
    ts: str
    under: str | None = None


class ReadsAgain(ConnectionErrorRetryHandler):
    """The SDK's second try at once when a connection broke, but never of a call that brings something new.

    Its answer alone may be lost: a post would stand there twice. The lane looks for it before it tries again.
    """

    def _can_retry(self, *, request: HttpRequest, **how: Any) -> bool:
        return not request.url.endswith(_BRINGS_NEW) and super()._can_retry(request=request, **how)


class Speaker:
    """Posts, updates and publishes with the bot's token."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._files: dict[str, str] = {}

    def post(self, channel: str, post: Post, *, thread: str | None = None, mark: str = "") -> Place:
        """Post something new. Raises Unreachable, Refused.

        Under a `thread` whose root is gone Slack posts it into the channel and says nothing: see `under`.
        """
        answer = call(
            self._client.chat_postMessage,
            channel=channel,
            text=post.text,
            blocks=post.blocks or None,
            thread_ts=thread,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": _EVENT, "event_payload": {"id": mark}},
        )
        under = (answer.get("message") or {}).get("thread_ts")
        return Place(str(answer["channel"]), str(answer["ts"]), under)

    def delete(self, place: Place) -> None:
        """Take one of our posts away. Raises Unreachable, Refused."""
        call(self._client.chat_delete, channel=place.channel, ts=place.ts)

    def update(self, place: Place, post: Post) -> None:
        """Change what stands at `place`; notifies nobody. Raises Unreachable, Refused (see GONE)."""
        call(
            self._client.chat_update,
            channel=place.channel,
            ts=place.ts,
            text=post.text[:3900],
            blocks=post.blocks or [],
        )

    def erase(self, place: Place, instead: Post) -> None:
        """Delete what stands at `place`, or where Slack forbids that, put other words there.

        What is gone already is fine. Raises Unreachable, Refused.
        """
        try:
            call(self._client.chat_delete, channel=place.channel, ts=place.ts)
        except Refused as why:
            if why.code in GONE:
                return
            if why.code in NO_PLACE:
                raise
            self._overwrite(place, instead)

    def _overwrite(self, place: Place, instead: Post) -> None:
        try:
            self.update(place, instead)
        except Refused as why:
            if why.code != "message_not_found":
                raise

    def find(self, channel: str, mark: str, thread: str | None = None) -> Place | None:
        """The post that carries this mark, if it is among the newest hundred. Raises Unreachable, Refused.

        If the thread's root is gone, it is looked for in the channel.
        """
        history: Callable[..., Any] = self._client.conversations_history
        more: dict[str, object] = {}
        if thread:
            history, more = self._client.conversations_replies, {"ts": thread}
        try:
            answer = call(history, channel=channel, limit=100, include_all_metadata=True, **more)
        except Refused as why:
            if not thread or why.code not in GONE:
                raise
            return self.find(channel, mark)
        for message in answer.get("messages") or []:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == _EVENT and metadata["event_payload"].get("id") == mark:
                return Place(channel, str(message["ts"]), message.get("thread_ts"))
        return None

    def publish_home(self, person: str, view: Mapping[str, Any]) -> None:
        """Show a person their home page. Raises Unreachable, Refused."""
        call(self._client.views_publish, user_id=person, view=dict(view))

    def direct(self, person: str) -> str:
        """Channel id of the direct messages with a person. Raises Unreachable, Refused."""
        return str(call(self._client.conversations_open, users=person)["channel"]["id"])

    def picture(self, name: str, content: bytes, alt_text: str) -> str:
        """The id under which Slack holds a picture; the last few are remembered. Raises Unreachable, Refused.

        Slack looks at a new file for a moment before it can be shown: the next try must not bring another one.
        """
        known = hashlib.sha256(content + name.encode()).hexdigest()
        if known not in self._files:
            if len(self._files) >= _REMEMBERED_FILES:
                self._files.pop(next(iter(self._files)))
            self._files[known] = upload(self._client, name, content, alt_text)
        return self._files[known]

    def whisper(self, channel: str, person: str, post: Post, thread: str | None = None) -> None:
        """Show something to one person in a channel; may get lost, so never the only word. Raises both."""
        call(
            self._client.chat_postEphemeral,
            channel=channel,
            user=person,
            text=post.text,
            blocks=post.blocks or None,
            thread_ts=thread,
        )


def upload(
    client: WebClient, name: str, content: bytes, alt_text: str, *, to: str | None = None, words: str = ""
) -> str:
    """Give Slack a picture to show in our posts; returns the id of the file. Raises Unreachable, Refused.

    With `to`, a channel's id, the file is posted there, under `words`.
    """
    place = call(
        client.files_getUploadURLExternal, filename=name, length=len(content), alt_txt=alt_text[:1000]
    )
    try:
        httpx.post(place["upload_url"], content=content, timeout=20).raise_for_status()
    except httpx.HTTPError as why:
        raise Unreachable(f"Slack did not take a file ({type(why).__name__}).") from why
    file = str(place["file_id"])
    call(
        client.files_completeUploadExternal,
        files=[{"id": file, "title": name}],
        channel_id=to,
        initial_comment=words or None,
    )
    return file


def call(method: Callable[..., Any], **arguments: Any) -> Any:
    """Call Slack and let it end in one of our ways. Raises Unreachable, Refused."""
    try:
        return method(**{name: value for name, value in arguments.items() if value is not None})
    except SlackApiError as why:
        raise _ending(why) from why
    except (SlackClientError, URLError, OSError, HTTPException) as why:
        raise Unreachable(f"Slack can't be reached ({type(why).__name__}); it is tried again.") from why


def _ending(why: SlackApiError) -> Unreachable | Refused:
    answer = why.response
    status = int(getattr(answer, "status_code", 0) or 0)
    code = str(answer.get("error") if hasattr(answer, "get") else "") or f"http_{status}"
    if status == 429 or status >= 500 or code in _PASSING:
        header = (getattr(answer, "headers", None) or {}).get("Retry-After")
        wait = float(header) if header else None
        return Unreachable(f"Slack can't take it now ({code}); it is tried again.", retry_after=wait)
    return Refused(f"Slack refused it: {code}.", code=code)
