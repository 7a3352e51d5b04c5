"""New posts, changed posts, deleted posts: stored, noticed, told to the app as events, shown on the page.

Source: docs.slack.dev/reference/events/message and its subtypes. A change notifies nobody. A reply whose
root is gone silently becomes a post of the channel (slack-go/slack issue 1571).
"""

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.notices import notify
from bot.sandbox.slack.store import Message
from bot.sandbox.slack.wire import Json, new_id

_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def post(core: Core, message: Message) -> Message:
    """Put a new post into its channel or thread."""
    store = core.store
    root = store.messages[message.channel].get(message.thread_ts)
    message.thread_ts = "" if root is None else root.thread_ts or root.ts
    store.messages[message.channel][message.ts] = message
    if message.ephemeral_to:
        show(core, message)
        return message
    notify(store, message)
    event = store.message_json(message)
    if not message.bot_id:
        event["client_msg_id"] = new_id("")
    _tell_app(core, message, event)
    show(core, message)
    return message


def show(core: Core, message: Message) -> None:
    """Tell the page and waiting tests about a post."""
    only = message.ephemeral_to
    core.store.changed("channel", user=only, channel=message.channel, ts=message.ts)
    if message.is_reply:
        core.store.changed("thread", user=only, channel=message.channel, ts=message.thread_ts)
    else:
        core.store.changed("thread", user=only, channel=message.channel, ts=message.ts)


def changed(core: Core, message: Message, before: Json) -> None:
    """Tell the app and the page that a post is different now."""
    now = core.store.message_json(message)
    _tell_app(core, message, _hidden(core, "message_changed", message=now, previous_message=before))
    show(core, message)


def delete(core: Core, message: Message) -> None:
    """Take a post away; of a root with replies a tombstone stays."""
    before = core.store.message_json(message)
    if core.store.replies(message.channel, message.ts, ""):
        gone = Message(
            message.channel, message.ts, "USLACKBOT", "This message was deleted.", is_tombstone=True
        )
        core.store.messages[message.channel][message.ts] = gone
    else:
        del core.store.messages[message.channel][message.ts]
    hidden = _hidden(core, "message_deleted", deleted_ts=message.ts, previous_message=before)
    if not message.ephemeral_to:
        _tell_app(core, message, hidden)
    show(core, message)


def _hidden(core: Core, subtype: str, **more: object) -> Json:
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": core.store.next_ts(), **more}


def _tell_app(core: Core, message: Message, event: Json) -> None:
    channel = core.store.channels[message.channel]
    if core.store.world.bot_user not in channel.members:
        return
    told = event | {"channel": channel.id, "channel_type": channel.kind, "event_ts": event["ts"]}
    core.emit(_SUBSCRIPTIONS[channel.kind], told)
