"""Looks at the keys of personal data: are there any, and do they open what is stored?"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot.db import keys, migrate
from bot.db.engine import open_database
from bot.settings.data_keys import DataKeys, data_keys
from bot.work.finding_out import Check, ok, skipped, warn, wrong

_NAME = "data keys"


def encryption(url: str, environ: Mapping[str, str]) -> Iterator[Check]:
    """The check of the keys for the database at `url`. Changes nothing. Raises ConfigError for keys that are none."""
    given = data_keys(environ)
    parsed = make_url(url)
    is_there = parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").is_file()
    try:
        with closing(open_database(url, given) if is_there else open_database("sqlite://")) as opened:
            is_ready = is_there and migrate.current(opened) == migrate.newest()
            faults = keys.faults_of(opened) if is_ready else []
    except DBAPIError:
        yield skipped(_NAME, "needs the database")
        return
    yield from (wrong(_NAME, fault) for fault in faults)
    if not faults:
        yield _said(given)


def _said(given: DataKeys) -> Check:
    decrypt = f"; {', '.join(given.ids)} still decrypt" if given.ids else ""
    if given.is_plain:
        mend = "put a key in its place; or, to end encryption: reply24 keys rotate, then take all of it away"
        return warn(
            _NAME, f"REPLY24_DATA_KEYS begins with plain: new data are stored unencrypted{decrypt}", mend
        )
    if given.first is None:
        mend = "make a key with reply24 keys new, put it into REPLY24_DATA_KEYS, then reply24 keys rotate"
        return warn(_NAME, "REPLY24_DATA_KEYS is not set: buyers' data are stored unencrypted", mend)
    others = ", ".join(given.ids[1:])
    return ok(_NAME, f"{given.first} encrypts" + (f"; {others} still decrypt" if others else ""))
