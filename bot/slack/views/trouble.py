"""What managers are told when the bot itself can't do its work."""

from bot.slack.blocks import Post, section
from bot.slack.inert import escape
from bot.slack.texts import Say


def place(channel: str, say: Say) -> Post:
    """The bot can't post to a channel."""
    text = say("trouble.place", place=escape(channel))
    return Post(text, [section(text)])
