"""One reader a mailbox: two processes on PostgreSQL between them read each mail once, whoever sleeps or dies."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.db.tables import MailRow
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import NORDLICHT, Program, Rig
from tests.e2e.rig import rig as running_rig

pytestmark = [pytest.mark.needs("dovecot"), pytest.mark.needs("postgresql")]

LEASE_AND_MORE_S = 90


@pytest.fixture
def two(tmp_path: Path, imap_server: Dovecot, new_postgresql: Callable[[], str]) -> Iterator[Rig]:
    """A rig on PostgreSQL whose lease of the mailbox is as short as it gets: 30 s and one poll."""
    with running_rig(tmp_path, imap_server, database_url=new_postgresql()) as rig:
        file = rig.folder / "config" / "mailboxes.yaml"
        tree = json.loads(file.read_text(encoding="utf-8"))
        tree["mailboxes"][NORDLICHT]["poll_seconds"] = 1
        file.write_text(json.dumps(tree), encoding="utf-8")
        yield rig


def reads(program: Program) -> int:
    """How many times it opened the mailbox."""
    return sum(one["mailbox"] == NORDLICHT for one in program.events("mailbox_open"))


def stored(program: Program) -> int:
    """How many mails of the mailbox it stored."""
    return sum(one["count"] for one in program.events("mails_stored") if one["mailbox"] == NORDLICHT)


def lost(program: Program) -> int:
    """How many times it saw that the lease of the mailbox is another's."""
    return sum(one["lease"] == f"mailbox:{NORDLICHT}" for one in program.events("lease_lost"))


def test_two_processes_read_a_mailbox_one_at_a_time(two: Rig) -> None:
    first = two.start("worker")
    two.until(lambda: reads(first), "the first opens the mailbox")
    second = two.start("worker")
    two.write()
    two.until(lambda: two.count(MailRow) == 1, "the mail is stored")
    assert (stored(first), reads(second)) == (1, 0)

    first.pause()  # it neither dies nor renews
    two.write()
    two.until(lambda: reads(second), "the second takes over", LEASE_AND_MORE_S)
    two.until(lambda: two.count(MailRow) == 2, "the second mail is stored")
    first.resume()
    two.until(lambda: lost(first), "the first sees that it is not its any more")
    two.write()
    two.until(lambda: two.count(MailRow) == 3, "the third mail is stored")
    assert (stored(first), stored(second)) == (1, 2)

    second.kill()
    two.write()
    two.until(lambda: two.count(MailRow) == 4, "the first takes over again", LEASE_AND_MORE_S)
    assert (stored(first), reads(first)) == (2, 2)
