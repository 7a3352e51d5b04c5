"""Reading mailboxes so that it can be proven, on both databases: what servers and people do, and what becomes of it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.clock import FixedClock
from bot.db.queries import ledger
from bot.db.tables import DeadlineRow, MailboxRow, MailRow, MessageRow, OutboxRow
from bot.db.tables_ingest import AuditRow, NumberingRow
from bot.desk import Desk, receive
from bot.domain.audit import Audit
from bot.errors import Unreachable
from bot.mail import parse
from bot.mail.folder import FolderMailbox
from bot.mail.imap import ImapAccess, ImapMailbox
from bot.mail.mailbox import Fetched, Position
from bot.settings.secrets import Secrets
from bot.settings.shape import MailboxSettings
from bot.work import readers
from bot.work.audit import audit
from tests.e2e.dovecot import PASSWORD, Dovecot
from tests.world import START, WANG

NORD = "nordlicht"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_users = count(1)


def mail(number: int, at: datetime = START - HOUR, words: str = "Where is my parcel?") -> bytes:
    """A buyer message as Amazon sends it; each number is a buyer of its own."""
    return (
        f"From: Katrin <katrin{number:07}+case-{number}@marketplace.amazon.de>\r\n"
        "To: support@nordlicht.example\r\nX-Space-Notification-Type: BBC_MESSAGE_SENT_TO_MERCHANT\r\n"
        f"Message-ID: <{number}@eu-west-1.amazonses.example>\r\nDate: {format_datetime(at)}\r\n"
        f"Subject: Inquiry from Amazon customer Katrin (Order: 305-0000000-{number:07})\r\n\r\n{words}\r\n"
    ).encode()


@dataclass
class Server:
    """A mailbox whose server does what it likes: it skips numbers, uses them again, withholds mails."""

    uidvalidity: int = 7
    mails: dict[int, tuple[datetime, bytes]] = field(default_factory=dict)
    withheld: set[int] = field(default_factory=set)
    is_numbered: bool = True
    has_idle: bool = False

    def connect(self) -> None:
        pass

    def close(self) -> None:
        pass

    def wait(self, seconds: float, stop: threading.Event) -> None:
        pass

    def status(self) -> tuple[int, int, int]:
        return self.uidvalidity, len(self.mails), max(self.mails, default=0) + 1

    def position_at_end(self) -> Position:
        return Position(self.uidvalidity, max(self.mails, default=0))

    def last_days(self, reach: datetime | None = None) -> datetime:
        return min([at for at, _raw in self.mails.values()] + [reach or START]) - 4 * DAY

    def fetch_after(
        self, position: Position | None, reach: datetime | None = None
    ) -> Iterator[list[Fetched]]:
        low = position.uid if position is not None and position.uidvalidity == self.uidvalidity else 0
        return self._give([uid for uid in sorted(self.mails) if uid > low and uid not in self.withheld])

    def listing(self, low: int, high: int) -> dict[int, datetime]:
        return {uid: at for uid, (at, _raw) in self.mails.items() if low < uid <= high}

    def fetch(self, uids: Sequence[int]) -> Iterator[list[Fetched]]:
        if set(uids) & self.withheld:
            raise Unreachable("the server can't give it")
        return self._give(uids)

    def _give(self, uids: Sequence[int]) -> Iterator[list[Fetched]]:
        if uids:
            yield [Fetched(self.uidvalidity, uid, self.mails[uid][1], self.mails[uid][0]) for uid in uids]


@dataclass
class Looking:
    """The desk, and the steps of a reader, one by one."""

    desk: Desk
    arrived: threading.Event = field(default_factory=threading.Event)

    def read(self, mailbox: readers.Mailbox, name: str = NORD) -> int:
        return readers.read_new(self.desk, name, mailbox, self.arrived)

    def audit(self, mailbox: readers.Mailbox, days: int | None = None) -> Audit:
        ended = audit(self.desk, NORD, mailbox, self.arrived, days)
        assert ended is not None
        return ended

    def take_in(self) -> list[str]:
        """Let stored mails become messages; returns the words of all messages."""
        while receive.take_in(self.desk, parse.read):
            pass
        with self.desk.database.reading() as tx:
            return sorted(tx.scalars(select(MessageRow.text)))

    def forget(self, uid: int) -> None:
        """A mail gets lost between server and store."""
        with self.desk.database.writing() as tx:
            tx.delete(tx.scalars(select(MailRow).where(MailRow.uid == uid)).one())

    def keys(self, kind: str) -> list[str]:
        with self.desk.database.reading() as tx:
            return [key for key in tx.scalars(select(OutboxRow.key)) if key.startswith(f"{kind}:")]

    def recorded(self, what: str) -> list[dict[str, object]]:
        with self.desk.database.reading() as tx:
            return [dict(one.facts) for one, _hash in ledger.records(tx) if one.what == what]


@pytest.fixture
def looking(desk: Desk) -> Looking:
    return Looking(desk)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def imap(dovecot: Dovecot) -> Iterator[ImapMailbox]:
    dovecot.user = f"audit{next(_users)}@nordlicht.example"
    box = ImapMailbox(ImapAccess("127.0.0.1", dovecot.port, "none", dovecot.user, PASSWORD))
    box.connect()
    yield box
    box.close()


def test_what_was_missed_is_fetched_told_and_recorded(looking: Looking) -> None:
    server = Server(mails={uid: (START - HOUR, mail(uid)) for uid in (1, 2, 3)})
    assert looking.read(server) == 3
    ended = looking.audit(server)
    assert (ended.server, ended.stored, ended.found, ended.is_complete) == (3, 3, 0, True)
    looking.forget(2)
    server.mails[4] = START, mail(4)
    ended = looking.audit(server)
    assert (ended.server, ended.stored, ended.found, ended.waiting, ended.is_complete) == (3, 2, 1, 1, False)
    (key,) = looking.keys("missed")
    assert key.startswith("missed:1:")
    assert key.endswith(f":{WANG}:{NORD}")
    assert looking.recorded("mails_missed") == [{"mailbox": NORD, "count": 1}]
    assert looking.audit(server).is_complete
    with looking.desk.database.reading() as tx:
        assert tx.get_one(AuditRow, NORD).missed == 1
        assert tx.get_one(MailboxRow, NORD).uid == 3, "an audit moves no position"
    assert looking.take_in() == ["Where is my parcel?"] * 3


def test_a_mail_that_the_server_withholds_is_told_once(looking: Looking) -> None:
    server = Server(mails={uid: (START - HOUR, mail(uid)) for uid in (1, 2)}, withheld={1})
    assert looking.read(server) == 1
    for _ in range(3):
        ended = looking.audit(server)
        assert (ended.found, ended.left, ended.is_complete) == (0, 1, False)
    assert len(looking.keys("withheld")) == 1
    assert looking.recorded("mails_withheld") == [{"mailbox": NORD, "count": 1}]
    server.withheld.clear()
    assert looking.audit(server).found == 1
    assert looking.audit(server).is_complete


def test_numbers_that_the_server_skips_or_people_took_away_are_counted_and_no_alarm(looking: Looking) -> None:
    server = Server(mails={1: (START - HOUR, mail(1))})
    looking.read(server)
    server.mails |= {5: (START, mail(5)), 6: (START, mail(6))}
    looking.read(server)
    del server.mails[5]
    ended = looking.audit(server)
    assert (ended.gone, ended.gaps, ended.is_complete) == (1, 3, True)
    assert looking.keys("missed") == []


def test_a_number_that_is_used_again_loses_no_mail(looking: Looking, clock: FixedClock) -> None:
    server = Server(mails={uid: (START - HOUR, mail(uid)) for uid in (1, 2)})
    looking.read(server)
    looking.take_in()
    clock.advance(HOUR)
    # A backup is played back, and new mail gets the numbers of what was lost with the disk.
    server.mails = {1: server.mails[1], 2: (START, mail(12)), 3: (START, mail(13))}
    assert looking.read(server) == 1, "only the third is behind the position"
    ended = looking.audit(server)
    assert (ended.found, ended.is_complete) == (1, False)
    assert len(looking.take_in()) == 4
    assert looking.audit(server).is_complete


def test_a_server_that_tells_other_times_each_day_makes_no_doubles(looking: Looking) -> None:
    server = Server(mails={uid: (START - HOUR, mail(uid)) for uid in (1, 2)})
    looking.read(server)
    server.mails = {uid: (at + HOUR / 2, raw) for uid, (at, raw) in server.mails.items()}
    assert looking.audit(server).is_complete
    assert len(looking.take_in()) == 2


def test_only_the_last_days_are_looked_at_if_wished(looking: Looking, clock: FixedClock) -> None:
    server = Server(mails={1: (START - HOUR, mail(1)), 2: (START - HOUR, mail(2))})
    looking.read(server)
    clock.advance(9 * DAY)
    server.mails |= {3: (clock.now(), mail(3)), 4: (START - 900 * DAY, mail(4))}
    looking.read(server)
    looking.forget(1)
    looking.forget(4)
    recent = looking.audit(server, days=3)
    assert (recent.server, recent.found) == (2, 1), (
        "a mail that was moved in has an old date and a new number"
    )
    assert looking.audit(server).found == 1


def test_a_mailbox_that_was_never_read_has_nothing_to_audit(looking: Looking) -> None:
    assert audit(looking.desk, NORD, Server(), looking.arrived) is None


def test_a_mail_that_was_moved_in_with_an_old_date_is_work_and_no_history(looking: Looking) -> None:
    server = Server(mails={1: (START - 5 * DAY, mail(1, START - 5 * DAY))})
    looking.read(server)
    server.mails[2] = START - 3 * DAY, mail(2, START - 3 * DAY)
    looking.read(server)
    looking.take_in()
    with looking.desk.database.reading() as tx:
        history = {row.uid: row.history for row in tx.scalars(select(MailRow))}
        due = [row.due_at for row in tx.scalars(select(DeadlineRow).where(DeadlineRow.state == "open"))]
    assert history == {1: True, 2: False}
    assert due == [START - 2 * DAY]


def test_after_an_upgrade_only_what_is_sure_is_claimed(looking: Looking, clock: FixedClock) -> None:
    server = Server(mails={1: (START - 90 * DAY, mail(1)), 2: (START, mail(2))})
    looking.read(server)
    looking.forget(1)
    with looking.desk.database.writing() as tx:
        tx.execute(update(NumberingRow).values(behind_uid=2, since=START - 3 * DAY))
    ended = looking.audit(server)
    assert (ended.server, ended.is_complete) == (1, True)


@pytest.mark.needs("dovecot")
@pytest.mark.parametrize("away", [timedelta(), 9 * DAY], ids=["at once", "after nine days"])
def test_a_mailbox_that_was_numbered_anew_is_read_again_without_doubles(
    desk: Desk, clock: FixedClock, away: timedelta
) -> None:
    looking = Looking(desk)
    with Dovecot() as server:
        server.deliver(*(mail(n, START - n * HOUR) for n in (1, 2)), at=START - HOUR)
        box = ImapMailbox(ImapAccess("127.0.0.1", server.port, "none", server.user, PASSWORD))
        box.connect()
        assert looking.read(box) == 2
        box.close()
        clock.advance(away)
        server.deliver(mail(3, START), at=START + HOUR)
        server.deliver(mail(4, clock.now()), at=clock.now())
        server.number_anew()
        box.connect()
        looking.read(box)
        assert looking.read(box) == 0
        assert len(looking.take_in()) == 4
        ended = looking.audit(box)
        assert (ended.server, ended.stored, ended.is_complete) == (4, 4, True)
        server.deliver(mail(5, clock.now()), at=clock.now())
        assert looking.read(box) == 1
        box.close()
    again = "the same mail again; nothing changed"
    with desk.database.reading() as tx:
        assert list(tx.scalars(select(MailRow.why))).count(again) == 2


@pytest.mark.needs("dovecot")
def test_a_real_server_is_audited_by_its_numbers(
    looking: Looking, dovecot: Dovecot, imap: ImapMailbox
) -> None:
    dovecot.deliver(mail(1, START - 90 * DAY), at=START - 90 * DAY)
    dovecot.deliver(*(mail(n) for n in (2, 3)), at=START)
    assert looking.read(imap) == 2, "older mails than the last days are not ours"
    ended = looking.audit(imap)
    assert (ended.server, ended.stored, ended.gaps, ended.is_complete) == (2, 2, 0, True)
    dovecot.deliver(mail(4, START - 300 * DAY), at=START - 300 * DAY)
    dovecot.deliver(mail(5), mail(6), at=START)
    looking.read(imap)
    looking.forget(4)
    other = dovecot.client()
    other.delete_messages([2, 5])
    other.expunge()
    other.shutdown()
    ended = looking.audit(imap, days=3)
    assert (ended.found, ended.gone, ended.gaps, ended.server) == (1, 2, 0, 3)
    assert looking.audit(imap).is_complete


@pytest.mark.needs("dovecot")
def test_amazons_mails_in_another_folder_are_taken_in_and_told_and_all_others_left_alone(
    desk: Desk, dovecot: Dovecot, imap: ImapMailbox, clock: FixedClock
) -> None:
    box = MailboxSettings(
        kind="imap", host="127.0.0.1", port=dovecot.port, tls="none", user=dovecot.user, password_env="P"
    )
    settings = desk.settings.model_copy(update={"mailboxes": {NORD: box}})
    looking = Looking(Desk(desk.database, settings, clock, desk.knowledge))
    secrets, folder = Secrets(settings, {"P": PASSWORD}), "Große Post"
    spoof = mail(7).replace(
        b"To:", b"Authentication-Results: mx.example; dkim=fail header.d=amazon.de\r\nTo:"
    )
    dovecot.deliver(mail(1), b"Subject: cheap watches\r\n\r\nBuy!\r\n", spoof, folder=folder, at=START)
    assert readers.read_strays(looking.desk, NORD, folder, secrets, looking.arrived) == 1
    assert readers.read_strays(looking.desk, NORD, folder, secrets, looking.arrived) == 0
    assert looking.take_in() == ["Where is my parcel?"]
    (key,) = looking.keys("strayed")
    assert key.endswith(f":{WANG}:{NORD}:{folder}")
    # A person says that it is no junk: it comes once more, to the folder where it belongs.
    other = dovecot.client(folder)
    other.move([1], "INBOX")
    other.shutdown()
    assert looking.read(imap) == 1
    assert looking.take_in() == ["Where is my parcel?"]
    assert readers.read_strays(looking.desk, NORD, "no such folder", secrets, looking.arrived) == 0


def test_the_same_mail_twice_in_one_look_is_one(looking: Looking) -> None:
    notice = (
        mail(1)
        .replace(b"BBC_MESSAGE_SENT_TO_MERCHANT", b"SOMETHING_NEW")
        .replace(b"+case-1@marketplace.amazon.de", b"@amazon.de")
    )
    looking.read(Server(mails={1: (START, notice), 2: (START, b"X-Copied: yes\r\n" + notice)}))
    looking.take_in()
    with looking.desk.database.reading() as tx:
        first, second = tx.scalars(select(MailRow).order_by(MailRow.id))
    assert (first.case, second.case, second.why) == (1001, 1001, "the same mail again; nothing changed")


def test_a_mail_of_before_fingerprints_is_known_by_its_bytes(looking: Looking) -> None:
    server = Server(mails={1: (START, mail(1))})
    looking.read(server)
    looking.take_in()
    with looking.desk.database.writing() as tx:
        tx.execute(update(MailRow).values(fingerprint=None))
    server.uidvalidity = 8
    assert looking.read(server) == 1
    assert looking.take_in() == ["Where is my parcel?"]


def test_files_are_audited_by_their_names(looking: Looking, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(mail(number))
    box = FolderMailbox(tmp_path)
    assert looking.read(box) == 3
    with looking.desk.database.reading() as tx:
        lost = tx.scalars(select(MailRow.uid).order_by(MailRow.id)).first()
    assert lost is not None
    assert looking.audit(box).is_complete
    looking.forget(lost)
    ended = looking.audit(box)
    assert (ended.found, ended.gaps) == (1, 0)
    assert ended.at.tzinfo is UTC
