"""What the outbox's keys about shifts mean: offers, handovers, briefs, requests, gaps."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.db.tables_shifts import CalendarRow
from bot.desk import access, coverage, handover_pages, request_pages
from bot.desk.shifts import staff_at
from bot.domain.shift_snapshots import Handover
from bot.slack.blocks import Post
from bot.slack.texts import Say
from bot.slack.views import briefs, handover, shift_gaps, shift_posts, trouble

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _offer(asked: "Asked") -> "Telling | None":
    """`offer:<case>:<offer>`: to whom a case was passed on; nothing if it went further meanwhile."""
    case = asked.case()
    if case.assignee is not None or case.shifts is None or case.shifts.offered_to != asked.place:
        return None
    return asked.about(briefs.offered(case, asked.say), case)


def _handover(asked: "Asked") -> "Telling":
    return asked.post(handover.handover(handover_pages.handover(asked.desk, asked.number), asked.say))


def _waiting(view: Callable[[Handover, Say], Post]) -> Callable[["Asked"], "Telling | None"]:
    """A reminder of a handover: `<kind>:<handover>:<person>`; nothing once it is accepted."""

    def telling(asked: "Asked") -> "Telling | None":
        one = handover_pages.handover(asked.desk, asked.number)
        return None if one.accepted_by else asked.post(view(one, asked.say))

    return telling


def _unstaffed(asked: "Asked") -> "Telling | None":
    found = handover_pages.unstaffed(asked.desk, asked.number)
    return asked.post(briefs.nobody_on(found, asked.say)) if found else None


def _instant(asked: "Asked") -> datetime:
    return datetime.fromtimestamp(int(asked.parts[1]), UTC)


def _brief(asked: "Asked") -> "Telling | None":
    """`brief:<person>:<instant>`"""
    found = handover_pages.brief(asked.desk, asked.parts[0], _instant(asked))
    return asked.post(briefs.shift_begins(found, asked.say)) if found else None


def _forecast(asked: "Asked") -> "Telling | None":
    """`forecast:<person>:<instant>`"""
    found = handover_pages.forecast(asked.desk, asked.parts[0], _instant(asked))
    return asked.post(briefs.shift_ends(found, asked.say)) if found else None


def _request(asked: "Asked") -> "Telling":
    """`request:<number>` in the channel (a cover), `request:<number>:<person>` to whom a swap is offered."""
    one = request_pages.request(asked.desk, asked.number)
    view = shift_posts.swap_offer if one.kind == "swap" else shift_posts.cover_post
    return asked.post(view(one, asked.say))


def _approval(asked: "Asked") -> "Telling":
    one = request_pages.request(asked.desk, asked.number)
    zone = asked.directory.person(asked.place).zone
    return asked.post(shift_posts.approval(one, zone, asked.say))


def _asked(asked: "Asked") -> "Telling":
    """`asked:<number>:<person>`: to who waits for an answer to a swap, days off or an extra shift."""
    one = request_pages.request(asked.desk, asked.number)
    zone = asked.directory.person(asked.place).zone
    return asked.post(shift_posts.asked(one, zone, asked.say))


def _changed(asked: "Asked") -> "Telling":
    """`changed:<number>:<state>:<person>`"""
    one = request_pages.request(asked.desk, asked.number)
    return asked.post(shift_posts.told(one, asked.place, asked.say))


def _gaps(asked: "Asked") -> "Telling | None":
    """`gaps:<instant>`: the warning to the managers' channel; calls those of them who are not off shift."""
    desk = asked.desk
    page = coverage.new_gaps(desk)
    if not page.gaps:
        return None
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, desk.now())
        managers = access.people_of(tx, desk, None, managers=True)
    called = [one for one in managers if view.may_be_called(one, None)]
    return asked.post(shift_gaps.gap_warning(page, asked.say, mention_people=called))


def _calendar(asked: "Asked") -> "Telling | None":
    """`calendar:<layer>:<day>:<manager>`; nothing if it could be read meanwhile."""
    with asked.desk.database.reading() as tx:
        row = tx.get(CalendarRow, asked.parts[0])
    if row is None or row.failed_at is None:
        return None
    return asked.post(trouble.calendar(row.layer, row.reason or "", asked.say))


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {
    "offer": _offer,
    "handover": _handover,
    "handover_reminder": _waiting(handover.reminder),
    "handover_late": _waiting(handover.reminder_for_managers),
    "unstaffed": _unstaffed,
    "brief": _brief,
    "forecast": _forecast,
    "request": _request,
    "approval": _approval,
    "asked": _asked,
    "changed": _changed,
    "gaps": _gaps,
    "calendar": _calendar,
}
