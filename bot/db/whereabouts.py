"""Where a database stands, and which one it is: so that a copy of it knows that it is one."""

import os
import socket
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

# The cluster's own number, and the database's in it: a dump that is restored elsewhere has others.
_OF_POSTGRESQL = text(
    "SELECT system_identifier || ':' || oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
)


def whereabouts(tx: Session) -> tuple[str, str] | None:
    """(place, identity); None if nobody can tell. A database that is the same has at least one of them in common.

    What is moved, or whose machine or container has another name by now, keeps its identity; what is put back from a
    backup, or whose file system gives it another number, keeps its place. A copy has neither: "localhost" is another
    place on another machine.
    """
    url, machine = tx.get_bind().engine.url, socket.gethostname()
    if url.get_backend_name() != "sqlite":
        return _of_server(tx, f"{machine}:{url.host}:{url.port or 5432}/{url.database}")
    file = Path(url.database or "").resolve()
    if not file.is_file():  # in memory
        return None
    return f"{machine}:{file}", f"{os.statvfs(file).f_fsid}:{file.stat().st_ino}"


def _of_server(tx: Session, place: str) -> tuple[str, str] | None:
    try:
        with tx.begin_nested():
            return place, str(tx.scalar(_OF_POSTGRESQL))
    except DBAPIError:  # a server that tells only its owner
        return None
