"""What the picture of a week shows, for who can't see it."""

from datetime import datetime

from bot.charts.week import Week, length
from bot.domain import zones
from bot.domain.timetable import Span, total, within
from bot.slack.texts import Say


def alt_text(week: Week, say: Say) -> str:
    """One sentence: how many are on shift, and for how long nobody is."""
    beginning = say("week.from", title=week.title, day=_date(zones.local(week.start, week.zones[0]), say))
    people = len({one.agent for one in week.shifts()})
    if not people:
        return say("week.told_nobody", week=beginning)
    on, gaps = say.count("on_shift", people), week.gaps_here()
    if not gaps:
        return say("week.told_covered", week=beginning, people=on)
    longest = max(gaps, key=lambda one: one.length)
    missing = total(within((Span(one.start, one.end) for one in gaps), week.start, week.end))
    return say(
        "week.told_gaps",
        week=beginning,
        people=on,
        missing=length(missing, say),
        gaps=say.count("gap", len(gaps)),
        fatal=sum(one.is_fatal for one in gaps),
        longest=length(longest.length, say),
        start=f"{longest.start:%Y-%m-%d %H:%M}",
    )


def _date(wall: datetime, say: Say) -> str:
    weekday, month = say(f"weekday.{wall.weekday()}"), say(f"month.{wall.month}")
    return say("week.day", weekday=weekday, day=wall.day, month=month, year=wall.year)
