"""What the outbox's keys about the arrival of mail mean: `alarm:<alarm>`, `withheld:…`, `strayed:…`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.db.queries import alarms, outbox
from bot.desk import audits
from bot.desk.alarms import stores_of
from bot.domain.alarms import OF_STORES
from bot.domain.audit import folder_of, mailbox_of
from bot.errors import NotFound
from bot.slack.views import alarms as alarm_views
from bot.slack.views import trouble

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _alarm(asked: "Asked") -> "Telling | None":
    """`alarm:<alarm>` in the channel, `alarm:<alarm>:<person>`. Who heard of none need not hear that it is over."""
    desk = asked.desk
    with desk.database.reading() as tx:
        alarm = alarms.alarm(tx, asked.number)
        was_told = outbox.post_of(tx, ":".join(("alarm", *asked.parts))) is not None
    if alarm is None:
        raise NotFound(f"There is no alarm {asked.number}.")
    if alarm.ended_at is not None and asked.is_direct and not was_told:
        return None
    stores = [desk.settings.stores[key].name for key in stores_of(desk, alarm) if key in desk.settings.stores]
    about = stores[0] if alarm.kind in OF_STORES and stores else alarm.about
    false_alarms = desk.settings.thresholds.silence_false_alarms
    return asked.post(alarm_views.alarm_post(alarm, about, stores, false_alarms, asked.say))


def _withheld(asked: "Asked") -> "Telling":
    """`withheld:<count>:<instant>:<person>:<place>`"""
    return asked.post(trouble.withheld(":".join(asked.parts[3:]), asked.number, asked.say))


def _strayed(asked: "Asked") -> "Telling":
    """`strayed:<hour>:<person>:<place>`"""
    place = ":".join(asked.parts[2:])
    count = audits.strays(asked.desk, place)
    return asked.post(trouble.strayed(mailbox_of(place), folder_of(place), count, asked.say))


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {
    "alarm": _alarm,
    "withheld": _withheld,
    "strayed": _strayed,
}
