"""The Slack lane: says what the outbox holds, most urgent first, one post a second in each channel.

It runs in the one process that holds the lease `slack`. Many changes of one card are one update,
because a row is a key and its words are made when it is sent.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from bot.clock import monotonic
from bot.db.queries import outbox
from bot.db.tables import OutboxRow
from bot.desk import Desk, access
from bot.errors import NotFound, Outside, Refused, Unreachable
from bot.log import get_logger
from bot.slack.blocks import Post
from bot.slack.people import Directory
from bot.slack.post import BAD_BLOCKS, GONE, NO_PLACE, SHARED, Place, Speaker
from bot.slack.telling import Telling, tell
from bot.work.pictures import has_pictures, kinds

log = get_logger()

Said = TypeVar("Said")

GAP_SECONDS = 1.0
_LOOK_SECONDS = 0.1
_WORKERS = 8
_PATIENT, _PAUSES = 4, 3
"""Slack refuses a post with a new picture until it has looked at it: at the fourth try, each three pauses after
the one before, it goes without.
"""


@dataclass(slots=True)
class _Pace:
    """When a place may be spoken to again, on the stop-watch."""

    busy: bool = False
    free_at: float = 0.0


class SlackLane:
    """Tells Slack what is queued. One thread looks, a few speak, never two at one place."""

    def __init__(
        self, desk: Desk, speaker: Speaker, directory: Directory, gap_s: float = GAP_SECONDS
    ) -> None:
        self._desk = desk
        self._speaker = speaker
        self._directory = directory
        self._gap_s = gap_s
        self._paces: dict[str, _Pace] = {}
        self._lock = threading.Lock()

    def run(self, stop: threading.Event, may_run: threading.Event) -> None:
        """Until `stop`; only while `may_run` is set, which is while we hold the lease."""
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="slack-lane") as speakers:
            while not stop.is_set():
                if not may_run.is_set():
                    stop.wait(_LOOK_SECONDS)
                    continue
                try:
                    self._start_due(speakers)
                except Exception as error:
                    log.error("slack_lane_failed", exc_info=error)
                    stop.wait(1.0)
                stop.wait(_LOOK_SECONDS)

    def run_once(self) -> int:
        """Say one thing at each place that is due and free; returns at how many. For tests and shutdown."""
        places = self._free_places()
        for place in places:
            self._speak_at(place)
        return len(places)

    def _start_due(self, speakers: ThreadPoolExecutor) -> None:
        for place in self._free_places():
            speakers.submit(self._speak_at, place)

    def _free_places(self) -> list[str]:
        with self._desk.database.reading() as tx:
            due = outbox.places_due(tx, self._desk.now(), outbox.LEASE * self._desk.clock.speed)
        free = []
        with self._lock:
            for place in due:
                pace = self._paces.setdefault(place, _Pace())
                if not pace.busy and pace.free_at <= monotonic():
                    pace.busy = True
                    free.append(place)
        return free

    def _speak_at(self, place: str) -> None:
        wait = self._gap_s
        try:
            wait = self._say_next(place)
        except Exception as error:
            log.error("not_told", exc_info=error)
        finally:
            with self._lock:
                self._paces[place].busy = False
                self._paces[place].free_at = monotonic() + wait

    def _say_next(self, place: str) -> float:
        """Say the most urgent thing at a place; returns after how many seconds the next may follow."""
        with self._desk.database.writing() as tx:
            lease = outbox.LEASE * self._desk.clock.speed
            row = outbox.claim_due(tx, place, self._desk.now(), lease)
        if row is None:
            return 0.0
        try:
            self._say(row)
        except NotFound:
            self._settle(row, None)
        except Unreachable as why:
            return self._wait_for_slack(row, why)
        except Refused as why:
            self._refused(row, why)
        return 0.0 if row.key.startswith("home:") else self._gap_s

    def _wait_for_slack(self, row: OutboxRow, why: Unreachable) -> float:
        """The row stays first in its line; the whole place waits, so that nothing overtakes it."""
        log.warning("slack_not_reached", key=row.key, attempts=row.attempts, retry_after=why.retry_after)
        with self._desk.database.writing() as tx:
            outbox.again(tx, row, row.not_before, str(why))
        return why.retry_after if why.retry_after is not None else min(2.0**row.attempts, 60.0)

    def _refused(self, row: OutboxRow, why: Refused) -> None:
        """A place that can't be posted to may be mended by a person; anything else never works."""
        log.error("slack_refused", key=row.key, reason=why.code)
        now = self._desk.now()
        with self._desk.database.writing() as tx:
            if why.code in NO_PLACE:
                self._directory.forget_channels(why.code)
                outbox.again(tx, row, now + outbox.TROUBLE, why.code)
                for manager in access.people_of(tx, self._desk, None, managers=True):
                    kind = "shared" if why.code == SHARED else "trouble"
                    key = f"{kind}:{row.place}:{now:%Y-%m-%d}:{manager}"
                    if outbox.post_of(tx, key) is None and row.place != manager:
                        outbox.put(tx, key, manager, now, urgency=outbox.URGENT)
            else:
                outbox.dead(tx, row, why.code)

    def _say(self, row: OutboxRow) -> None:
        telling = tell(self._desk, self._directory, row.key, row.place)
        if telling is None:
            self._settle(row, None)
        elif telling.home is not None:
            self._speaker.publish_home(row.place, telling.home)
            self._settle(row, None)
        elif telling.erases is not None and telling.post is not None:
            self._erase(row, Place(*telling.erases), telling.post)
        elif telling.post is not None:
            self._settle(row, self._stand(row, telling, telling.post), telling)

    def _require_ours(self, row: OutboxRow) -> None:
        """Who was paused past the end of its claim says nothing more: another may have said it."""
        if row.lease_until is not None and row.lease_until <= self._desk.now():
            raise Unreachable(f"{row.key} was taken too long ago to be told now.", retry_after=0.0)

    def _erase(self, row: OutboxRow, place: Place, instead: Post) -> None:
        """Take a post out of Slack; only then do we forget where it was."""
        self._speaker.erase(place, instead)
        with self._desk.database.writing() as tx:
            outbox.erased(tx, place.channel, place.ts)
            outbox.done(tx, row)

    def _stand(self, row: OutboxRow, telling: Telling, post: Post) -> Place:
        """Let the post stand in Slack: changed where it stands already, else posted anew."""
        channel = self._directory.channel(row.place)
        self._directory.require_ours(channel)
        with self._desk.database.reading() as tx:
            known = outbox.post_of(tx, telling.stands_as or row.key)
        if known is not None and known.channel == channel:
            place = Place(known.channel, known.ts)
            try:
                self._as_taken(lambda kind: self._speaker.update(place, kind), row, telling, post)
            except Refused as why:
                if why.code not in GONE:
                    raise
            else:
                return place
        thread = self._thread_root(telling, channel, row.place)
        # The key is in the mark because SQLite gives the id of a row that is gone to the next one.
        mark = f"{row.id}:{row.key}"

        def say(thread: str | None) -> Place:
            return self._as_taken(
                lambda kind: self._speaker.post(channel, kind, thread=thread, mark=mark), row, telling, post
            )

        stands = self._said_before(row, telling, post, (channel, mark, thread)) or say(thread)
        if thread is None or stands.under == thread:
            return stands
        self._speaker.delete(stands)
        self._forget_root(telling, thread)
        return say(self._thread_root(telling, channel, row.place))

    def _said_before(
        self, row: OutboxRow, telling: Telling, post: Post, where: tuple[str, str, str | None]
    ) -> Place | None:
        """Where it stands already: a row that is taken again may have been said, and the answer or we were lost.

        `where` are channel, mark and thread. What is to be said may have changed since.
        """
        found = self._speaker.find(*where) if row.attempts > 1 else None
        if found is None:
            return None
        try:
            self._as_taken(lambda kind: self._speaker.update(found, kind), row, telling, post)
        except Refused as why:
            if why.code not in GONE:
                raise
            return None
        return found

    def _forget_root(self, telling: Telling, thread: str) -> None:
        """A person deleted it, and we did not hear of that. What is written in its thread is still the case's."""
        with self._desk.database.writing() as tx:
            outbox.moved_away(tx, telling.under or "", f"gone:{thread}")

    def _as_taken(self, act: Callable[[Post], Said], row: OutboxRow, telling: Telling, post: Post) -> Said:
        """Blocks that Slack refuses must not cost a message: then the next best kind goes, at last its text alone."""
        for kind in kinds(self._speaker, telling, post):
            self._require_ours(row)
            try:
                return act(kind)
            except Refused as why:
                if why.code not in BAD_BLOCKS or not kind.blocks:
                    raise
                if has_pictures(kind) and row.attempts < _PATIENT:
                    text = f"Slack has not looked at the pictures of {row.key} yet; it is tried again."
                    raise Unreachable(text, retry_after=_PAUSES * self._gap_s) from why
                log.error("blocks_refused", reason=why.code)
        raise AssertionError("the last kind has no blocks, so it ends above")

    def _thread_root(self, telling: Telling, channel: str, place: str) -> str | None:
        """The ts of the card that the post belongs under; tells the card first if it is not there yet."""
        if telling.under is None:
            return None
        if self._ts_of(telling.under, channel) is None:
            self._say_before(telling.under, place)
        return self._ts_of(telling.under, channel)

    def _ts_of(self, key: str, channel: str) -> str | None:
        with self._desk.database.reading() as tx:
            post = outbox.post_of(tx, key)
        return post.ts if post is not None and post.channel == channel else None

    def _say_before(self, key: str, place: str) -> None:
        """Say another thing first, by a row of its own: after a crash its post can be found by that row."""
        now = self._desk.now()
        with self._desk.database.writing() as tx:
            outbox.put(tx, key, place, now)
            row = outbox.claim_due(tx, place, now, outbox.LEASE * self._desk.clock.speed, key)
        if row is None:
            raise Unreachable(f"{key} is being told by a process that has died, or was told to wait.")
        try:
            self._say(row)
        except Outside as why:
            with self._desk.database.writing() as tx:
                outbox.again(tx, row, row.not_before, str(why))
            raise

    def _settle(self, row: OutboxRow, place: Place | None, telling: Telling | None = None) -> None:
        key = row.key if telling is None else telling.stands_as or row.key
        with self._desk.database.writing() as tx:
            is_ours = outbox.done(tx, row)
            if is_ours and place is not None and telling is not None:
                outbox.posted(tx, key, (place.channel, place.ts), telling.case, self._desk.now())
        if not is_ours and place is not None:
            self._came_late(row, key, place)

    def _came_late(self, row: OutboxRow, key: str, place: Place) -> None:
        """The row was taken again while we were paused: what we said may stand beside its post, or over newer words.

        What is not noted as the post of its key goes; then the key is told once more, as the tables say it now.
        """
        log.warning("told_late", key=row.key)
        with self._desk.database.reading() as tx:
            known = outbox.post_of(tx, key)
        if known is None or known.ts != place.ts:
            with suppress(Refused):  # it is gone already
                self._speaker.delete(place)
        with self._desk.database.writing() as tx:
            outbox.put(tx, row.key, row.place, self._desk.now())
