"""Which versions of the rota say who was on shift: one line below reports about the past."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.rota_versions import Judges
from bot.slack.inert import when
from bot.slack.texts import Say


def judged_by(found: Judges, say: Say, instant: Callable[[datetime], str] = when) -> str:
    """The versions, and whether part of the time lies before all of them. `instant`: how an instant is written."""
    if found.since is None:
        return say("judges.none")
    first, last, since = found.numbers[0], found.numbers[-1], instant(found.since)
    if first == last:
        told = say("judges.one", n=last, since=since)
    else:
        told = say("judges.many", first=first, last=last, since=since)
    if found.known_since is None:
        return told
    return f"{told} {say('judges.before', since=instant(found.known_since))}"
