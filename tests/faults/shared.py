"""What the rig and the programs under test share while they run: the time, and the step at which to strike.

A small file that every process maps into its memory. So the rig can move everybody's clock at once, and can say
to a program that runs already: at the third time that you are about to commit a reply, die.
"""

import json
import mmap
import struct
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from bot.clock import monotonic

_CLOCK = struct.Struct("dddd")
_ORDER_AT, _ORDER = 64, struct.Struct("qq")
_SIZE = 4096

Act = Literal["die", "freeze"]


@dataclass(frozen=True, slots=True)
class Order:
    """What a program does at the `nth` step whose name fits `pattern` (as a file name would), once."""

    pattern: str
    nth: int = 1
    act: Act = "die"


class Shared:
    """The file, mapped. One writer, the rig; numbers of eight bytes are read whole."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)

    def set_clock(self, start: datetime, speed: float) -> None:
        """The clock shows `start` now."""
        _CLOCK.pack_into(self._memory, 0, monotonic(), start.timestamp(), speed, 0.0)

    def clock(self) -> tuple[float, float, float, float]:
        """When it was started on the stop-watch, what it showed, its speed, by how much it was moved since."""
        return _CLOCK.unpack_from(self._memory, 0)

    def move(self, span: timedelta) -> None:
        """Everybody's clock jumps."""
        *rest, moved = self.clock()
        _CLOCK.pack_into(self._memory, 0, *rest, moved + span.total_seconds())

    def give(self, order: Order) -> None:
        """From now on this order counts; earlier ones do not."""
        body = json.dumps(asdict(order)).encode()
        number, _length = _ORDER.unpack_from(self._memory, _ORDER_AT)
        _ORDER.pack_into(self._memory, _ORDER_AT, 0, 0)
        self._memory[_ORDER_AT + 16 : _ORDER_AT + 16 + len(body)] = body
        self._memory[_ORDER_AT + 1024 : _ORDER_AT + 1032] = struct.pack("q", max(number, self._last()) + 1)
        _ORDER.pack_into(self._memory, _ORDER_AT, self._last(), len(body))

    def withdraw(self) -> None:
        """No order counts any more."""
        _ORDER.pack_into(self._memory, _ORDER_AT, 0, 0)

    def _last(self) -> int:
        """Number of the last order, also of one that was withdrawn."""
        return int(struct.unpack_from("q", self._memory, _ORDER_AT + 1024)[0])

    def order(self) -> tuple[int, Order | None]:
        """The order that counts, and its number; 0 and None if there is none."""
        number, length = _ORDER.unpack_from(self._memory, _ORDER_AT)
        if not number:
            return 0, None
        return number, Order(**json.loads(self._memory[_ORDER_AT + 16 : _ORDER_AT + 16 + length]))

    @property
    def order_number(self) -> int:
        """Cheap: most looks find that nothing is ordered."""
        return int(struct.unpack_from("q", self._memory, _ORDER_AT)[0])


class SharedClock:
    """A clock (bot/clock.py) that runs fast and that the rig can move, in all processes at the same instant."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.speed: float = shared.clock()[2]

    def now(self) -> datetime:
        began, start, speed, moved = self._shared.clock()
        return datetime.fromtimestamp(start + (monotonic() - began) * speed + moved, UTC)

    def wait(self, event: threading.Event, span: timedelta) -> bool:
        end = self.now() + span
        while not event.is_set() and (left := (end - self.now()).total_seconds()) > 0:
            event.wait(min(0.02, left / self.speed))
        return event.is_set()
