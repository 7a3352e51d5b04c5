"""Programs that start in a tenth of the time: a process that has imported everything, and forks itself when asked.

    python -m tests.faults.nursery

reads a line of JSON for each program (folder, environ, log, shared, role) and answers with its process id. What is
forked runs as a process of its own, and can be killed as one.
"""

import ctypes
import gc
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_IMPORTED = (
    "alembic.command",
    "bot.db.migrate",
    "bot.desk.knowledge",
    "bot.mail.language",
    "bot.slack.app",
    "bot.settings.environment",
    "bot.work.run",
    "slack_bolt.adapter.socket_mode",
    "slack_sdk.socket_mode.builtin",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tests.faults.program",
)

_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""
STARTED = '"event": "bot_started"'


@dataclass
class Child:
    """A forked program. `role` is what it does."""

    pid: int
    role: str
    log_file: Path

    def __post_init__(self) -> None:
        self._end = os.pidfd_open(self.pid)
        self._started = False

    @property
    def is_alive(self) -> bool:
        return not select.select([self._end], [], [], 0)[0]

    def wait(self, timeout_s: float) -> bool:
        """Whether it ends within this time."""
        return bool(select.select([self._end], [], [], timeout_s)[0])

    def signal(self, number: int) -> None:
        """Nothing if it has ended."""
        try:
            signal.pidfd_send_signal(self._end, number)
        except ProcessLookupError:
            return

    def kill(self) -> None:
        """kill -9; returns when it is gone."""
        self.signal(signal.SIGKILL)
        assert self.wait(20), f"{self.pid} does not die"

    @property
    def has_started(self) -> bool:
        """Whether it says so."""
        self._started = self._started or STARTED in self.log_file.read_text(
            encoding="utf-8", errors="replace"
        )
        return self._started


class Nursery:
    """The process that forks; a context manager. At its end all its programs die."""

    def __enter__(self) -> "Nursery":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"},
        )
        assert self._process.stdin
        assert self._process.stdout
        self._asking, self._answers = self._process.stdin, self._process.stdout
        self._children: list[Child] = []
        assert self._read() == "ready"
        return self

    def __exit__(self, *_exc: object) -> None:
        for child in self._children:
            child.kill()
        self._asking.close()
        self._process.wait(20)
        self._answers.close()

    def start(self, folder: Path, environ: dict[str, str], shared: Path, role: str, log: Path) -> Child:
        """A new program; does not wait until it works."""
        asked = {"folder": str(folder), "environ": environ, "shared": str(shared), "role": role}
        self._asking.write(json.dumps(asked | {"log": str(log)}) + "\n")
        self._asking.flush()
        log.touch()
        child = Child(int(self._read()), role, log)
        self._children = [one for one in self._children if one.is_alive] + [child]
        return child

    def _read(self) -> str:
        return self._answers.readline().strip()


def _become(asked: dict[str, str], environ: dict[str, str]) -> None:
    """In the child: be `reply24 run`."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    os.setsid()
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, file in ((0, nothing), (1, log), (2, log)):
        os.dup2(file, number)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(environ)
    from tests.faults.program import run

    run(asked["shared"], asked["role"])


def main() -> None:
    """Serve until standard input ends."""
    for name in _IMPORTED:
        __import__(name)
    from tests.faults.program import warm_up

    warm_up()
    gc.freeze()  # its pages stay shared: nobody counts through them again
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave no zombies
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                _become(asked, asked["environ"])
            finally:
                sys.stderr.flush()
                os._exit(1)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
