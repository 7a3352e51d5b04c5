"""Reading a mailbox of a real Dovecot: bytes, positions, new mail, and servers that die or freeze."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.errors import ConfigError, Refused, Unreachable
from bot.mail.imap import ImapAccess, ImapMailbox
from bot.mail.mailbox import Fetched, Position
from tests.e2e.dovecot import PASSWORD, Dovecot

pytestmark = pytest.mark.needs("dovecot")

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RAW = b"Subject: caf\xe9 cass\xe9\r\nMessage-ID: <1@x.example>\r\n\r\n\xce\xfe \x80 \xff\r\n.\r\n\r\n"


_numbers = count(1)


@pytest.fixture(scope="module")
def shared() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def server(shared: Dovecot) -> Dovecot:
    """The same server for all tests, with a new user and so an empty mailbox for each."""
    shared.user = f"user{next(_numbers)}@nordlicht.example"
    return shared


@pytest.fixture
def fragile() -> Iterator[Dovecot]:
    """A server of the test's own, which it may kill."""
    with Dovecot() as server:
        yield server


def access(server: Dovecot, **changes) -> ImapAccess:
    usual = {
        "host": "127.0.0.1",
        "port": server.port,
        "tls": "none",
        "user": server.user,
        "password": PASSWORD,
    }
    return ImapAccess(**{**usual, "timeout_s": 5, **changes})


def connected(server: Dovecot) -> ImapMailbox:
    box = ImapMailbox(access(server))
    box.connect()
    return box


@pytest.fixture
def box(server: Dovecot) -> Iterator[ImapMailbox]:
    box = connected(server)
    yield box
    box.close()


def mail(number: int) -> bytes:
    return f"Subject: {number}\r\n\r\n{number}\r\n".encode()


def take(box: ImapMailbox, position: Position | None) -> list[Fetched]:
    return [fetched for batch in box.fetch_after(position) for fetched in batch]


def waiting(box: ImapMailbox, seconds: float = 60) -> tuple[threading.Thread, list[Exception | None]]:
    """`box.wait` in a thread of its own; the list has one entry when it is over."""
    ended: list[Exception | None] = []

    def run() -> None:
        try:
            box.wait(seconds, threading.Event())
        except Unreachable as why:
            ended.append(why)
        else:
            ended.append(None)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, ended


@pytest.mark.parametrize("tls", ["none", "starttls", "ssl"])
def test_bytes_and_arrival_are_those_of_the_server(server, tls):
    server.deliver(RAW, at=NOON)
    port = server.tls_port if tls == "ssl" else server.port
    box = ImapMailbox(access(server, tls=tls, port=port, ca_file=server.ca_file))
    box.connect()
    (fetched,) = take(box, None)
    box.close()
    assert fetched.raw == RAW
    assert fetched.arrived == NOON
    assert fetched.arrived.utcoffset() == timedelta(0)


def test_reading_leaves_no_flag_and_does_not_care_for_flags(server, box):
    server.deliver(mail(1), mail(2))
    reader = server.client()
    reader.set_flags([1], [b"\\Seen", b"\\Deleted"])
    reader.shutdown()
    before = server.flags()
    assert [fetched.raw for fetched in take(box, None)] == [mail(1), mail(2)]
    assert server.flags() == before
    assert b"\\Seen" not in before[2]


def test_only_what_is_behind_the_position_is_fetched(server, box):
    server.deliver(*(mail(n) for n in range(3)))
    everything = take(box, None)
    position = Position(everything[-1].uidvalidity, everything[-1].uid)
    assert take(box, position) == []  # `n:*` alone would give the last mail again
    server.deliver(mail(3))
    assert [fetched.raw for fetched in take(box, position)] == [mail(3)]
    assert len(take(box, Position(position.uidvalidity, everything[0].uid))) == 3


def test_a_listing_tells_every_number_whatever_its_date_and_mails_come_by_number(server, box):
    for number, days in enumerate((0, 900, 1, 2)):
        server.deliver(mail(number), at=NOON - timedelta(days=days))
    listed = box.listing(1, 3)
    assert {uid: NOON - at for uid, at in listed.items()} == {2: timedelta(days=900), 3: timedelta(days=1)}
    assert box.listing(4, 9) == {}
    fetched = [one.raw for batch in box.fetch([2, 4, 77]) for one in batch]
    assert fetched == [mail(1), mail(3)]


