"""What managers are told when the bot itself can't do its work."""

from bot.slack.blocks import Post, section
from bot.slack.inert import escape
from bot.slack.texts import Say


def missed(mailbox: str, count: int, say: Say) -> Post:
    """Mails that should have been read long ago, and are in now."""
    text = say("trouble.missed", mailbox=escape(mailbox), n=count)
    return Post(text, [section(text)])


def withheld(mailbox: str, count: int, say: Say) -> Post:
    """Mails that the mailbox's server names and does not give."""
    text = say("trouble.withheld", mailbox=escape(mailbox), n=count)
    return Post(text, [section(text)])


def strayed(mailbox: str, folder: str, count: int, say: Say) -> Post:
    """Mails of Amazon's in a folder where nobody looks for them."""
    text = say("trouble.strayed", mailbox=escape(mailbox), folder=escape(folder), n=count)
    return Post(text, [section(text)])


def group(handle: str, code: str, say: Say) -> Post:
    """The bot can't change the user group of those who can work."""
    text = say("trouble.group", group=escape(handle), code=escape(code))
    return Post(text, [section(text)])


def calendar(layer: str, why: str, say: Say) -> Post:
    """The calendar behind a layer of the rota can't be read."""
    text = say("trouble.calendar", layer=escape(layer), why=escape(why))
    return Post(text, [section(text)])


def place(channel: str, say: Say) -> Post:
    """The bot can't post to a channel."""
    text = say("trouble.place", place=escape(channel))
    return Post(text, [section(text)])


def shared(channel: str, say: Say) -> Post:
    """Another organisation reads a channel: nothing of buyers is posted there."""
    text = say("trouble.shared", place=escape(channel))
    return Post(text, [section(text)])


def team_group(handle: str, code: str, say: Say, *, is_gate: bool) -> Post:
    """A user group that grants rights, or (`is_gate`) that all rights depend on, can't be read."""
    text = say(
        "trouble.team_gate" if is_gate else "trouble.team_group", group=escape(handle), code=escape(code)
    )
    return Post(text, [section(text)])


def left(name: str, held: int, shifts: int, say: Say) -> Post:
    """Somebody lost their rights; what they held is back in the queue, their shifts are nobody's."""
    text = say.joined(
        (
            say("trouble.left", name=escape(name)),
            say("trouble.left_held", n=held) if held else None,
            say("trouble.left_shifts", n=shifts) if shifts else None,
        )
    )
    return Post(text, [section(text)])
