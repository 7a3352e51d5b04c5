"""What every handler needs, and the steps that several of them share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot.db.queries import outbox
from bot.desk import Desk, read
from bot.domain.snapshots import CaseSnapshot
from bot.domain.typed_messages import MessageKind
from bot.errors import ConfigError, NotFound
from bot.slack.blocks import Block
from bot.slack.errands import Errands
from bot.slack.limits import fit
from bot.slack.people import Directory
from bot.slack.post import call
from bot.slack.texts import Say
from bot.slack.views import reply_modal

AskAmazon = Callable[[str, str, str], tuple[MessageKind, ...]]
"""What may be sent about an order now: (store, order id, marketplace's code). Raises Outside, ConfigError; may hang."""


def nobody_to_ask(store: str, _order_id: str, _marketplace: str) -> tuple[MessageKind, ...]:
    """Stands for Amazon where the program was started without its API. Raises ConfigError."""
    raise ConfigError(f"amazon: nobody here asks for the store {store}")


@dataclass(frozen=True, slots=True)
class Surface:
    """The desk behind the handlers, who is who in Slack, and what takes too long for a handler."""

    desk: Desk
    directory: Directory
    ask_amazon: AskAmazon = nobody_to_ask
    errands: Errands = field(default_factory=Errands, repr=False, compare=False)

    def say(self, person: str) -> Say:
        """The words for a person, in their language."""
        return self.directory.say(person)

    def case_at(self, channel: str | None, *stamps: str | None) -> CaseSnapshot:
        """The case whose card or post this is. Raises NotFound."""
        with self.desk.database.reading() as tx:
            for ts in stamps:
                number = outbox.case_at(tx, channel or "", ts or "")
                if number is not None:
                    return read.snapshot(tx, self.desk, number)
        raise NotFound("This post belongs to no case.", key="no_case_here")


def open_then_fill(
    client: WebClient, context: BoltContext, trigger: str, say: Say, fill: Callable[[], Block]
) -> None:
    """Open a loading view at once, because a trigger lives three seconds; then show what `fill` makes.

    The view's id goes into the context, so that an error is shown where the person looks.
    """
    opened = call(client.views_open, trigger_id=trigger, view=reply_modal.loading(say))
    context["modal"] = opened["view"]["id"]
    call(client.views_update, view_id=opened["view"]["id"], view=fit(fill()))


def push_then_fill(
    client: WebClient, context: BoltContext, trigger: str, say: Say, fill: Callable[[], Block]
) -> None:
    """The same on top of a modal that is open already."""
    pushed = call(client.views_push, trigger_id=trigger, view=reply_modal.loading(say))
    context["modal"] = pushed["view"]["id"]
    call(client.views_update, view_id=pushed["view"]["id"], view=fit(fill()))


def show(client: WebClient, context: BoltContext, click: Any, say: Say, fill: Callable[[], Block]) -> None:
    """Open a modal, on top of the one that the click came from if it came from one."""
    in_modal = click.view is not None and click.view.get("type") == "modal"
    (push_then_fill if in_modal else open_then_fill)(client, context, click.trigger, say, fill)
