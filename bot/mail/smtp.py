"""Handing a mail to the store's SMTP server. The only place that knows SMTP.

Four endings, and which one is a question of how far we came (RFC 5321):

    accepted      the server answered 250 to the whole mail: a Receipt
    Unreachable   no connection, no TLS, a 4xx answer, or the line broke before we wrote the closing
                  dot: without it the server must not deliver (4.1.1.4), so it may be tried again
    Refused       a 5xx answer: asking again can't help
    Unsure        the closing dot may be on its way and no clear answer came back: it may be delivered

smtplib's own `sendmail` hides where it broke, so the steps are walked one by one.
"""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from types import TracebackType
from typing import NoReturn, Self

from bot.errors import Refused, Reply24Error, Unreachable, Unsure
from bot.mail.answers import plain
from bot.mail.tls import Tls, check_tls, context_for

# The server may scan the mail before it answers; asking a person is dearer than waiting (RFC 5321 4.5.3.2.6).
_PATIENCE = 4
# smtplib would look this machine's name up in the DNS, and tell it.
_OUR_NAME = "[127.0.0.1]"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class SmtpAccess:
    """How to reach one SMTP server. Without `user` it is used without login; `token` means XOAUTH2."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    timeout_s: float = 30
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's word that it took the mail: handed over, not yet with the buyer."""

    code: int
    text: str
    message_id: str


def send(
    access: SmtpAccess,
    mail: bytes | EmailMessage,
    sender: str,
    to: str,
    last_look: Callable[[], None] = lambda: None,
) -> Receipt:
    """Hand over one mail on a connection of its own. Raises Unreachable, Refused, Unsure, ConfigError.

    `last_look` is called before the first byte of the mail; what it raises keeps the mail here.
    """
    with SmtpLink(access) as link:
        return link.send(mail, sender, to, last_look)


def check_login(access: SmtpAccess) -> None:
    """Connect and log in, send nothing. Raises Unreachable, Refused, ConfigError."""
    with SmtpLink(access):
        pass


