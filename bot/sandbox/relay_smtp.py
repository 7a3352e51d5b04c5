"""The SMTP side of the relay's stand-in, on aiosmtpd: its own thread and event loop.

What becomes of a reply is decided by the relay's `take`; here are only the words of SMTP.
"""

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.domain.marketplaces import of_relay_host

if TYPE_CHECKING:
    from bot.sandbox.relay import MailRelay

_REFUSALS = {
    "refuse": "554 5.7.1 Message rejected: its content is not acceptable",
    "defer": "451 4.3.0 Try again later",
}


class RelayServer:
    """Listens on 127.0.0.1 while started; `port` is the real one then."""

    def __init__(self, relay: "MailRelay", port: int) -> None:
        self.port = port
        self._relay = relay
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._open: set[_Connection] = set()
        # aiosmtpd warns at each login about a part of itself that is to go away.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    def start(self) -> None:
        """Returns when connections are taken."""
        loop = self._loop = asyncio.new_event_loop()
        server = loop.run_until_complete(loop.create_server(self._connection, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(
            target=self._serve, args=(loop, server), name="relay-smtp", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Returns when every connection is closed and the thread is gone; can be called twice."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop = self._thread = None

    def _serve(self, loop: asyncio.AbstractEventLoop, server: asyncio.Server) -> None:
        loop.run_forever()
        loop.run_until_complete(self._close(server))
        loop.close()

    async def _close(self, server: asyncio.Server) -> None:
        server.close()
        for connection in list(self._open):
            connection.drop()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()

    def _connection(self) -> "_Connection":
        return _Connection(
            _Words(self._relay),
            self._open,
            hostname="relay.example",
            ident="ESMTP",
            loop=self._loop,
            authenticator=self._login,
            auth_require_tls=False,
        )

    def _login(self, _smtp: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any) -> AuthResult:
        known = (
            isinstance(said, LoginPassword)
            and self._relay.store_of_sender(said.login.decode("utf-8", "replace")) is not None
            and said.password == self._relay.password.encode()
        )
        return AuthResult(success=known, handled=False)


class _Connection(SMTP):
    """One client; it knows how to vanish, which aiosmtpd's own does not."""

    def __init__(self, words: "_Words", open_connections: "set[_Connection]", **settings: Any) -> None:
        super().__init__(words, **settings)
        self._open_connections = open_connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open_connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_connections.discard(self)
        super().connection_lost(error)

    def drop(self) -> None:
        """End the connection at once, without a word."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class _Words:
    """What is answered to MAIL, RCPT and the mail itself; the method names are aiosmtpd's."""

    def __init__(self, relay: "MailRelay") -> None:
        self._relay = relay

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for this name
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._relay.store_of_sender(address) is None:
            return "550 5.7.1 Sender is not an approved address of a seller account"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if of_relay_host(address.rpartition("@")[2]) is None:
            return "550 5.7.1 This relay carries mail to buyers' addresses only"
        if envelope.rcpt_tos:
            return "452 4.5.3 One buyer a mail"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, smtp: "_Connection", _session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.original_content or b""
        what = self._relay.take(envelope.mail_from or "", envelope.rcpt_tos[0], raw)
        if what == "drop_after_data":
            smtp.drop()
        if what in ("drop_after_data", "hang"):
            await asyncio.Event().wait()  # until the connection's end cancels us
        return _REFUSALS.get(what, "250 2.0.0 OK, handed over")
