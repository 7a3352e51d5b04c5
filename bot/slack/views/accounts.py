"""How Amazon thinks of a seller's account, for managers: what changed, and what to do."""

from bot.domain.accounts import AccountChange
from bot.domain.notifications import NORMAL
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, header, section
from bot.slack.inert import escape, shorten, when
from bot.slack.texts import Say
from bot.slack.views import lines
from bot.slack.views.manual import end_button
from bot.slack.views.manual_lines import status_words


def changed(one: AccountChange, say: Say, channel: str) -> Post:
    """A change that did not begin manual mode: that it is on already, or that somebody may switch it on."""
    words = status_words(one.before, one.after)
    sign = "✅" if one.after == NORMAL else "🚨"
    name = one.name or say("account.unknown")
    said = [say("account.changed", sign=sign, at=when(one.at), **words), *_next(one, say, channel)]
    title = say("account.title", store=shorten(name, 90), after=one.after or "?")
    spoken = lines.aloud([escape(title), *said], say)
    pressed = _button(one, name, say)
    return Post(spoken, [header(title), section(*said), *([actions(pressed)] if pressed else [])])


def _next(one: AccountChange, say: Say, channel: str) -> list[str]:
    if not one.name:
        return [say("account.which", subscription=escape(one.subscription or "?"))]
    is_normal = one.after == NORMAL
    if one.manual is None:
        return [say("account.fine" if is_normal else "account.look")]
    since = when(one.manual.since)
    if is_normal:
        return [say("account.manual_still", since=since)]
    return [say("account.manual_on", since=since, channel=f"#{escape(channel)}")]


def _button(one: AccountChange, name: str, say: Say) -> Block | None:
    """To end manual mode where all is well again, to begin it where it is not."""
    if one.manual is not None:
        return end_button(one.manual, name, say) if one.after == NORMAL else None
    if one.after == NORMAL:
        return None
    label = say("manual.label", do=say("manual.button_home"), store=shorten(name, 40))
    return button(ids.MANUAL_BEGIN, say("manual.button_home"), "all", label=label)
