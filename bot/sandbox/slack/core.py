"""The sandbox's insides in one object, which every part of it is handed. Lives on the sandbox's loop."""

import asyncio
from dataclasses import dataclass, field

from bot.sandbox.slack.delivery import Delivery, Log, deliver_event
from bot.sandbox.slack.offer import Offer
from bot.sandbox.slack.rates import Mishaps, Rates
from bot.sandbox.slack.stopwatch import Stopwatch
from bot.sandbox.slack.store import Store
from bot.sandbox.slack.tokens import Tokens
from bot.sandbox.slack.wire import Json, new_id

VERIFICATION = "sandbox-verification"


@dataclass(slots=True)
class Core:
    """State, rules of the moment and the road to the app."""

    store: Store
    offer: Offer
    stopwatch: Stopwatch
    rates: Rates
    mishaps: Mishaps
    tokens: Tokens
    log: Log
    delivery: Delivery
    loses_ephemerals: bool = False
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    undelivered: list[Json] = field(default_factory=list)
    """Events that the app never acknowledged, however often they were delivered: Slack has given them up."""
    _tasks: set[asyncio.Task[bool]] = field(default_factory=set)

    def emit(self, subscription: str, event: Json) -> None:
        """Send an event to the app in the background, if it subscribed to it."""
        if not self.offer.wants(subscription):
            return
        world = self.store.world
        authorization = {
            "enterprise_id": None,
            "team_id": world.team_id,
            "user_id": world.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        payload: Json = {
            "token": VERIFICATION,
            "team_id": world.team_id,
            "context_team_id": world.team_id,
            "context_enterprise_id": None,
            "api_app_id": world.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(self.store.now()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": new_id("4-"),
        }
        task = asyncio.create_task(deliver_event(self.delivery, self.stopwatch, payload))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._delivered(done, event))

    def _delivered(self, task: asyncio.Task[bool], event: Json) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and not task.exception() and not task.result():
            self.undelivered.append(event)

    def hook_url(self, hook_id: str) -> str:
        """The response URL with this id."""
        return f"{self.store.url}/response/{hook_id}"

    async def close(self) -> None:
        """Stop what runs in the background and hang up."""
        for task in list(self._tasks):
            task.cancel()
        await self.delivery.close()
