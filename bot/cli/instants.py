"""Instants that people type for a command: with Z or an offset, a day alone, or a wall time with its zone."""

from datetime import UTC, datetime, timedelta

import typer

LONGEST = timedelta(days=400)
_EXPECTED = 'expected such as 2027-03-14T09:30Z, 2027-03-14T09:30+08:00, "2027-03-14 09:30 America/New_York"'


def instant_of(text: str, option: str) -> datetime:
    """The UTC instant of what was typed; a day alone is the UTC midnight that begins it.

    Raises BadParameter, also for a time that the clocks of its zone skip, or show twice.
    """
    wall, _, zone = text.strip().rpartition(" ")
    try:
        return _in_zone(wall, zone) if wall and zone[0].isalpha() else _in_itself(text.strip())
    except ValueError as why:
        raise typer.BadParameter(f'"{text}": {why}; {_EXPECTED}', param_hint=option) from why


def _in_zone(wall: str, zone: str) -> datetime:
    from bot.domain import zones

    if not zones.is_zone(zone):
        raise ValueError(f"{zone} is no time zone of the IANA database")
    naive = _parsed(wall)
    if naive.tzinfo is not None:
        raise ValueError("it has both an offset and a zone")
    return zones.strict_instant(naive, zone)


def _in_itself(text: str) -> datetime:
    found = _parsed(text)
    if found.tzinfo is None and len(text) > len("2027-03-14"):
        raise ValueError("it says nothing about its zone, and it is another instant in each")
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def _parsed(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("it is no date and time") from None
    if not 2000 <= found.year < 2100:
        raise ValueError("it is not of this century")
    return found


def window(
    since: str | None, until: str | None, now: datetime, length: timedelta
) -> tuple[datetime, datetime]:
    """[--from, --until): from `now` and of `length` where nothing was typed. Raises BadParameter."""
    start = instant_of(since, "--from") if since is not None else now
    end = instant_of(until, "--until") if until is not None else start + length
    _check(start, end)
    return start, end


def require_order(start: datetime, end: datetime) -> None:
    """That a period ends after it begins. Raises BadParameter."""
    if end <= start:
        raise typer.BadParameter(
            f"{end:%Y-%m-%d %H:%M} UTC is not after the beginning, {start:%Y-%m-%d %H:%M} UTC",
            param_hint="--until",
        )


def _check(start: datetime, end: datetime) -> None:
    require_order(start, end)
    if end - start > LONGEST:
        raise typer.BadParameter(
            f"{(end - start).days} days are too many; expected 400 at most", param_hint="--until"
        )
