"""What a modal waits for and may take long: done outside the threads that acknowledge, few at once, never in a queue.

Bolt's threads answer everybody's clicks. A store whose API hangs, or a large file, must keep nobody's click waiting.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.errors import Outside, Refused
from bot.log import get_logger
from bot.slack.blocks import Block
from bot.slack.limits import fit
from bot.slack.post import call
from bot.slack.texts import Say
from bot.slack.views import modals as modal_views
from bot.slack.wording import error_words

log = get_logger()

THREADS, EACH = 10, 2
"""All errands at once, and those about the same thing (a store, a person)."""
_PAUSES = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Screen:
    """A modal that is open: by Slack's id, or by ours, when an ack has opened it."""

    client: WebClient
    view_id: str | None = None
    external_id: str | None = None

    def show(self, view: Block) -> None:
        """Put `view` there. Who has closed it meanwhile does not wait for anything any more. Raises Outside.

        What an ack opens is there a moment later than the ack: it is looked for a few times.
        """
        for pause in _PAUSES if self.external_id else ():
            if self._is_shown(view):
                return
            threading.Event().wait(pause)
        if not self._is_shown(view):
            log.info("modal_gone")

    def _is_shown(self, view: Block) -> bool:
        try:
            call(
                self.client.views_update,
                view_id=self.view_id,
                external_id=self.external_id,
                view=fit(view),
            )
        except Refused as why:
            if why.code != "not_found":
                raise
            return False
        return True


class Errands:
    """Runs each in a thread of its own, for which the end of the program does not wait. Safe to share."""

    def __init__(self, threads: int = THREADS, each: int = EACH) -> None:
        self._most, self._each = threads, each
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()

    def run(self, about: str, screen: Screen, say: Say, fill: Callable[[], Block]) -> bool:
        """Show on `screen` what `fill` makes, or the words for its error; False: too many are under way already."""
        with self._lock:
            if self._under_way.total() >= self._most or self._under_way[about] >= self._each:
                return False
            self._under_way[about] += 1
        threading.Thread(target=self._do, args=(about, screen, say, fill), name="errand", daemon=True).start()
        return True

    def _do(self, about: str, screen: Screen, say: Say, fill: Callable[[], Block]) -> None:
        try:
            screen.show(_filled(fill, say))
        except Outside as why:
            log.warning("errand_not_shown", exc_info=why)
        except Exception as error:
            log.error("errand_failed", exc_info=error)
        finally:
            with self._lock:
                self._under_way[about] -= 1


def _filled(fill: Callable[[], Block], say: Say) -> Block:
    try:
        return fill()
    except Exception as error:  # noqa: BLE001 - error_words logs it
        return modal_views.error(say("error.title"), error_words(error, say), say)
