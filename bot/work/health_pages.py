"""The server of /healthz and /metrics: the standard library's, in threads of its own.

Why not HTTP mode's own server: that one is open to the world, because Slack calls it.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bot import __version__
from bot.desk import Desk
from bot.log import get_logger
from bot.slack.pulse import Pulse
from bot.work.health import Watch
from bot.work.metrics import CONTENT_TYPE, Metrics

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

log = get_logger()

Answer = tuple[str, str, bytes]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    """Writes no line a request; a caller that says nothing is hung up on."""

    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        pass


class Pages:
    """The pages of one process, as a WSGI application."""

    def __init__(self, watch: Watch, role: str) -> None:
        self._watch = watch
        self._role = role
        self._metrics = Metrics(watch, role)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        pages: dict[str, Callable[[], Answer]] = {"/healthz": self._healthz, "/metrics": self._metrics_page}
        page = pages.get(environ.get("PATH_INFO", ""))
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            status, kind, body = "405 Method Not Allowed", "text/plain", b"These pages are only read.\n"
        elif page is None:
            status, kind, body = "404 Not Found", "text/plain", b"There are /healthz and /metrics.\n"
        else:
            status, kind, body = page()
        length = ("Content-Length", str(len(body)))
        start_response(status, [("Content-Type", kind), length, ("Cache-Control", "no-store")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _healthz(self) -> Answer:
        health = self._watch.look()
        told = {
            "status": "unhealthy" if health.faults else "ok",
            "faults": [asdict(fault) for fault in health.faults],
            "manual_mode": {
                scope: since.isoformat()
                for scope, since in (health.vitals.manual if health.vitals else {}).items()
            },
            "at": health.at.isoformat(),
            "started_at": self._watch.started_at.isoformat(),
            "role": self._role,
            "version": __version__,
        }
        status = "503 Service Unavailable" if health.faults else "200 OK"
        return status, "application/json", json.dumps(told, indent=1).encode() + b"\n"

    def _metrics_page(self) -> Answer:
        return "200 OK", CONTENT_TYPE, self._metrics.text()


def serve_pages(desk: Desk, pulse: Pulse, roles: tuple[str, ...]) -> Callable[[], None]:
    """Serve the pages of a process that does `roles`; returns what ends it.

    A port that can't be had is no reason to answer no buyers: it is logged, and there are no pages.
    """
    health = desk.settings.health
    port = health.port_of(roles[0])
    if not port:
        return lambda: None
    pages = Pages(Watch(desk, pulse), ",".join(roles))
    kind = _Server6 if ":" in health.host else _Server
    try:
        server = make_server(health.host, port, pages, server_class=kind, handler_class=_Quiet)
    except OSError as why:
        log.error("health_pages_not_served", port=port, exc_info=why)
        return lambda: None
    threading.Thread(target=server.serve_forever, name="health-pages", daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop
