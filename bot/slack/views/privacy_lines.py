"""What is hidden of a buyer's words (domain/privacy.py), the button that shows it, and what files came along.

Files are named, never linked, shown or opened; what may be wrong with one stands beside its name.
"""

from bot.domain.snapshots import CaseSnapshot, MessageSnapshot
from bot.slack import ids
from bot.slack.blocks import Block, button
from bot.slack.inert import escape, shorten
from bot.slack.texts import Say

_FILES = 10


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


def files_line(message: MessageSnapshot, say: Say) -> str | None:
    """The names of the files that came with a message, the dangerous ones first; None without any."""
    order = sorted(message.attachments, key=lambda file: not file[2])
    names = [_file(name, danger, say) for name, _size_bytes, danger in order[:_FILES]]
    if len(order) > _FILES:
        names.append(say("files.more", n=len(order) - _FILES))
    return say("thread.files", files=say.several(names)) if names else None


def _file(name: str, danger: str, say: Say) -> str:
    shown = escape(_short_name(name))
    return say("files.danger", name=shown, danger=say(f"danger.{danger}")) if danger else shown


def _short_name(name: str) -> str:
    """A name that is cut keeps its end: what a file is stands there."""
    return name if len(name) <= 60 else f"{shorten(name, 44)}{name[-15:]}"
