"""Who is on shift: `/oncall`, `/oncall next`, `/oncall week`.

Layout: slack reference 4.7. Stores with the same people share a line. Instants are date tokens, so each
reader sees their own zone; the text that is read aloud says UTC.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.shift_snapshots import Change, OncallPage, OnNow, ShiftLine, StoreShifts
from bot.domain.zones import local
from bot.slack.blocks import Block, Post, context, header, section
from bot.slack.inert import mention, when
from bot.slack.texts import Say
from bot.slack.views import lines, manual_lines
from bot.slack.views.shift_times import day as day_of
from bot.slack.views.warnings import peak_lines

_CHANGES = 6
_SPOKEN = 25
_MINUTE = timedelta(minutes=1)


def now(page: OncallPage, say: Say) -> Post:
    """Who is on now for each store, until when, what time it is for them, and who comes next."""
    if not page.stores:
        return Post(say("on.empty"), [section(say("on.empty"))])
    rows = [_now_row(names, group, page.as_of, say) for names, group in _together(page.stores)]
    rows += manual_lines.rows(page.manual, say)
    rows += peak_lines(((one.store_name, one.peak) for one in page.stores), say)
    return _page("on.title", page, rows, say("on.note" if page.has_rota else "on.note_free"), say)


def coming(page: OncallPage, say: Say) -> Post:
    """The next changes of people, store by store."""
    if not page.has_rota or not page.stores:
        return now(page, say)
    rows = [row for names, group in _together(page.stores) for row in _change_rows(names, group, page, say)]
    return _page("on.title_next", page, rows, None, say)


def week(page: OncallPage, say: Say) -> Post:
    """The shifts of seven days, by the days of the reader's zone."""
    if not page.has_rota or not page.stores:
        return now(page, say)
    rows = _week_rows(page, say) or [say("on.week_empty")]
    return _page("on.title_week", page, rows, say("on.note_week"), say)


def _page(title: str, page: OncallPage, rows: Sequence[str], note: str | None, say: Say) -> Post:
    without = None if page.has_rota else say("on.no_rota")
    return Post(
        lines.aloud([say(title), without, *rows[:_SPOKEN]], say),
        [
            header(say(title)),
            *([section(without)] if without else []),
            *lines.sections(rows),
            *([context(note)] if note else []),
        ],
    )


def _together(stores: Sequence[StoreShifts]) -> list[tuple[list[str], StoreShifts]]:
    """The stores whose people and changes are the same, in one row: (names, one of them)."""
    groups: dict[tuple[tuple[OnNow, ...], tuple[Change, ...]], list[StoreShifts]] = {}
    for one in stores:
        groups.setdefault((one.on, one.changes), []).append(one)
    return [([one.store_name for one in group], group[0]) for group in groups.values()]


def _stores(names: Sequence[str], say: Say) -> str:
    return say.several([lines.store(name, say) for name in names])


def _now_row(names: Sequence[str], one: StoreShifts, at: datetime, say: Say) -> str:
    following = next((change for change in one.changes if change.arriving), None)
    if one.on:
        people = lines.few([_person(on, at, say) for on in one.on], say)
        row = say("on.store", stores=_stores(names, say), people=people)
        return f"{row} · {_following(following, at, say)}" if following else row
    if following is None:
        return say("on.store", stores=_stores(names, say), people=say("on.nobody"))
    nobody = say("on.nobody_until", at=when(following.at, at), who=lines.people(following.arriving, say))
    return say("on.store", stores=_stores(names, say), people=nobody)


def _following(change: Change, at: datetime, say: Say) -> str:
    return say("on.next", who=lines.people(change.arriving, say), at=when(change.at, at))


def _person(on: OnNow, at: datetime, say: Say) -> str:
    facts = {
        "who": mention(on.person),
        "time": f"{local(at, on.zone):%H:%M}",
        "place": lines.zone_name(on.zone, say),
    }
    if on.until is None:
        return say("on.person_free", **facts)
    return say("on.person", until=when(on.until, at), **facts)


def _change_rows(names: Sequence[str], one: StoreShifts, page: OncallPage, say: Say) -> list[str]:
    rows = [_change_row(change, page.as_of, say) for change in one.changes[:_CHANGES]]
    rest = len(one.changes) - len(rows)
    head = say("on.store", stores=_stores(names, say), people="" if rows else say("on.no_change"))
    return [head.strip(), *rows, *([say("on.more", n=rest)] if rest else [])]


def _change_row(change: Change, at: datetime, say: Say) -> str:
    moves = (
        say("on.leaves", who=lines.people(change.leaving, say)) if change.leaving else None,
        say("on.comes", who=lines.people(change.arriving, say)) if change.arriving else None,
        say("on.then", who=lines.people(change.on, say)) if change.on else say("on.then_nobody"),
    )
    return say("on.change", at=when(change.at, at), what=" · ".join(move for move in moves if move))


def _week_rows(page: OncallPage, say: Say) -> list[str]:
    rows: list[str] = []
    day = ""
    for people, shift in _worked_together(page.week):
        today = day_of(shift.start, page.zone, say)
        if today != day:
            rows.append(f"*{today}*")
            day = today
        hours = _hours(shift.start, shift.end, page.zone, say)
        stores = lines.stores(shift.stores, say)
        rows.append(say("on.week_row", hours=hours, who=lines.people(people, say), stores=stores))
    return rows


def _worked_together(week: Sequence[ShiftLine]) -> list[tuple[list[str], ShiftLine]]:
    """Shifts of the same hours and stores in one row, in order of their start: (people, one of them)."""
    groups: dict[tuple[datetime, datetime, tuple[str, ...]], list[ShiftLine]] = {}
    for one in sorted(week, key=lambda shift: (shift.start, shift.end)):
        groups.setdefault((one.start, one.end, one.stores), []).append(one)
    return [(list(dict.fromkeys(one.person for one in group)), group[0]) for group in groups.values()]


def _hours(start: datetime, end: datetime, zone: str, say: Say) -> str:
    """From when to when, each reader in their own zone; with the date if it ends on another day of `zone`."""
    same_day = local(end - _MINUTE, zone).date() == local(start, zone).date()
    return say("shift.hours", start=when(start, start), end=when(end, end if same_day else None))


def oncall(page: OncallPage, say: Say, part: str = "now") -> Post:
    """What `/oncall`, `/oncall next` or `/oncall week` answers with."""
    return {"next": coming, "week": week}.get(part, now)(page, say)


def hours_rows(week: Sequence[ShiftLine], zone: str, say: Say) -> list[Block]:
    """One person's shifts, for their home page."""
    rows = [
        say(
            "home.shift_row",
            day=day_of(one.start, zone, say),
            hours=_hours(one.start, one.end, zone, say),
            stores=lines.stores(one.stores, say),
        )
        for one in week
    ]
    return lines.sections(rows)
