"""One thread for each name that has something to do, so that what hangs for one name keeps no other waiting."""

import threading
from collections.abc import Callable


class Busy:
    """The threads that are at work, by name. One thread begins and joins them."""

    def __init__(self) -> None:
        self._threads: dict[str, threading.Thread] = {}

    def begin(self, name: str, work: Callable[[], object]) -> None:
        """Do `work` in a thread of its own, unless one of that name is at work still."""
        at_work = self._threads.get(name)
        if at_work is None or not at_work.is_alive():
            thread = threading.Thread(target=work, name=name, daemon=True)
            self._threads[name] = thread
            thread.start()

    def join(self) -> None:
        """Wait until all have finished."""
        for thread in self._threads.values():
            thread.join()
