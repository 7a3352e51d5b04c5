"""Real servers for tests, started on loopback and ended with the session."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))


def require(found: bool, what: str) -> None:
    """Skip the test when its server is not installed; where everything is required, fail instead."""
    if found:
        return
    if os.environ.get("REPLY24_REQUIRE_ALL"):
        pytest.fail(f"{what} is not installed, and REPLY24_REQUIRE_ALL forbids to skip")
    pytest.skip(f"{what} is not installed")


def free_port() -> int:
    """A port of this machine that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own; yields the start of a URL, to which a database's name is added.

    The server refuses to run as root, so there it runs as Debian's user `postgres`.
    """
    require(bool(_POSTGRESQL), "PostgreSQL")
    bin_folder = _POSTGRESQL[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="reply24-pg-"))
    as_user = (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    )
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    _run([*as_user, str(bin_folder / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-N"])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    start = [*as_user, str(bin_folder / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w"]
    _run([*start, "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/"
    finally:
        _run([*as_user, str(bin_folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
        # Thousands of databases may take minutes to remove, which the last test would be charged for.
        _run(["sh", "-c", 'rm -rf "$0" > /dev/null 2>&1 &', str(folder)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