def test_a_start_without_history(server, box):
    server.deliver(mail(1), mail(2))
    position = box.position_at_end()
    assert take(box, position) == []
    server.deliver(mail(3))
    assert [fetched.raw for fetched in take(box, position)] == [mail(3)]


def test_an_empty_mailbox(box):
    uidvalidity, count, uidnext = box.status()
    assert (count, uidnext) == (0, 1)
    assert box.position_at_end() == Position(uidvalidity, 0)
    assert take(box, None) == []
    assert take(box, Position(uidvalidity, 0)) == []
    assert take(box, Position(uidvalidity - 1, 7)) == []


def test_batches_have_at_most_fifty_mails_and_big_mails_come_alone(server, box):
    server.deliver(*(mail(n) for n in range(120)))
    server.deliver(*(mail(n) + b"x" * 11_000_000 + b"\r\n" for n in (200, 201)), mail(202))
    batches = [[fetched.uid for fetched in batch] for batch in box.fetch_after(None)]
    assert [len(batch) for batch in batches] == [50, 50, 21, 2]
    assert [uid for batch in batches for uid in batch] == list(range(1, 124))


def test_what_somebody_deletes_meanwhile_is_left_out_without_a_fuss(server, box):
    server.deliver(*(mail(n) for n in range(60)))
    batches = box.fetch_after(None)
    assert len(next(batches)) == 50
    other = server.client()
    other.delete_messages([53, 54])
    other.expunge()
    other.shutdown()
    assert [fetched.uid for fetched in next(batches)] == [51, 52, *range(55, 61)]


def test_mails_that_the_server_numbered_anew_are_read_again_some_days_back(fragile):
    box = connected(fragile)
    fragile.deliver(mail(1), at=NOON - timedelta(days=30))
    fragile.deliver(mail(2), at=NOON - timedelta(days=2))
    fragile.deliver(mail(3), at=NOON)
    before = take(box, None)
    position = Position(before[-1].uidvalidity, before[-1].uid)
    box.close()
    fragile.number_anew()
    box.connect()
    again = take(box, position)
    assert again[0].uidvalidity != position.uidvalidity
    assert sorted(fetched.raw for fetched in again) == [mail(2), mail(3)]
    box.close()


def test_after_a_long_absence_as_much_is_read_again_as_was_missed(fragile):
    box = connected(fragile)
    for days in (30, 12, 9, 0):
        fragile.deliver(mail(days), at=NOON - timedelta(days=days))
    position = box.position_at_end()
    box.close()
    fragile.number_anew()
    box.connect()
    reach = NOON - timedelta(days=10)
    again = [one.raw for batch in box.fetch_after(position, reach) for one in batch]
    assert sorted(again) == [mail(0), mail(12), mail(9)]
    assert box.last_days(reach) == datetime(2026, 11, 11, tzinfo=UTC)
    box.close()


def test_a_mail_from_the_future_does_not_hide_those_of_today(server, box):
    server.deliver(mail(1), at=NOON)
    server.deliver(mail(2), at=NOON + timedelta(days=9000))
    assert [one.raw for batch in box.fetch_after(Position(0, 0), NOON) for one in batch] == [mail(1), mail(2)]


def test_a_position_ahead_of_the_mailbox_is_not_believed(server, box):
    server.deliver(mail(1), at=NOON)
    uidvalidity, _count, _uidnext = box.status()
    ahead = Position(uidvalidity, 500)
    assert [fetched.raw for fetched in take(box, ahead)] == [mail(1)]
    assert take(box, ahead) == []
    server.deliver(mail(2), at=NOON)
    assert [fetched.raw for fetched in take(box, ahead)] == [mail(1), mail(2)]


@pytest.mark.parametrize("capability", ["", "IMAP4rev1"])
def test_waiting_ends_when_a_mail_comes_with_and_without_idle(capability):
    with Dovecot(capability=capability) as server:
        box = ImapMailbox(access(server), poll_s=0.1)
        box.connect()
        assert box.has_idle == (capability == "")
        position = box.position_at_end()
        assert take(box, position) == []
        thread, ended = waiting(box)
        server.deliver(mail(1))
        thread.join(20)
        assert ended == [None]
        assert [fetched.raw for fetched in take(box, position)] == [mail(1)]
        box.close()


