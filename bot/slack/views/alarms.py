"""Alarms about mail and Amazon's API, for managers: what stands, since when, what to do, and when it was over."""

from collections.abc import Sequence

from bot.domain.alarms import ACCESS, CANARY, QUEUE, READING, SILENCE, Alarm
from bot.slack.blocks import Post, context, header, section
from bot.slack.inert import escape, shorten, when
from bot.slack.texts import Say
from bot.slack.views import lines


def title(alarm: Alarm, about: str, say: Say) -> str:
    """What is wrong, in plain words. `about`: the mailbox, or the store's name."""
    if alarm.kind == READING:
        return say("alarm.reading.title", about=about)
    if alarm.kind == CANARY:
        key = "alarm.canary.title_unsent" if alarm.facts.get("unsent") else "alarm.canary.title"
        return say(key, about=about)
    if alarm.kind == QUEUE:
        return say("alarm.queue.title")
    return say("alarm.access.title" if alarm.kind == ACCESS else "alarm.silence.title", about=about)


def alarm_post(alarm: Alarm, about: str, stores: Sequence[str], false_alarms: float, say: Say) -> Post:
    """One alarm. `stores`: names of the stores it is about; `false_alarms`: how many a month come by chance."""
    named = title(alarm, shorten(about, 60), say)
    state = (
        say("alarm.stands", since=when(alarm.since))
        if alarm.ended_at is None
        else say("alarm.over", ended=when(alarm.ended_at))
    )
    said = [state, *_said(alarm, say.several([lines.store(store, say) for store in stores]), say)]
    blocks = [header(named), section(*said)]
    if alarm.kind == SILENCE:
        blocks.append(context(say("alarm.silence.rule", n=f"{false_alarms:g}")))
    return Post(lines.aloud([escape(named), *said], say), blocks)


def _said(alarm: Alarm, stores: str, say: Say) -> list[str]:
    since = when(alarm.since)
    if alarm.kind == READING:
        return [say("alarm.reading.what", since=since, stores=stores), say("alarm.reading.do")]
    if alarm.kind == CANARY:
        key = "alarm.canary.what_unsent" if alarm.facts.get("unsent") else "alarm.canary.what"
        return [say(key, since=since, stores=stores), say("alarm.canary.do")]
    if alarm.kind == ACCESS:
        return [say("alarm.access.what", since=since), *_renewal(alarm, say)]
    if alarm.kind == QUEUE:
        facts = {"since": since, "stores": stores or "–", "about": escape(alarm.about)}
        return [say("alarm.queue.what", **facts), say("alarm.queue.do")]
    expected = f"{alarm.facts.get('expected', 0):.0f}"
    return [say("alarm.silence.what", since=since, expected=expected), say("alarm.silence.do")]


def _renewal(alarm: Alarm, say: Say) -> list[str]:
    """What a manager does, step by step."""
    if alarm.facts.get("role"):
        return [say("alarm.access.role"), say("alarm.access.by_itself")]
    key = "alarm.access.secret" if alarm.facts.get("secret") else "alarm.access.authorise"
    return [say(key), say("alarm.access.restart")]
