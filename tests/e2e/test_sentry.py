"""What reaches Sentry, at a real HTTP server: the line of the log, and nothing that a buyer wrote."""

import gzip
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.log import get_logger, set_up
from bot.work import sentry
from bot.work.sentry import NAME, sentry_of
from tests.world import ROOT

BUYER = "Katrin Muster, Lindenweg 4, my lamp burns"


class Server:
    """Keeps the events of all envelopes that it gets."""

    def __init__(self) -> None:
        kept: list[dict[str, object]] = []
        self.events = kept

        class Talk(BaseHTTPRequestHandler):
            def keep(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                lines = body.decode().splitlines()
                kept.extend(json.loads(line) for line in lines[2::2])
                self.send_response(200)
                self.end_headers()

            do_POST = keep  # noqa: N815 - the library's name

            def log_message(self, *_words: object) -> None:
                """Nothing on standard error."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def dsn(self) -> str:
        return f"http://a1b2c3@127.0.0.1:{self.http.server_port}/7"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    yield
    set_up()


def fail(case: int) -> None:
    private = BUYER
    try:
        int(private)
    except ValueError as error:
        get_logger().error("card_not_drawn", case=case, text=private, exc_info=error)


def test_an_error_is_reported_once_a_minute_with_ids_alone(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(sentry, "monotonic", lambda: now)
    reports = sentry_of({NAME: server.dsn}, "1.2.3")
    assert reports
    set_up(report=reports.take)
    get_logger().info("case_claimed", case=1)
    get_logger().warning("mailbox_unreachable", mailbox="nordlicht")
    fail(1001)
    fail(1002)
    now += sentry.QUIET_SECONDS
    fail(1003)
    reports.close()
    first, second = server.events
    assert (first["message"], first["release"]) == ("card_not_drawn", "reply24@1.2.3")
    extra = first["extra"]
    assert isinstance(extra, dict)
    assert (extra["case"], extra["why_class"], extra["dropped"]) == (1001, "ValueError", ["text"])
    assert extra["exception"][0].endswith(" fail")
    assert "1003" in json.dumps(second["extra"])
    everything = json.dumps(server.events)
    assert not [word for word in BUYER.split() if word in everything]
    assert not {"server_name", "user", "request", "breadcrumbs", "modules", "contexts"} & set(first)


def test_a_server_that_cannot_be_reached_harms_nothing() -> None:
    reports = sentry_of({NAME: "http://a1b2c3@127.0.0.1:9/7"}, "1.2.3")
    assert reports
    set_up(report=reports.take)
    fail(1001)
    reports.close()


def test_nothing_is_reported_unless_asked() -> None:
    assert sentry_of({}, "1.2.3") is None


def test_an_address_may_stand_in_a_file(tmp_path: Path, server: Server) -> None:
    (tmp_path / "dsn").write_text(f"{server.dsn}\n", encoding="utf-8")
    reports = sentry_of({f"{NAME}_FILE": str(tmp_path / "dsn")}, "1.2.3")
    assert reports
    reports.close()


@pytest.mark.parametrize("dsn", ["sentry.example", "https://sentry.example/7", "https://key@/7"])
def test_a_bad_address_is_told_without_repeating_it(dsn: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a Sentry project") as caught:
        sentry_of({NAME: dsn}, "1.2.3")
    assert dsn not in str(caught.value)


def test_without_the_extra_the_bot_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentry, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"Install reply24\[sentry\]"):
        sentry_of({NAME: "https://key@sentry.example/7"}, "1.2.3")


def test_run_refuses_to_start_with_a_bad_address(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "reply24", "run"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), NAME: "nonsense"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert f"environment: {NAME}: is no address of a Sentry project" in done.stderr
