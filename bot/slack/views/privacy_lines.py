"""What is hidden of a buyer's words (domain/privacy.py), and the button that shows it to one person."""

from bot.domain.snapshots import CaseSnapshot, MessageSnapshot
from bot.slack import ids
from bot.slack.blocks import Block, button
from bot.slack.texts import Say


def hidden(message: MessageSnapshot, say: Say) -> str | None:
    """How much of what is hidden; None if nothing is."""
    if not message.hidden:
        return None
    what = say.several([say(f"hidden.{kind}", n=count) for kind, count in message.hidden])
    return say("case.hidden", what=what)


def reveal_button(case: CaseSnapshot, message: MessageSnapshot, say: Say) -> Block | None:
    """The button that shows a message with nothing hidden; its value is `case:message`."""
    if not message.hidden:
        return None
    label = say("label.message", do=say("button.reveal"), message=message.id, case=case.number)
    return button(ids.CASE_REVEAL, say("button.reveal"), f"{case.number}:{message.id}", label=label)
