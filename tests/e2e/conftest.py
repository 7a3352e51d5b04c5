"""Servers that the tests of running processes share, and a rig for each test."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests import servers
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import Rig
from tests.e2e.rig import rig as running_rig
from tests.e2e.visitor import browser, demo, visitor, write  # noqa: F401 - fixtures, for all who drive the page

_NAMES = count(1)


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Dovecot]:
    """One Dovecot; each rig has a mailbox of its own there."""
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The start of a URL, to which a database's name is added."""
    with servers.postgresql() as url:
        yield url


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Callable[[], str]:
    """Makes an empty database; returns its URL."""

    def make() -> str:
        name = f"run_{next(_NAMES)}"
        engine = create_engine(postgresql_server + "postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return postgresql_server + name

    return make


@pytest.fixture
def rig(tmp_path: Path, imap_server: Dovecot) -> Iterator[Rig]:
    """Socket Mode and SQLite; the program is not started yet."""
    with running_rig(tmp_path, imap_server) as made:
        yield made
