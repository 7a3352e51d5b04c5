"""Every ending of a hand-over: a scripted server on loopback breaks at each step of the talk."""

import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.errors import ConfigError, Refused, Unreachable, Unsure
from bot.mail.smtp import Receipt, SmtpAccess, SmtpLink, check_login, send
from tests.e2e.dovecot import make_certificate
from tests.servers import require

SENDER = "support@nordlicht.example"
BUYER = "abcd1234efgh56@marketplace.amazon.de"
MAIL = b"Message-ID:\r\n <reply-88.0123456789abcdef@nordlicht.example>\r\nSubject: Re: x\r\n\r\n.\nHallo\r\n..\r\n"

# What the scripted server can do instead of an answer.
CUT = "cut"
SILENCE = "silence"

HAPPY = {
    "greeting": "220 mail.example ESMTP",
    "EHLO": "250-mail.example\r\n250 AUTH PLAIN LOGIN XOAUTH2",
    "AUTH": "235 2.7.0 ok",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    ".": "250 2.0.0 queued as 12AB for abcd1234efgh56@marketplace.amazon.de",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


@dataclass
class Scripted:
    """An SMTP server that answers by `script`: verb -> answer, CUT or SILENCE."""

    port: int
    heard: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)


def _talk(link: socket.socket, script: dict[str, str], server: Scripted, stop: threading.Event) -> None:
    lines = link.makefile("rb")

    def answer(verb: str) -> bool:
        said = script[verb]
        if said == SILENCE:
            stop.wait(20)
        if said in (CUT, SILENCE):
            return False
        link.sendall(said.encode() + b"\r\n")
        return True

    def take_mail() -> bool:
        mail = b""
        while (line := lines.readline()) not in (b"", b".\r\n"):
            mail += line
        server.mails.append(mail)
        return line != b"" and answer(".")

    with lines, suppress(OSError):
        going_on = answer("greeting")
        while going_on and (line := lines.readline()):
            server.heard.append(line.decode().strip())
            verb = line.decode().strip().upper().partition(" ")[0]
            going_on = answer(verb) and verb != "QUIT"
            if verb == "DATA" and going_on and script["DATA"].startswith("354"):
                going_on = take_mail()


@contextmanager
def scripted(context: ssl.SSLContext | None = None, **changes: str) -> Iterator[Scripted]:
    """The happy server with some answers changed; `end` stands for the closing dot."""
    script = {**HAPPY, **{("." if verb == "end" else verb): said for verb, said in changes.items()}}
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    server = Scripted(listener.getsockname()[1])

    def serve() -> None:
        with suppress(OSError):
            while True:
                link, _ = listener.accept()
                with link:
                    if context is None:
                        _talk(link, script, server, stop)
                        continue
                    with context.wrap_socket(link, server_side=True) as safe:
                        _talk(safe, script, server, stop)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def access(server: Scripted, **more) -> SmtpAccess:
    return SmtpAccess("127.0.0.1", server.port, **{"tls": "none", "timeout_s": 0.5, **more})


def test_a_mail_that_is_taken_gives_a_receipt():
    with scripted() as server:
        receipt = send(access(server, user="u", password="p"), MAIL, SENDER, BUYER)
    assert receipt == Receipt(
        250, "2.0.0 queued as 12AB for <address>", "<reply-88.0123456789abcdef@nordlicht.example>"
    )
    verbs = [line.split()[0].upper() for line in server.heard]
    assert verbs == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
    assert server.heard[2:4] == [f"mail FROM:<{SENDER}>", f"rcpt TO:<{BUYER}>"]


def test_line_ends_are_made_whole_and_dots_are_doubled_on_the_wire():
    with scripted() as server:
        send(access(server), MAIL, SENDER, BUYER)
    assert server.mails[0].partition(b"\r\n\r\n")[2] == b"..\r\nHallo\r\n...\r\n"


STEPS = ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("trouble", [CUT, SILENCE, "421 4.3.2 closing down", "451 4.3.0 later"])
def test_trouble_before_the_mail_means_that_it_can_be_sent_again(step, trouble):
    with scripted(**{step: trouble}) as server, pytest.raises(Unreachable):
        send(access(server, user="u", password="p"), MAIL, SENDER, BUYER)
    assert server.mails == []


@pytest.mark.parametrize("step", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
def test_a_no_before_the_mail_is_final(step):
    with scripted(**{step: "554 5.7.1 no"}) as server, pytest.raises(Refused) as no:
        send(access(server, user="u", password="p"), MAIL, SENDER, BUYER)
    assert no.value.code == "554"
    assert server.mails == []


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        ("550 5.7.1 no", Refused),
        ("451 4.3.0 later", Unreachable),
        ("421 4.3.2 closing down", Unreachable),
        (CUT, Unsure),
        (SILENCE, Unsure),
        ("354 what", Unsure),
        ("hello there", Unsure),
        ("2" + "5" * 9000, Unsure),
    ],
)
def test_the_answer_to_the_mail_decides(answer, ending):
    with scripted(end=answer) as server, pytest.raises(ending):
        send(access(server), MAIL, SENDER, BUYER)
    assert len(server.mails) == 1


