"""Every test of storage runs on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.clock import FixedClock
from bot.db import keys
from bot.db.engine import Database, open_database
from bot.db.migrate import upgrade
from bot.desk import Desk
from bot.desk.knowledge import Knowledge
from bot.sandbox.relay import MailRelay
from bot.settings.data_keys import DataKeys, data_keys
from tests import servers, world
from tests.store.encrypted import OLD, keyed

_NAMES = count(1)
KEYS = data_keys(os.environ)
"""None, unless the whole suite is to run on encrypted data: REPLY24_DATA_KEYS=k1:… pytest tests/store."""


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A server with one migrated database, `ready`, that each test gets a copy of."""
    with servers.postgresql() as url:
        _create(url, "ready", "template1")
        database = open_database(url + "ready", KEYS)
        upgrade(database)
        database.close()
        yield url


def _create(url: str, name: str, template: str) -> None:
    engine = create_engine(url + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_ready(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a migrated, empty SQLite database."""
    path = tmp_path_factory.mktemp("ready") / "ready.db"
    database = open_database(f"sqlite:///{path}", KEYS)
    upgrade(database)
    database.close()  # the last connection writes the WAL back
    return path.read_bytes()


@pytest.fixture
def given_keys() -> DataKeys:
    """The keys of `database`; a file that is to be tried with and without some says so with a fixture of this name."""
    return KEYS


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, given_keys: DataKeys) -> Iterator[Database]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "reply24.db"
        path.write_bytes(request.getfixturevalue("sqlite_ready"))
        opened = open_database(f"sqlite:///{path}", given_keys)
    else:
        url = request.getfixturevalue("postgresql_url")
        name = f"test_{next(_NAMES)}"
        _create(url, name, "ready")
        opened = open_database(url + name, given_keys)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind in which there is nothing yet."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'empty.db'}", KEYS)
    else:
        url = request.getfixturevalue("postgresql_url")
        name = f"empty_{next(_NAMES)}"
        _create(url, name, "template1")
        opened = open_database(url + name, KEYS)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(world.START)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return world.knowledge()


@pytest.fixture
def desk(database: Database, clock: FixedClock, knowledge: Knowledge) -> Desk:
    return Desk(database, world.settings(), clock, knowledge)


@pytest.fixture
def staffed(database: Database, clock: FixedClock, knowledge: Knowledge) -> Desk:
    """A desk whose people work in shifts: `world.rota`. At START Beijing has one more hour to go."""
    return Desk(database, world.settings_with_rota(), clock, knowledge)


@pytest.fixture
def strict(database: Database, clock: FixedClock, knowledge: Knowledge) -> Desk:
    """The same desk; managers decide about requests."""
    return Desk(database, world.settings_with_rota(approval=True), clock, knowledge)


@pytest.fixture
def post(desk: Desk, clock: FixedClock) -> world.Post:
    return world.Post(desk, clock)


@pytest.fixture
def relay(tmp_path: Path, clock: FixedClock) -> Iterator[MailRelay]:
    with MailRelay(tmp_path / "mail", clock) as relay:
        yield relay


@pytest.fixture
def lane(desk: Desk, relay: MailRelay) -> Desk:
    """A desk whose replies leave by the pretend relay."""
    outgoing = {"relay": {"host": "127.0.0.1", "port": relay.port, "tls": "none"}}
    return replace(desk, settings=world.settings(outgoing=outgoing))


@pytest.fixture
def url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def sealed(url: str, clock: FixedClock, knowledge: Knowledge) -> Iterator[Desk]:
    """A desk that encrypts with OLD."""
    with closing(open_database(url, keyed(OLD))) as database:
        keys.admit(database)
        yield Desk(database, world.settings(), clock, knowledge)


@pytest.fixture
def unsealed(url: str, clock: FixedClock, knowledge: Knowledge) -> Iterator[Desk]:
    """A desk without keys, also when the whole suite has some."""
    with closing(open_database(url)) as database:
        yield Desk(database, world.settings(), clock, knowledge)
