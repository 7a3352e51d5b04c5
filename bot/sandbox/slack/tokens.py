"""One-shot tokens that Slack hands out with an interaction: trigger ids and response URLs.

Source: docs.slack.dev/interactivity/handling-user-interaction (3 s and one use; 5 uses within 30 minutes).
"""

from dataclasses import dataclass, field

from bot.sandbox.slack.stopwatch import Stopwatch
from bot.sandbox.slack.wire import Refusal, new_id

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60.0
HOOK_USES = 5


@dataclass(slots=True)
class Trigger:
    """The right to open one modal for `user`; `view_id` is the modal that the interaction came from."""

    user: str
    view_id: str
    issued: float
    is_used: bool = False


@dataclass(slots=True)
class Hook:
    """The right to answer in a channel. `message_ts` is what `replace_original` replaces."""

    user: str
    channel: str
    message_ts: str
    thread_ts: str
    issued: float
    uses: int = 0


@dataclass(slots=True)
class Tokens:
    """All of them, by id."""

    stopwatch: Stopwatch
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _hooks: dict[str, Hook] = field(default_factory=dict)

    def issue_trigger(self, user: str, view_id: str = "") -> str:
        """A new trigger id."""
        number = len(self._triggers) + 1
        trigger_id = f"{1_000_000 + number}.{2_000_000 + number}.{new_id('').lower()}"
        self._triggers[trigger_id] = Trigger(user, view_id, self.stopwatch.now())
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Use it up; raises `exchanged_trigger_id`, `expired_trigger_id` or `invalid_trigger_id`."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.is_used:
            raise Refusal("exchanged_trigger_id")
        if self.stopwatch.now() - trigger.issued > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.is_used = True
        return trigger

    def issue_hook(self, user: str, channel: str, message_ts: str = "", thread_ts: str = "") -> str:
        """A new response URL's id."""
        hook_id = new_id("R")
        self._hooks[hook_id] = Hook(user, channel, message_ts, thread_ts, self.stopwatch.now())
        return hook_id

    def use_hook(self, hook_id: str) -> Hook:
        """Count one use; raises `used_url` after five, `expired_url` after 30 minutes."""
        hook = self._hooks.get(hook_id)
        if hook is None:
            raise Refusal("no_such_url")
        if self.stopwatch.now() - hook.issued > HOOK_SECONDS:
            raise Refusal("expired_url")
        if hook.uses >= HOOK_USES:
            raise Refusal("used_url")
        hook.uses += 1
        return hook

    def peek_hook(self, hook_id: str) -> Hook:
        """The response URL without counting a use."""
        return self._hooks[hook_id]
