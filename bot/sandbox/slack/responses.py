"""Response URLs: what an app may do with them.

Source: docs.slack.dev/interactivity/handling-user-interaction (ephemeral unless told, replace, delete).
"""

from bot.sandbox.slack import posting
from bot.sandbox.slack.api_chat import checked_blocks, put_content
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.fields import first_values
from bot.sandbox.slack.store import Message
from bot.sandbox.slack.tokens import Hook
from bot.sandbox.slack.wire import Json, Refusal, truth


def respond(core: Core, hook: Hook, body: Json) -> None:
    """Post, replace or delete, as `body` says."""
    original = core.store.messages[hook.channel].get(hook.message_ts)
    if truth(body.get("delete_original")) and original is not None:
        posting.delete(core, original)
    elif truth(body.get("replace_original")) and original is not None:
        # An ephemeral original stays ephemeral whatever response_type says.
        before = core.store.message_json(original)
        put_content(core, original, body)
        _shown(core, original, before)
    else:
        _post(core, hook, body)


def _shown(core: Core, message: Message, before: Json) -> None:
    if message.ephemeral_to:
        posting.show(core, message)
    else:
        posting.changed(core, message, before)


def _post(core: Core, hook: Hook, body: Json) -> None:
    text, blocks = str(body.get("text") or ""), checked_blocks(core, body)
    if not text and not blocks:
        raise Refusal("no_text")
    world = core.store.world
    message = Message(hook.channel, core.store.next_ts(), world.bot_user, text, blocks, bot_id=world.bot_id)
    message.values = first_values(blocks or [])
    message.thread_ts = str(body.get("thread_ts") or hook.thread_ts)
    if body.get("response_type") != "in_channel":
        message.ephemeral_to = hook.user
        if core.loses_ephemerals:
            return
    posting.post(core, message)