def test_a_mail_that_came_between_fetch_and_wait_is_not_waited_for(server, box):
    take(box, None)
    server.deliver(mail(1))
    box.wait(60, threading.Event())
    assert len(take(box, None)) == 1


def test_waiting_ends_when_it_is_told_to_and_when_the_time_is_over(server, box):
    take(box, None)
    stop = threading.Event()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    box.wait(60, stop)
    timer.join()
    assert stop.is_set()
    box.wait(0.2, threading.Event())
    assert take(box, None) == []


def test_a_server_that_dies_while_we_wait_is_noticed_and_nothing_is_lost(fragile):
    box = connected(fragile)
    fragile.deliver(mail(1))
    (first,) = take(box, None)
    thread, ended = waiting(box)
    fragile.kill()
    thread.join(20)
    assert [type(why) for why in ended] == [Unreachable]
    box.close()
    with pytest.raises(Unreachable):
        box.connect()
    fragile.start()
    fragile.deliver(mail(2))
    box.connect()
    assert [fetched.raw for fetched in take(box, Position(first.uidvalidity, first.uid))] == [mail(2)]
    box.close()


def test_a_server_that_freezes_while_we_wait_is_noticed_and_closing_does_not_hang(fragile):
    box = ImapMailbox(access(fragile, timeout_s=0.5))
    box.connect()
    fragile.deliver(mail(1))
    (first,) = take(box, None)
    thread, ended = waiting(box, seconds=1.5)
    fragile.freeze()
    thread.join(20)
    assert [type(why) for why in ended] == [Unreachable]
    with pytest.raises(Unreachable):
        box.status()
    box.close()
    with pytest.raises(Unreachable):
        box.connect()
    fragile.thaw()
    fragile.deliver(mail(2))
    box.connect()
    assert [fetched.raw for fetched in take(box, Position(first.uidvalidity, first.uid))] == [mail(2)]
    box.close()


def test_a_link_that_dies_between_two_batches_keeps_the_first(fragile):
    box = connected(fragile)
    fragile.deliver(*(mail(n) for n in range(60)))
    batches = box.fetch_after(None)
    assert len(next(batches)) == 50
    fragile.kill()
    with pytest.raises(Unreachable):
        next(batches)
    box.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "wrong"}, "user and password"),
        ({"user": "nobody@x.example", "password": "wrong"}, "user and password"),
        ({"token": "no-token"}, "user and password"),
        ({"password": "pässwört"}, "app password"),
        ({"folder": "Nowhere"}, "There are: .*INBOX"),
        ({"folder": "\\Junk"}, "no folder is marked as"),
    ],
)
def test_a_wrong_login_or_folder_is_final_and_the_text_helps(server, changes, said):
    box = ImapMailbox(access(server, **changes))
    with pytest.raises(Refused, match=said) as no:
        box.connect()
    assert "nobody@x.example" not in str(no.value)
    with pytest.raises(Unreachable, match="connect"):
        box.status()


@pytest.mark.parametrize("folder", ["\\All", "\\all", "Alle Nachrichten", "Große Post"])
def test_a_folder_by_its_use_and_names_that_are_not_ascii(server, folder):
    name = "Große Post" if folder == "Große Post" else "Alle Nachrichten"
    server.deliver(mail(1), folder=name)
    box = ImapMailbox(access(server, folder=folder))
    box.connect()
    assert [fetched.raw for fetched in take(box, None)] == [mail(1)]
    box.close()


def test_a_server_whose_certificate_is_not_trusted_is_not_logged_in_to(server):
    for tls, port in [("ssl", server.tls_port), ("starttls", server.port)]:
        box = ImapMailbox(access(server, tls=tls, port=port))
        with pytest.raises(Unreachable, match="certificate"):
            box.connect()
    assert f"user=<{server.user}>" not in server.log()


def test_the_server_is_told_who_we_are_before_the_folder_is_opened(server, box):
    assert "name=reply24" in server.log()


def test_without_tls_only_this_machine_is_spoken_to():
    with pytest.raises(ConfigError, match="imap"):
        ImapMailbox(ImapAccess("imap.example", 143, "none", "u", "p"))


def test_secrets_do_not_show():
    shown = repr(ImapAccess("h", 1, "ssl", "u", "hunter2", token="tok3n"))
    assert "hunter2" not in shown
    assert "tok3n" not in shown