class SmtpLink:
    """One connection, logged in; it can carry several mails one after the other. Not for several threads."""

    def __init__(self, access: SmtpAccess) -> None:
        check_tls("smtp", access.host, access.tls)
        self._access = access
        self._where = f"{access.host}:{access.port}"
        self._smtp: smtplib.SMTP = smtplib.SMTP(local_hostname=_OUR_NAME, timeout=access.timeout_s)

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Connection, TLS, login. Raises Unreachable, Refused, ConfigError; then nothing stays open."""
        try:
            self._open()
        except OSError as why:
            self.close()
            raise self._why_not_open(why) from why
        except UnicodeEncodeError as why:
            self.close()
            raise Refused(
                f"{self._where}: user and password may have ASCII characters only. "
                "Make an app password at the provider and put it in the store's smtp settings",
                code="password",
            ) from why
        except Reply24Error:
            self.close()
            raise

    def send(
        self,
        mail: bytes | EmailMessage,
        sender: str,
        to: str,
        last_look: Callable[[], None] = lambda: None,
    ) -> Receipt:
        """Hand over one mail; see the head of this file for how it can end."""
        raw = mail if isinstance(mail, bytes) else bytes(mail)
        body = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", raw))
        if not body.endswith(b"\r\n"):
            body += b"\r\n"
        try:
            self._step("the sender", (250,), lambda: self._smtp.mail(sender))
            self._step("the recipient", (250, 251), lambda: self._smtp.rcpt(to))
            last_look()
            self._step("a mail", (354,), lambda: self._smtp.docmd("DATA"))
            self._smtp.send(body)
        except OSError as why:
            self.close()
            raise self._broke("before the mail was complete", why) from why
        code, text = self._finish()
        return Receipt(code, text, _message_id_of(raw))

    def close(self) -> None:
        """Say goodbye if that is possible; never fails."""
        self._wait_at_most(min(2, self._access.timeout_s))
        with suppress(OSError):
            if self._smtp.sock is not None:
                self._smtp.quit()
        self._smtp.close()

    def _open(self) -> None:
        access = self._access
        if access.tls == "ssl":
            self._smtp = smtplib.SMTP_SSL(
                local_hostname=_OUR_NAME, timeout=access.timeout_s, context=context_for(access.ca_file)
            )
        # smtplib checks the certificate against this name, and sets it only when it connects by itself.
        self._smtp._host = access.host  # type: ignore[attr-defined]  # private to smtplib
        self._step("the connection", (220,), lambda: self._smtp.connect(access.host, access.port))
        self._step("the connection", (250,), self._smtp.ehlo)
        if access.tls == "starttls":
            self._step("STARTTLS", (220,), lambda: self._smtp.starttls(context=context_for(access.ca_file)))
            self._step("the connection", (250,), self._smtp.ehlo)
        if access.user and access.token:
            self._step("the login", (235, 503), self._login_by_token)
        elif access.user:
            self._smtp.login(access.user, access.password or "")

    def _login_by_token(self) -> tuple[int, bytes]:
        """XOAUTH2. A refusal comes as a 334 with the reason in it; an empty line asks for the real answer."""
        words = f"user={self._access.user}\1auth=Bearer {self._access.token}\1\1"
        return self._smtp.auth("XOAUTH2", lambda challenge=None: "" if challenge else words)

    def _step(self, what: str, wanted: tuple[int, ...], ask: Callable[[], tuple[int, bytes]]) -> None:
        code, text = ask()
        if code not in wanted:
            self._reset()
            raise self._answer_to(what, code, text)

    def _reset(self) -> None:
        """Leave a half-said mail behind, so that the next one on this connection starts afresh."""
        with suppress(OSError):
            if self._smtp.sock is not None:
                self._smtp.rset()

    def _finish(self) -> tuple[int, str]:
        """Write the closing dot and read the answer. From the first byte on we no longer know."""
        self._wait_at_most(self._access.timeout_s * _PATIENCE)
        try:
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
        except OSError as why:
            self._unsure(f"the connection ended without an answer ({type(why).__name__})", why)
        self._wait_at_most(self._access.timeout_s)
        if code == 250:
            return code, plain(text)
        if 400 <= code <= 599:
            raise self._answer_to("the mail", code, text)
        return self._unsure(f"it answered {code}, which says neither yes nor no", None)

    def _wait_at_most(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _unsure(self, what: str, why: OSError | None) -> NoReturn:
        self.close()
        raise Unsure(
            f"{self._where} may or may not have taken the mail: {what}. It is not sent again by itself; "
            "look for it in the sent mail or wait for a bounce, then decide"
        ) from why

    def _answer_to(self, what: str, code: int, text: bytes | str) -> Unreachable | Refused:
        said = f"{self._where} answered {what} with {code} {plain(text)}"
        if 500 <= code <= 599:
            return Refused(f"{said}. {_advice(what)}", code=str(code))
        return Unreachable(f"{said}: it can't take mail now. It is tried again later")

    def _why_not_open(self, why: OSError) -> Unreachable | Refused:
        """smtplib's errors are OSErrors too; they differ in whether the server said something."""
        if isinstance(why, smtplib.SMTPResponseException):
            what = "the login" if isinstance(why, smtplib.SMTPAuthenticationError) else "the connection"
            return self._answer_to(what, why.smtp_code, why.smtp_error)
        if "STARTTLS" in str(why):
            return Unreachable(
                f"{self._where} offers no STARTTLS, and the password must not travel in the clear. "
                "Check port and tls in the store's smtp settings (465 with ssl, 587 with starttls)"
            )
        if isinstance(why, smtplib.SMTPException) and not isinstance(why, smtplib.SMTPServerDisconnected):
            return Refused(
                f"{self._where} offers no way to log in that we know ({plain(str(why))}). "
                "Check port and tls in the store's smtp settings (465 with ssl, 587 with starttls)",
                code="no_login",
            )
        return self._broke("before login", why)

    def _broke(self, when: str, why: OSError) -> Unreachable:
        return Unreachable(
            f"{self._where} could not be used, the connection failed {when} "
            f"({type(why).__name__}: {plain(str(why))}). Nothing was sent; it is tried again later"
        )


def _advice(what: str) -> str:
    return {
        "the login": "Check user and password in the store's smtp settings; many want an app password",
        "the sender": "The address must belong to this mailbox and be approved in Seller Central",
        "the recipient": "The buyer's relay address is not valid any more; answer in Seller Central",
    }.get(what, "Answer in Seller Central, or change the reply and send it again")


def _message_id_of(raw: bytes) -> str:
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return " ".join(str(message_from_bytes(head + b"\n\n")["Message-ID"] or "").split())
