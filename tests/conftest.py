"""What all tests share: no network but this machine, a folder of their own, the demo's settings."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from glob import glob
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import settings

from bot.log import set_up
from bot.settings import Settings, load_settings, shipped

PROGRAMS = {
    "postgresql": ("initdb",),
    "dovecot": ("dovecot",),
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
}

# Hypothesis gives each example 200 ms of the wall clock, which measures what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_outside: list[str] = []


class OutsideSocket(AssertionError):
    """A test tried to leave this machine."""


def _is_this_machine(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        address = ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Python tells this hook of each connection before it is made; it reaches every thread and library."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_this_machine(host):
        _outside.append(f"{event} {host}")
        raise OutsideSocket(f"{event}: {host} is not this machine; tests use servers on loopback only")


sys.addaudithook(_watch)
# As in production: ids only, and no frames with their values when something breaks.
set_up("info")


@pytest.fixture(autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    # Checked again at the end, because code under test may take the error for a server that is down.
    _outside.clear()
    yield
    assert not _outside, f"the test tried to leave this machine: {_outside}"


def _program(server: str) -> str | None:
    folders = [os.environ.get("PATH", ""), "/usr/sbin", *glob("/usr/lib/postgresql/*/bin")]
    found = (shutil.which(name, path=os.pathsep.join(folders)) for name in PROGRAMS[server])
    return next((path for path in found if path), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `needs("dovecot")` is skipped where that is not installed; in CI it fails instead."""
    for server in [server for mark in item.iter_markers("needs") for server in mark.args]:
        if _program(server) is None:
            if os.environ.get("REPLY24_REQUIRE_ALL") == "1":
                pytest.fail(
                    f"{server} is not installed, and REPLY24_REQUIRE_ALL=1 allows no test to be skipped"
                )
            pytest.skip(f"{server} is not installed")


@pytest.fixture(scope="session")
def program() -> Callable[[str], str | None]:
    """Where the program of a server is, one of PROGRAMS: `program("dovecot")`; None if not installed."""
    return _program


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """An empty folder for what the program keeps; each test has its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def demo_settings(data_folder: Path) -> Callable[..., Settings]:
    """Loads config/demo for servers at the given places: `demo_settings(slack_url=..., smtp_port=...)`."""

    def load(
        slack_url: str = "http://127.0.0.1:9/api/", smtp_port: int = 9, database_url: str = ""
    ) -> Settings:
        environ = {
            "REPLY24_DEMO_DATA": str(data_folder),
            "REPLY24_DEMO_SLACK_URL": slack_url,
            "REPLY24_DEMO_SMTP_PORT": str(smtp_port),
            "REPLY24_DATABASE_URL": database_url or f"sqlite:///{data_folder}/reply24.db",
        }
        return load_settings(shipped("config") / "demo", environ)

    return load
