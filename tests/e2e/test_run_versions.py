"""Two versions of program and tables beside each other, as a deploy has them for a while. PostgreSQL."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db.migrate import current, newest, upgrade
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import Program, Rig
from tests.e2e.rig import rig as running_rig
from tests.world import ROOT

pytestmark = [pytest.mark.needs("dovecot", "postgresql"), pytest.mark.timeout(300)]

VERSIONS = "bot/db/migrations/versions/"


def git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def revisions(commit: str) -> set[str]:
    names = (name.rpartition("/")[2] for name in git("ls-tree", "--name-only", commit, VERSIONS).split())
    return {name[:4] for name in names if name[:4].isdecimal()}


def last_program_before(revision: str) -> str:
    """The newest commit that has all revisions up to some earlier one; "" if there is none.

    Branches are merged in any order, so some commits have a later revision without an earlier one.
    """
    every = sorted(one for one in revisions("HEAD") if one < revision)
    starts = [set(every[:end]) for end in range(len(every), 0, -1)]
    found = {commit: revisions(commit) for commit in git("log", "--format=%H").split()}
    for start in starts:
        for commit, has in found.items():
            if has == start:
                return commit
    return ""


def libraries(lock: str) -> dict[str, str]:
    """The lines of a lock file about each library, by its name."""
    return {block.partition("==")[0]: block for block in re.split(r"\n(?=[\w.-]+==)", lock)}


def install_dropped(lock_before: str, folder: Path) -> None:
    """Into `folder`: what the program before needs and our environment has no more. A deploy has one for each."""
    here = libraries((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    dropped = [block for name, block in libraries(lock_before).items() if name not in here]
    if not dropped:
        return
    listed = folder / "dropped.lock"
    listed.write_text("\n".join(dropped) + "\n", encoding="utf-8")
    install = ["--target", str(folder), "--no-deps", "--require-hashes", "--quiet", "-r", str(listed)]
    uv = shutil.which("uv")
    pip = (
        [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    )
    subprocess.run([*pip, *install], check=True)


@pytest.fixture(scope="module")
def program_before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The program as it was before the newest migrations came, from the history of this repository: a PYTHONPATH."""
    before = last_program_before(newest())
    if not before:
        pytest.skip("the history of this checkout does not reach back to the revision before")
    folder = tmp_path_factory.mktemp("before")
    with subprocess.Popen(["git", "-C", str(ROOT), "archive", before, "bot", "templates", "config"],
                          stdout=subprocess.PIPE) as archive:  # fmt: skip
        subprocess.run(["tar", "-x", "-C", str(folder)], stdin=archive.stdout, check=True)
    dropped = tmp_path_factory.mktemp("dropped")
    install_dropped(git("show", f"{before}:requirements.lock"), dropped)
    yield os.pathsep.join((str(folder), str(dropped)))
    shutil.rmtree(folder)


@pytest.fixture
def rig(tmp_path: Path, imap_server: Dovecot, new_postgresql: Callable[[], str]) -> Iterator[Rig]:
    with running_rig(tmp_path, imap_server, database_url=new_postgresql()) as made:
        yield made


def next_revision(ahead: int) -> str:
    return f"{int(newest()) + ahead:04d}"


def set_revision(rig: Rig, revision: str) -> None:
    with rig.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": revision})


def start(rig: Rig, role: str = "all") -> Program:
    """On a busy machine a start takes a while; so does a migration that waits for others."""
    program = rig.launch(role)
    rig.until(lambda: program.events("bot_started") or not program.is_alive, f"{role} starts", 120)
    assert program.is_alive, program.log
    return program


def work(rig: Rig, words: str) -> None:
    """A buyer's mail, a claim, a reply that leaves."""
    case = rig.case_of(rig.write(words))
    sent = len(rig.relay.sent)
    rig.send(rig.claim(case, by="anna"), by="anna")
    rig.relay.wait_for_sent(sent + 1, 60)
    rig.until(lambda: len(rig.replies("accepted")) == sent + 1, "the reply is accepted")


def test_the_version_before_works_on_after_the_new_one_has_migrated(rig: Rig, program_before: str) -> None:
    here = rig.environ["PYTHONPATH"]
    rig.environ["PYTHONPATH"] = program_before
    old = start(rig)
    before = current(rig.database)
    assert before is not None
    assert before < newest()
    work(rig, "Before the deploy")

    rig.environ["PYTHONPATH"] = here
    new = start(rig, "clock")  # it migrates, and the old program still has all other work
    assert current(rig.database) == newest()
    work(rig, "While both are there")
    assert old.terminate() == 0
    start(rig, "web,worker")
    work(rig, "After the deploy")
    assert new.is_alive
    for program in (old, new):
        assert not [line for line in program.log.splitlines() if '"level": "error"' in line]


def test_a_program_works_on_tables_that_are_one_revision_ahead(rig: Rig) -> None:
    upgrade(rig.database)
    with rig.database.engine.begin() as connection:
        for table in ("cases", "messages", "replies", "outbox", "mails", "ledger"):
            connection.execute(text(f"ALTER TABLE {table} ADD COLUMN of_tomorrow TEXT"))
        connection.execute(text("CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY)"))
    set_revision(rig, next_revision(1))
    program = start(rig)
    assert [one["version"] for one in program.events("database_is_ahead")] == [next_revision(1)]
    work(rig, "Tomorrow's tables")
    assert current(rig.database) == next_revision(1)
    assert "one ahead of this program" in rig.command("check").out


def test_a_program_does_not_start_on_tables_that_are_further_ahead(rig: Rig) -> None:
    upgrade(rig.database)
    set_revision(rig, next_revision(2))
    program = rig.launch()
    rig.until(lambda: not program.is_alive, "the program ends", 120)
    said = f"The database is at revision {next_revision(2)}, and this program knows {newest()}"
    assert said in program.log
    assert "Traceback" not in program.log
    assert program.terminate() == 2
    assert rig.command("db", "upgrade").code == 2