def test_an_answer_without_354_never_gets_the_mail():
    with scripted(DATA="250 fine") as server, pytest.raises(Unreachable):
        send(access(server), MAIL, SENDER, BUYER)
    assert server.mails == []


def test_a_connection_that_breaks_while_the_mail_is_written_may_be_tried_again():
    big = MAIL + (b"y" * 70 + b"\r\n") * 400_000  # more than the kernel takes in before somebody reads
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        link, _ = listener.accept()
        with link, link.makefile("rb") as lines:
            link.sendall(b"220 hi\r\n")
            for said in (b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                lines.readline()
                link.sendall(said)
            lines.readline()

    thread = threading.Thread(target=serve)
    thread.start()
    with listener, pytest.raises(Unreachable, match="before the mail was complete"):
        send(SmtpAccess("127.0.0.1", listener.getsockname()[1], "none", timeout_s=2), big, SENDER, BUYER)
    thread.join()


def test_nobody_listens():
    with scripted() as server:
        pass
    with pytest.raises(Unreachable):
        check_login(access(server))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"EHLO": "250 mail.example"}, "no_login"),
        ({"EHLO": "250-mail.example\r\n250 AUTH GSSAPI"}, "no_login"),
        ({"AUTH": "535 5.7.8 wrong for u@mail.example"}, "535"),
    ],
)
def test_a_login_that_can_not_work_says_why_without_the_address(more, code):
    with scripted(**more) as server, pytest.raises(Refused) as no:
        check_login(access(server, user="u", password="p"))
    assert no.value.code == code
    assert "u@mail.example" not in str(no.value)


def test_a_password_that_smtp_can_not_carry_is_refused():
    with scripted() as server, pytest.raises(Refused, match="app password"):
        check_login(access(server, user="u", password="pässwört"))


def test_login_by_token():
    with scripted() as server:
        check_login(access(server, user="u@mail.example", token="tok"))
    assert server.heard[1] == "AUTH XOAUTH2 dXNlcj11QG1haWwuZXhhbXBsZQFhdXRoPUJlYXJlciB0b2sBAQ=="


def test_a_token_that_is_refused():
    refusal = {"AUTH": "334 eyJzdGF0dXMiOiI0MDEifQ==", "": "535 5.7.8 no"}
    with scripted(**refusal) as server, pytest.raises(Refused) as no:
        check_login(access(server, user="u@mail.example", token="old"))
    assert no.value.code == "535"


def test_two_mails_over_one_connection_and_a_refused_one_between():
    with scripted() as server, SmtpLink(access(server)) as link:
        link.send(MAIL, SENDER, BUYER)
        link.send(MAIL, SENDER, BUYER)
    assert [line.split()[0].upper() for line in server.heard] == [
        *["EHLO", "MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA", "QUIT"]
    ]
    with scripted(RCPT="550 nobody") as server, SmtpLink(access(server)) as link:
        for _ in range(2):
            with pytest.raises(Refused):
                link.send(MAIL, SENDER, BUYER)
    assert [line.split()[0].upper() for line in server.heard][1:7] == ["MAIL", "RCPT", "RSET"] * 2


def test_a_link_that_broke_says_so_when_used_again():
    with scripted(MAIL=CUT) as server, SmtpLink(access(server)) as link:
        for _ in range(2):
            with pytest.raises(Unreachable):
                link.send(MAIL, SENDER, BUYER)


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1", "localhost.evil.example"])
def test_without_tls_only_this_machine_is_spoken_to(host):
    with pytest.raises(ConfigError, match="tls"):
        check_login(SmtpAccess(host, 25, "none"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """cert.pem (its own CA) and key.pem for 127.0.0.1."""
    require(shutil.which("openssl") is not None, "openssl")
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder)
    return folder


def test_tls_from_the_first_byte(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with scripted(context) as server:
        trusted = access(server, tls="ssl", ca_file=str(certificate / "cert.pem"), timeout_s=3)
        assert send(trusted, MAIL, SENDER, BUYER).code == 250
        with pytest.raises(Unreachable, match="certificate verify failed"):
            send(access(server, tls="ssl", timeout_s=3), MAIL, SENDER, BUYER)
    assert len(server.mails) == 1


def test_starttls_is_not_given_up_when_the_server_does_not_offer_it():
    with scripted() as server, pytest.raises(Unreachable, match="STARTTLS"):
        send(access(server, tls="starttls", user="u", password="secret"), MAIL, SENDER, BUYER)
    assert server.heard[0].startswith("ehlo")
    assert not any("AUTH" in line for line in server.heard)


def test_a_certificate_file_that_is_not_there_is_a_fault_of_the_settings():
    for tls in ("ssl", "starttls"):
        hello = "250-mail.example\r\n250 STARTTLS"
        with scripted(EHLO=hello) as server, pytest.raises(ConfigError, match="ca_file"):
            check_login(access(server, tls=tls, ca_file="/nowhere/ca.pem"))


def test_secrets_do_not_show():
    shown = repr(SmtpAccess("h", 1, "ssl", user="u", password="hunter2", token="tok3n"))
    assert "hunter2" not in shown
    assert "tok3n" not in shown
