"""Invented alarms for the tests of views, and one list of every view about the arrival of mail."""

from collections.abc import Iterator

from bot.domain.alarms import ACCESS, CANARY, OF_STORES, QUEUE, READING, SILENCE, Alarm
from bot.slack.blocks import Post
from bot.slack.texts import Say
from bot.slack.views import trouble
from bot.slack.views.alarms import alarm_post
from tests.unit.view_samples import HOUR, NOW, PLAIN, Words


def alarm(kind: str, *, over: bool = False, **facts: object) -> Alarm:
    ended = NOW + 2 * HOUR if over else None
    return Alarm(7, kind, "acme", NOW - HOUR, NOW, ended, facts)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post]]:
    """Name and view, in the language of `say`."""
    named = "Nordlicht" if words is PLAIN else words.name
    alarms = {
        "reading": alarm(READING),
        "canary": alarm(CANARY, unsent=False),
        "unsent canary": alarm(CANARY, unsent=True),
        "silence": alarm(SILENCE, expected=14.4),
        "authorisation": alarm(ACCESS),
        "secret": alarm(ACCESS, secret=True),
        "role": alarm(ACCESS, role=True),
        "queue": alarm(QUEUE),
    }
    for name, one in alarms.items():
        about = named if one.kind in OF_STORES else one.about
        over = alarm(one.kind, over=True, **one.facts)
        yield f"alarm: {name}", alarm_post(one, about, [named], 1, say)
        yield f"alarm: {name} is over", alarm_post(over, about, [named], 0.5, say)
    yield "alarm: two stores", alarm_post(alarms["reading"], "acme", [named, "Sunrise"], 1, say)
    yield "missed", trouble.missed("acme", 3, say)
    yield "withheld", trouble.withheld("acme", 1, say)
    yield "strayed", trouble.strayed("acme", "Junk" if words is PLAIN else words.file, 2, say)
