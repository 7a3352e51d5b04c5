"""Log lines must not break what they tell of."""

import io
from contextlib import redirect_stderr

from bot.log import get_logger


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
        get_logger().error("mailbox_unreachable", mailbox="nordlicht")
    assert full.tried
