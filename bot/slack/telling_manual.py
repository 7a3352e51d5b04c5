"""What the outbox's keys for managers mean: manual mode and its runbook, accounts, requests for reviews."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.desk import manual_pages, notifications, read, solicitations
from bot.domain import departure
from bot.slack.views import accounts
from bot.slack.views import manual as views
from bot.slack.views import solicitations as solicitation_views

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _runbook(asked: "Asked") -> "Telling":
    """`manual:<id>`: in the managers' channel. Who switched it is named there, not called."""
    one = manual_pages.runbook(asked.desk, asked.number)
    pause = asked.desk.settings.thresholds.breaker.pause_minutes
    post = views.runbook(one, asked.say, pause)
    for person in {one.mode.by, one.mode.ended_by, *(look.by for look, _before in one.looks)} - {None}:
        post = asked.uncalled(post, str(person))
    return asked.post(post)


def _told(asked: "Asked") -> "Telling | None":
    """`manual_told:<id>:<on or off>:<person>`; that it is on says nothing any more when it is over."""
    one = manual_pages.runbook(asked.desk, asked.number)
    if (asked.parts[1] == "off") != (one.mode.ended_at is not None):
        return None
    return asked.post(views.told(one, asked.say, asked.desk.settings.slack.escalation_channel))


def _held_back(asked: "Asked") -> "Telling | None":
    """`held_back:<reply>:<person>`: to its author, and who has the case.

    What manual mode held back needs no word if the buyer was answered meanwhile; what the author has to look at does.
    """
    case, reply = read.case_of_reply(asked.desk, asked.number)
    if case.due_at is None and reply.reason not in departure.REASONS:
        return None
    return asked.about(views.held_back(case, reply, asked.say), case)


def _account(asked: "Asked") -> "Telling":
    """`account:<change>` in the managers' channel, `account:<change>:<person>`."""
    one = notifications.change(asked.desk, asked.number)
    return asked.post(accounts.changed(one, asked.say, asked.desk.settings.slack.escalation_channel))


def _solicitation(asked: "Asked") -> "Telling | None":
    """`solicitation:<request>:<state>:<person>`: to who asked for it; nothing when it stands otherwise by now."""
    one = solicitations.one(asked.desk, asked.number)
    return asked.post(solicitation_views.told(one, asked.say)) if one.state == asked.parts[1] else None


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {
    "manual": _runbook,
    "manual_told": _told,
    "held_back": _held_back,
    "account": _account,
    "solicitation": _solicitation,
}
