"""Web API: chat.*, reactions.*.

Source: docs.slack.dev/reference/methods (chat.postMessage, chat.update, chat.postEphemeral ...).
"""

from typing import Any

from bot.sandbox.slack import posting
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.fields import first_values, kept_values
from bot.sandbox.slack.limits import check_blocks, check_metadata, check_text
from bot.sandbox.slack.store import Message, with_ids
from bot.sandbox.slack.wire import BadBlocks, Json, Refusal, truth
from bot.sandbox.slack.world import Channel


def post_message(core: Core, args: Json) -> Json:
    """A post of the bot in a channel, a thread or (channel = user id) a direct conversation."""
    channel = _writable(core, str(args.get("channel", "")))
    message = _composed(core, channel.id, args)
    message.is_broadcast = truth(args.get("reply_broadcast"))
    posting.post(core, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown(core, message, with_metadata=True)}


def post_ephemeral(core: Core, args: Json) -> Json:
    """A post that one member sees, if it gets there: Slack does not promise it."""
    channel = _writable(core, str(args.get("channel", "")))
    user = str(args.get("user", ""))
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    message = _composed(core, channel.id, args)
    message.ephemeral_to = user
    if not core.loses_ephemerals:
        posting.post(core, message)
    return {"message_ts": message.ts}


def update(core: Core, args: Json) -> Json:
    """Another content for one of the bot's own posts. Text without blocks takes the blocks away."""
    message = _own(core, args, "cant_update_message")
    if not any(name in args for name in ("text", "blocks", "attachments", "metadata")):
        raise Refusal("no_text")
    before = core.store.message_json(message)
    if len(str(args.get("text", ""))) > 4000:
        raise Refusal("msg_too_long")
    put_content(core, message, args)
    if "metadata" in args:
        check_metadata(args["metadata"])
        message.metadata = args["metadata"]
    posting.changed(core, message, before)
    now = shown(core, message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": now}


def delete(core: Core, args: Json) -> Json:
    """Take one of the bot's own posts away."""
    message = _own(core, args, "cant_delete_message")
    posting.delete(core, message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(core: Core, args: Json) -> Json:
    """The address of a post."""
    channel = core.store.channel(str(args.get("channel", "")))
    ts = str(args.get("message_ts", ""))
    message = core.store.message(channel.id, ts)
    place = (
        f"https://{core.store.world.team_domain}.slack.example/archives/{channel.id}/p{ts.replace('.', '')}"
    )
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    return {"channel": channel.id, "permalink": place + thread}


def put_content(core: Core, message: Message, args: Json) -> None:
    """Text and blocks of a changed post; choices that people made in its menus stay if their ids stay."""
    if "blocks" not in args and "text" not in args:
        return
    blocks = checked_blocks(core, args)
    message.text = str(args.get("text") or "")
    if blocks is None:
        message.edited_ts = core.store.next_ts()
    message.blocks = blocks
    message.values = kept_values(message.values, blocks or [])


def checked_blocks(core: Core, args: Json) -> list[Json] | None:
    """The blocks of a call with all ids filled in; raises what Slack would answer to wrong ones."""
    blocks = args.get("blocks") or None
    if blocks is None:
        return None
    if isinstance(blocks, str):
        raise Refusal("invalid_blocks_format")
    check_blocks(blocks)
    _check_files(core, blocks)
    return with_ids(blocks)


def _check_files(core: Core, blocks: list[Json]) -> None:
    for place, block in enumerate(blocks):
        wanted = block.get("slack_file", {}).get("id")
        if wanted is None:
            continue
        file = core.store.files.get(wanted)
        if file is None or not file.is_complete or not file.mimetype.startswith("image/"):
            at = f"/blocks/{place}/slack_file"
            raise BadBlocks("invalid_blocks", [f"[ERROR] invalid slack file [json-pointer:{at}]"])


def _composed(core: Core, channel: str, args: Json) -> Message:
    text, blocks = str(args.get("text") or ""), checked_blocks(core, args)
    if not text and not blocks and not args.get("attachments"):
        raise Refusal("no_text")
    check_text(text)
    if len(args.get("attachments") or []) > 100:
        raise Refusal("too_many_attachments")
    world = core.store.world
    message = Message(channel, core.store.next_ts(), world.bot_user, text, blocks, bot_id=world.bot_id)
    message.thread_ts = str(args.get("thread_ts") or "")
    message.username = str(args.get("username") or "")
    message.is_mrkdwn = truth(args.get("mrkdwn", True))
    message.values = first_values(blocks or [])
    if args.get("metadata"):
        check_metadata(args["metadata"])
        message.metadata = args["metadata"]
    return message


def _writable(core: Core, name: str) -> Channel:
    """The channel to post in; a user id stands for the direct conversation."""
    if name in core.store.users:
        return core.store.direct(name)
    channel = core.store.channel(name)
    if channel.is_archived:
        raise Refusal("is_archived")
    if core.store.world.bot_user not in channel.members:
        may_post_anywhere = core.offer.everything or "chat:write.public" in core.offer.scopes
        if channel.is_private or not may_post_anywhere:
            # A bot outside a private channel is not even told that the channel exists.
            raise Refusal("channel_not_found" if channel.is_private else "not_in_channel")
    return channel


def _own(core: Core, args: Json, refusal: str) -> Message:
    channel = core.store.channel(str(args.get("channel", "")))
    message = core.store.message(channel.id, str(args.get("ts", "")))
    if message.ephemeral_to:
        raise Refusal("message_not_found")
    if message.user != core.store.world.bot_user:
        raise Refusal(refusal)
    return message


def shown(core: Core, message: Message, *, with_metadata: bool = False) -> Json:
    """The message as Web API answers give it."""
    found = core.store.message_json(message)
    if message.username:
        found["username"] = message.username
    if with_metadata and message.metadata:
        found["metadata"] = message.metadata
    return found


def add_reaction(core: Core, args: Json) -> Json:
    """The bot reacts to a post."""
    return react(core, core.store.world.bot_user, args)


def react(core: Core, user: str, args: Json) -> Json:
    """Somebody reacts to a post; raises `already_reacted`."""
    message, name = _reaction(core, args)
    who = message.reactions.setdefault(name, [])
    if user in who:
        raise Refusal("already_reacted")
    who.append(user)
    _tell_reaction(core, "reaction_added", user, message, name)
    return {}


def remove_reaction(core: Core, args: Json) -> Json:
    """The bot takes its reaction back."""
    message, name = _reaction(core, args)
    user = core.store.world.bot_user
    if user not in message.reactions.get(name, []):
        raise Refusal("no_reaction")
    message.reactions[name].remove(user)
    message.reactions = {emoji: who for emoji, who in message.reactions.items() if who}
    _tell_reaction(core, "reaction_removed", user, message, name)
    return {}


def _reaction(core: Core, args: Json) -> tuple[Message, str]:
    name = str(args.get("name", "")).strip(":")
    if not name:
        raise Refusal("invalid_name")
    channel = core.store.channel(str(args.get("channel", "")))
    return core.store.message(channel.id, str(args.get("timestamp", ""))), name


def _tell_reaction(core: Core, kind: str, user: str, message: Message, name: str) -> None:
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    event: dict[str, Any] = {"type": kind, "user": user, "reaction": name, "item": item}
    core.emit(kind, event | {"item_user": message.user, "event_ts": core.store.next_ts()})
    posting.show(core, message)


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
}
