"""What people do in Slack: type, run commands, press, choose, submit, close. The page and the driver call this.

Payload shapes: docs.slack.dev/reference/interaction-payloads, .../interactivity/implementing-slash-commands.
"""

from dataclasses import dataclass

from bot.sandbox.slack import api_chat, posting
from bot.sandbox.slack.core import VERIFICATION, Core
from bot.sandbox.slack.delivery import COMMANDS, INTERACTIVE, Answer
from bot.sandbox.slack.mrkdwn import as_command_text, as_sent
from bot.sandbox.slack.responses import respond
from bot.sandbox.slack.store import Message
from bot.sandbox.slack.wire import Json, Refusal
from bot.sandbox.slack.world import Channel

NO_COMMAND = (
    "{0} is not a valid command. "
    'In Slack, all messages that start with the "/" symbol are interpreted as commands.'
)
IN_THREAD = "{0} is not supported in threads. Sorry!"
FAILED = '{0} failed with the error "{1}"'


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended. `error` is what Slack would show to the person."""

    ok: bool = True
    error: str = ""
    post: Message | None = None


def say(core: Core, user: str, channel: Channel, typed: str, thread_ts: str = "") -> Done:
    """A person writes into a channel, a thread or the conversation with the bot."""
    if user not in channel.members:
        return Done(False, "not_in_channel")
    message = Message(channel.id, core.store.next_ts(), user, as_sent(core.store, typed), thread_ts=thread_ts)
    core.store.read_until[user, channel.id] = message.ts
    return Done(post=posting.post(core, message))


def react(core: Core, user: str, channel: Channel, ts: str, name: str) -> Done:
    """A person adds a reaction."""
    api_chat.react(core, user, {"channel": channel.id, "timestamp": ts, "name": name})
    return Done()


async def command(core: Core, user: str, channel: Channel, typed: str, thread_ts: str = "") -> Done:
    """A person runs a slash command."""
    name, _, text = typed.strip().partition(" ")
    if user not in channel.members:
        raise Refusal("not_in_channel")
    if thread_ts:
        return Done(False, IN_THREAD.format(name))
    if not core.offer.has_command(name):
        return Done(False, NO_COMMAND.format(name))
    escapes = core.offer.escapes(name)
    payload = command_form(core, user, channel)
    payload |= {"command": name, "text": as_command_text(core.store, text.strip(), escapes=escapes)}
    hook_id = core.tokens.issue_hook(user, channel.id)
    payload |= {"response_url": core.hook_url(hook_id), "trigger_id": core.tokens.issue_trigger(user)}
    answer = await core.delivery.ask(COMMANDS, payload)
    if answer.problem:
        return Done(False, FAILED.format(name, _word(answer)))
    return _show_answer(core, name, hook_id, answer.body or {})


def _word(answer: Answer) -> str:
    return "operation_timeout" if answer.problem == "operation_timeout" else "dispatch_failed"


def command_form(core: Core, user: str, channel: Channel) -> Json:
    """The form fields that each command has."""
    world = core.store.world
    names = {"im": "directmessage", "group": "privategroup", "channel": channel.name}
    return {
        "token": VERIFICATION,
        "team_id": world.team_id,
        "team_domain": world.team_domain,
        "channel_id": channel.id,
        "channel_name": names[channel.kind],
        "user_id": user,
        "user_name": core.store.users[user].name,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
    }


def _show_answer(core: Core, name: str, hook_id: str, body: Json) -> Done:
    """The ack of a command may carry a message; it does not count as a use of the response URL."""
    if not body.get("text") and not body.get("blocks"):
        return Done()
    try:
        respond(core, core.tokens.peek_hook(hook_id), body)
    except Refusal as refusal:
        return Done(False, FAILED.format(name, refusal.code))
    return Done()


def frame(core: Core, kind: str, user: str) -> Json:
    """What all interactive payloads share."""
    person, world = core.store.users[user], core.store.world
    return {
        "type": kind,
        "team": {"id": world.team_id, "domain": world.team_domain},
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team_id},
        "api_app_id": world.app_id,
        "token": VERIFICATION,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_part(channel: Channel) -> Json:
    """The channel as interactive payloads name it."""
    names = {"im": "directmessage", "group": "privategroup", "channel": channel.name}
    return {"id": channel.id, "name": names[channel.kind]}


async def shortcut(core: Core, user: str, callback_id: str, message: Message | None = None) -> Done:
    """A person takes a global shortcut, or one of a message's menu."""
    kind = "global" if message is None else "message"
    if not core.offer.has_shortcut(callback_id, kind):
        return Done(False, f"There is no {kind} shortcut {callback_id}.")
    if message is not None and message.ephemeral_to:
        return Done(False, "Message shortcuts can't be used on messages that only you can see.")
    payload = frame(core, "shortcut" if message is None else "message_action", user)
    payload |= {"callback_id": callback_id, "action_ts": core.store.next_ts()}
    payload["trigger_id"] = core.tokens.issue_trigger(user)
    if message is not None:
        payload |= _shortcut_message(core, user, message)
    answer = await core.delivery.ask(INTERACTIVE, payload)
    return Done(not answer.problem, answer.problem and FAILED.format(callback_id, _word(answer)))


def _shortcut_message(core: Core, user: str, message: Message) -> Json:
    # In a thread the URL still answers in the channel: Slack knows no thread here.
    hook_id = core.tokens.issue_hook(user, message.channel)
    return {
        "channel": channel_part(core.store.channels[message.channel]),
        "message_ts": message.ts,
        "message": core.store.message_json(message),
        "response_url": core.hook_url(hook_id),
    }


def open_home(core: Core, user: str) -> Done:
    """A person opens the app's Home tab."""
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": core.store.direct(user).id,
        "tab": "home",
    }
    view = core.store.homes.get(user)
    if view is not None:
        event["view"] = core.store.view_json(view)
    core.emit("app_home_opened", event | {"event_ts": core.store.next_ts()})
    return Done()


def mark_read(core: Core, user: str, channel: Channel) -> Done:
    """A person has seen the channel."""
    posts = core.store.messages[channel.id]
    if posts:
        core.store.read_until[user, channel.id] = next(reversed(posts))
    core.store.changed("state", user=user)
    return Done()
