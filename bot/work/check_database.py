"""Looks at the database: can it be reached and written, do its tables fit, does its clock agree?"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from bot.clock import RealClock
from bot.db import migrate
from bot.db.engine import Database, open_database
from bot.db.queries.manual import lasting
from bot.work.finding_out import TIMEOUT_S, Check, clock, ok, warn, wrong

_NAME = "database"


def database(url: str) -> Iterator[Check]:
    """The checks of the database at `url`. Nothing is made or migrated."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        yield from _sqlite(url, Path(parsed.database or ""))
        return
    waiting = parsed.update_query_dict({"connect_timeout": str(TIMEOUT_S), **parsed.query})
    shown = f"PostgreSQL at {parsed.host or 'this machine'}, database {parsed.database}"
    yield from _answers(waiting.render_as_string(hide_password=False), shown)


def _sqlite(url: str, file: Path) -> Iterator[Check]:
    folder = next(one for one in (file.parent, *file.parents) if one.is_dir())
    if not os.access(folder, os.W_OK):
        mend = "make it writable for the user that runs the bot, or name another file in REPLY24_DATABASE_URL"
        yield wrong(_NAME, f"{folder} is not writable", mend)
    elif not file.exists():
        yield ok(_NAME, f"{file} is not there yet; it is made at the first start")
    else:
        yield from _answers(url, f"SQLite in {file}")


def _answers(url: str, shown: str) -> Iterator[Check]:
    opened = open_database(url)
    try:
        yield _revision(opened, shown)
        if not opened.is_sqlite:
            yield _clock(opened)
        if migrate.current(opened) == migrate.newest():
            yield from _manual_mode(opened)
    except DBAPIError as why:
        words = " ".join(str(why.orig).split())[:300]
        mend = "check REPLY24_DATABASE_URL, that the server runs, and that it lets this user in"
        yield wrong(_NAME, f"{shown} does not answer: {words}", mend)
    finally:
        opened.close()


def _revision(opened: Database, shown: str) -> Check:
    with opened.engine.connect() as connection:
        # On SQLite it takes the write lock, which shows that the file can be written.
        connection.execute(text("SELECT 1"))
        connection.rollback()
    here, wanted = migrate.current(opened), migrate.newest()
    if here == wanted:
        return ok(_NAME, f"{shown}, revision {here}")
    if here is None:
        return ok(_NAME, f"{shown} is empty; the tables are made at the first start")
    if migrate.is_ahead(here) and migrate.is_next(here):
        found = f"{shown} is at revision {here}, one ahead of this program"
        return warn(_NAME, found, "nothing while a new version is rolled out; then start the newer program")
    if migrate.is_ahead(here):
        mend = "start the newer program, or go back to a backup from before its upgrade"
        return wrong(_NAME, f"{shown} is at revision {here}; this program knows {wanted} at most", mend)
    found = f"{shown} is at revision {here}, this program wants {wanted}"
    return warn(_NAME, found, "reply24 db upgrade; the next start does it as well")


def _manual_mode(opened: Database) -> Iterator[Check]:
    """Where nothing happens by itself: whoever wonders why no case is offered must find it here."""
    with opened.reading() as tx:
        on = [(row.scope, row.since, row.by) for row in lasting(tx)]
    if not on:
        yield ok("manual mode", "off: automation works")
    for scope, since, by in on:
        found = (
            f"on for {scope} since {since:%Y-%m-%d %H:%M} UTC, by {by}: nothing is offered or sent by itself"
        )
        yield warn(
            "manual mode", found, "reply24 manual off --reason …, or /manual-mode in Slack, when it is mended"
        )


def _clock(opened: Database) -> Check:
    with opened.engine.connect() as connection:
        before = RealClock().now()
        there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        after = RealClock().now()
    apart = max((there - after).total_seconds(), (before - there).total_seconds(), 0.0)
    return clock("clock of the database", apart)
