"""The rules of the rota: those of now, and those that were in force before, as they are kept in the database.

Rules are kept when the bot first reads them: at its start, and when a calendar that it fetches has changed. What
reads config/rota.yaml without being the bot (a command) goes by it for the future only. How versions judge the
past: domain/rota_versions.py. Without a rota nothing is kept, and everybody counts as able to work at any time.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from bot.db.queries import rota as rota_queries
from bot.db.queries import rota_versions as queries
from bot.db.queries.rota_versions import Known
from bot.desk import Desk
from bot.domain.rota import Rota
from bot.domain.rota_versions import RotaHistory, Version
from bot.errors import ConfigError
from bot.log import get_logger
from bot.settings.rota import with_calendars
from bot.settings.rota_shape import RotaAgentSettings
from bot.settings.rota_text import RulesText, Years, read, written
from bot.settings.shape import Settings

log = get_logger()

_LONGEST = timedelta(days=3)
"""A shift may have begun that much earlier, under earlier rules."""


def rota_of(tx: Session, settings: Settings) -> Rota | None:
    """The rules of now, with the calendars as they were last fetched."""
    rota = settings.rota
    if rota is None or not settings.shifts.calendar_urls:
        return rota
    return with_calendars(rota, rota_queries.calendars(tx))


def keep_rules(desk: Desk) -> int | None:
    """Keep the rules of now; returns the number of the version if they are new. What can't be read is logged."""
    with desk.database.writing() as tx:
        number = keep(tx, desk)
        for one in queries.known(tx):
            unreadable = _rules(queries.rules(tx, one.number))
            if isinstance(unreadable, str):
                log.warning("rota_version_unreadable", version=one.number)
    return number


def keep(tx: Session, desk: Desk) -> int | None:
    """Keep the rules of now if they are other than those kept last; returns the number of the version if so.

    The first ones wait until their calendars were fetched: all that was before is judged by them.
    """
    if desk.settings.rota is None:
        return None
    rota_queries.lock(tx)
    rota, now, known = rota_of(tx, desk.settings), desk.now(), queries.known(tx)
    if rota is None or (not known and _awaits_calendars(tx, desk)):
        return None
    if known and _is_same(desk.settings, rota, known[-1]):
        return None
    since = max(now, known[-1].since) if known else now
    text = _written(desk.settings, rota, since)
    names = {key: agent.name for key, agent in desk.settings.agents.items()}
    number = queries.put(tx, since, text.digest, text.text, names)
    log.info("rota_version_kept", version=number)
    return number


def _awaits_calendars(tx: Session, desk: Desk) -> bool:
    layers = desk.settings.shifts.calendar_urls.keys()
    return bool(layers - queries.fetched_layers(tx, layers))


def _is_same(settings: Settings, rota: Rota, last: Known) -> bool:
    """Whether the rules are those of a kept version, the holidays of its years included."""
    return _written(settings, rota, last.since).digest == last.digest


def _written(settings: Settings, rota: Rota, since: datetime) -> RulesText:
    years = since.year - 1, since.year + 2
    people = tuple((key, agent.name, agent.email) for key, agent in settings.agents.items())
    return _text(rota, people, years)


@lru_cache(maxsize=16)
def _text(rota: Rota, people: tuple[tuple[str, str, str | None], ...], years: Years) -> RulesText:
    called = {key: RotaAgentSettings(name=name, email=email) for key, name, email in people}
    return written(rota, called, years)


@lru_cache(maxsize=64)
def _rules(text: str) -> Rota | str:
    """The rules that were kept, or why they can't be read."""
    try:
        return read(text)
    except ConfigError as why:
        return str(why)


def around(tx: Session, desk: Desk, start: datetime) -> RotaHistory | None:
    """The rules from `start` on for the bot, whose own rules are the newest; None without a rota."""
    if desk.settings.rota is not None and queries.is_any_since(tx, start):
        return history(tx, desk.settings, start, desk.now())
    rota = rota_of(tx, desk.settings)
    return None if rota is None else RotaHistory.of(rota)


def history(tx: Session, settings: Settings, start: datetime, now: datetime) -> RotaHistory | None:
    """The rules from `start` on: as they were in force, then those of now; None without a rota.

    Rules of the settings that no bot has read yet count from `now` on. A version that can't be read any more is
    passed over: the one before it judges its time, too.
    """
    rota = rota_of(tx, settings)
    if rota is None:
        return None
    known = queries.known(tx)
    if not known:
        return RotaHistory.of(rota)
    newest = known[-1]
    if _is_same(settings, rota, newest):
        earlier, last = known[:-1], Version(newest.number, newest.since, rota)
    else:
        earlier, last = known, Version(None, max(now, newest.since), rota)
    start -= _LONGEST
    return RotaHistory((*(_kept(tx, earlier, start) if start < last.since else ()), last))


def _kept(tx: Session, known: list[Known], start: datetime) -> list[Version]:
    """These versions from the one on that is in force at `start`, or from one before it that can be read."""
    found: list[Version] = []
    for one in reversed(known):
        if found and found[0].since <= start:
            break
        rules = _rules(queries.rules(tx, one.number))
        if isinstance(rules, Rota):
            found.insert(0, Version(one.number, one.since, rules))
    return found


def all_of(tx: Session) -> list[tuple[Known, Rota | str]]:
    """Every kept version in order, or why its rules can't be read."""
    return [(one, _rules(queries.rules(tx, one.number))) for one in queries.known(tx)]


def not_in_force(tx: Session, settings: Settings) -> Rota | None:
    """The rules of the settings, if they are other than those kept last: no bot has read them yet."""
    rota, known = rota_of(tx, settings), queries.known(tx)
    return rota if rota is not None and known and not _is_same(settings, rota, known[-1]) else None


def names(tx: Session, settings: Settings) -> Mapping[str, str]:
    """How people are called, by the key of the agent, those who left included."""
    return queries.names(tx) | {key: agent.name for key, agent in settings.agents.items()}
