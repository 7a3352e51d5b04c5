"""Mail servers as they are met in the wild, written out: what each says, and how we take it."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest

from bot.errors import Refused, Unreachable
from bot.mail.imap import ImapAccess, ImapMailbox
from bot.mail.mailbox import Position

# Instead of an answer: the connection ends, or nothing comes.
CUT = "cut"
SILENCE = "silence"

RAW = b"Subject: x\r\n\r\nx\r\n"
USUAL = {
    "greeting": "* OK ready",
    "CAPABILITY": "* CAPABILITY IMAP4rev1 ID\r\nOK done",
    "LOGIN": "OK in",
    "ID": '* ID ("name" "odd")\r\nOK done',
    "LIST": '* LIST (\\HasNoChildren) "/" "INBOX"\r\nOK done',
    "EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 6] ok\r\nOK [READ-ONLY] done",
    "UID SEARCH": "* SEARCH 5\r\nOK done",
    "UID FETCH": (
        '* 1 FETCH (UID 5 RFC822.SIZE 17 INTERNALDATE "24-Nov-2026 20:00:00 +0800" BODY[] {17}\r\n'
        f"{RAW.decode()})\r\nOK done"
    ),
}


def _talk(link: socket.socket, script: dict[str, str], heard: list[str], stop: threading.Event) -> None:
    with link.makefile("rb") as lines:
        link.sendall(script["greeting"].encode() + b"\r\n")
        for line in lines:
            tag, _space, rest = line.decode().strip().partition(" ")
            heard.append(rest)
            verb = re.match(r"(UID )?\w+", rest)[0].upper()
            said = script.get(verb, "BAD unknown")
            if said == SILENCE:
                stop.wait(20)
            if said in (CUT, SILENCE):
                return
            *untagged, final = said.rsplit("\r\n", 1)
            link.sendall("".join(f"{part}\r\n" for part in (*untagged, f"{tag} {final}")).encode())


@contextmanager
def odd(**changes: str) -> Iterator[tuple[ImapMailbox, list[str]]]:
    """A mailbox on the usual server with some answers changed, and the commands it hears."""
    script = {**USUAL, **{name.replace("_", " "): said for name, said in changes.items()}}
    stop, heard = threading.Event(), []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                link, _ = listener.accept()
                with link, suppress(OSError):
                    _talk(link, script, heard, stop)

    thread = threading.Thread(target=serve)
    thread.start()
    box = ImapMailbox(
        ImapAccess("127.0.0.1", listener.getsockname()[1], "none", "u", "p", timeout_s=0.5), poll_s=0.05
    )
    try:
        yield box, heard
    finally:
        box.close()
        stop.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_id_is_told_after_login_and_before_the_folder():
    with odd() as (box, heard):
        box.connect()
    verbs = [line.split()[0] for line in heard]
    assert verbs.index("LOGIN") < verbs.index("ID") < verbs.index("EXAMINE")
    assert '"name" "reply24"' in heard[verbs.index("ID")]


@pytest.mark.parametrize("answer", ["NO not now", "BAD what"])
def test_a_server_that_refuses_id_is_used_all_the_same(answer):
    with odd(ID=answer) as (box, _heard):
        box.connect()
        assert box.status() == (7, 1, 6)


def test_a_server_without_id_is_not_told():
    with odd(CAPABILITY="* CAPABILITY IMAP4rev1\r\nOK done") as (box, heard):
        box.connect()
    assert not any(line.startswith("ID") for line in heard)


def test_arrival_is_utc_whatever_zone_the_server_has():
    with odd() as (box, _heard):
        box.connect()
        ((fetched,),) = box.fetch_after(None)
    assert (fetched.uidvalidity, fetched.uid, fetched.raw) == (7, 5, RAW)
    assert fetched.arrived == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_server_that_does_not_tell_the_next_uid():
    with odd(EXAMINE="* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nOK done") as (box, _heard):
        box.connect()
        assert box.status() == (7, 1, 6)
        assert box.position_at_end() == Position(7, 5)
        assert list(box.fetch_after(Position(7, 5))) == []


def test_a_mail_whose_body_the_server_can_not_give_comes_empty_not_never():
    answer = '* 1 FETCH (UID 5 RFC822.SIZE 0 INTERNALDATE "24-Nov-2026 20:00:00 +0800" BODY[] NIL)\r\nOK done'
    with odd(UID_FETCH=answer) as (box, _heard):
        box.connect()
        ((fetched,),) = box.fetch_after(None)
    assert (fetched.uid, fetched.raw) == (5, b"")


def test_without_idle_it_is_asked_again_and_again():
    with odd() as (box, heard):
        box.connect()
        list(box.fetch_after(None))
        before = len(heard)
        box.wait(0.3, threading.Event())
        assert {line.split()[0] for line in heard[before:]} == {"EXAMINE"}
        assert len(heard) - before >= 2


@pytest.mark.parametrize(
    ("changes", "ending"),
    [
        pytest.param({"LOGIN": "NO [AUTHENTICATIONFAILED] no"}, Refused, id="wrong password"),
        pytest.param({"LOGIN": "NO [UNAVAILABLE] later"}, Unreachable, id="the server's own trouble"),
        pytest.param({"LOGIN": CUT}, Unreachable, id="cut while logging in is no wrong password"),
        pytest.param({"LOGIN": SILENCE}, Unreachable, id="silence while logging in"),
        pytest.param({"greeting": "* BYE too busy"}, Unreachable, id="turned away"),
        pytest.param({"greeting": "220 I speak SMTP"}, Unreachable, id="not IMAP at all"),
        pytest.param({"EXAMINE": "NO EXAMINE Unsafe Login. Ask a@b.example"}, Refused, id="163.com"),
        pytest.param({"EXAMINE": CUT}, Unreachable, id="cut while the folder is opened"),
        pytest.param({"EXAMINE": "* 1 EXISTS\r\nOK done"}, Refused, id="no lasting numbers"),
    ],
)
def test_how_connecting_can_end(changes, ending):
    with odd(**changes) as (box, _heard):
        with pytest.raises(ending) as why:
            box.connect()
        assert "a@b.example" not in str(why.value)


@pytest.mark.parametrize("verb", ["UID_SEARCH", "UID_FETCH"])
@pytest.mark.parametrize("answer", [CUT, SILENCE, "NO [SERVERBUG] oops", "BAD what"])
def test_trouble_while_reading_may_pass(verb, answer):
    with odd(**{verb: answer}) as (box, _heard):
        box.connect()
        with pytest.raises(Unreachable):
            list(box.fetch_after(None))


def test_an_answer_that_nobody_can_read_may_pass():
    with odd(UID_FETCH="* 1 FETCH (UID 5 RFC822.SIZE (\r\nOK done") as (box, _heard):
        box.connect()
        with pytest.raises(Unreachable):
            list(box.fetch_after(None))


def test_who_is_not_connected_is_told_so():
    with odd() as (box, _heard):
        with pytest.raises(Unreachable, match="connect"):
            list(box.fetch_after(None))
        box.connect()
        box.close()
        box.close()
        with pytest.raises(Unreachable, match="connect"):
            box.wait(1, threading.Event())
