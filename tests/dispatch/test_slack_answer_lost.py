"""A Slack that does what it is asked and breaks the connection before it answers."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.errors import Unreachable
from bot.slack.blocks import Post
from bot.slack.post import ReadsAgain, Speaker


class Deaf:
    """Reads each request and resets the connection; `asked` is what was asked, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/api/"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self._listener.accept()
            except OSError:
                return
            with line:
                self.asked.append(line.recv(65536).split()[1].decode().removeprefix("/api/"))
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@pytest.fixture
def deaf() -> Iterator[Deaf]:
    server = Deaf()
    yield server
    server.close()


def speaker(deaf: Deaf) -> Speaker:
    client = WebClient("xoxb-test", base_url=deaf.url, timeout=5)
    client.retry_handlers = [ReadsAgain()]
    return Speaker(client)


def test_a_post_whose_answer_was_lost_is_not_sent_again_by_the_sdk(deaf: Deaf) -> None:
    with pytest.raises(Unreachable):
        speaker(deaf).post("C1", Post("Where is my parcel?", []), mark="1:card:1")
    assert deaf.asked == ["chat.postMessage"]


def test_what_changes_nothing_is_asked_once_more_at_once(deaf: Deaf) -> None:
    with pytest.raises(Unreachable):
        speaker(deaf).find("C1", "1:card:1")
    assert deaf.asked == ["conversations.history"] * 2
