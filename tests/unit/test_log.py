"""What a line of the log is, as JSON and as text: also for an exception, which must not break who logs it."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from bot.log import get_logger, set_up


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def said_of_an_error(as_json: bool, capsys: pytest.CaptureFixture[str]) -> str:
    set_up("warning", as_json=as_json)
    try:
        int("Katrin wrote this")
    except ValueError as error:
        get_logger().error("tick_failed", tick="pings", exc_info=error)
    return capsys.readouterr().err


def test_an_exception_is_its_class_and_its_places_in_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(said_of_an_error(True, capsys))
    assert (line["event"], line["why_class"]) == ("tick_failed", "ValueError")
    (place,) = line["exception"]
    assert place.endswith("said_of_an_error")
    text = said_of_an_error(False, capsys)
    assert "tick_failed" in text
    assert "why_class=ValueError" in text
    assert place in text


@pytest.mark.parametrize("as_json", [True, False])
def test_no_word_of_an_exception_is_logged(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Katrin" not in said_of_an_error(as_json, capsys)


class Full(io.StringIO):
    """A standard error on a disk that is full."""

    tried = 0

    def write(self, _text: str, /) -> int:
        self.tried += 1
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_line_that_can_not_be_written_is_given_up() -> None:
    full = Full()
    with redirect_stderr(full):
        set_up("info")
        get_logger().error("mailbox_unreachable", mailbox="nordlicht")
    assert full.tried
