"""The outbox: what Slack has to be told. Keys only; the words are rendered when a row is sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from bot.clock import AHEAD
from bot.db.tables import OutboxRow, PostRow

LEASE = timedelta(seconds=60)
TROUBLE = timedelta(minutes=5)
"""So long what can't be posted to its place waits: a person has to mend something."""
NORMAL = 5
URGENT = 1


@dataclass(frozen=True, slots=True)
class Put:
    """One thing to be told: what, where, how urgently."""

    key: str
    place: str
    urgency: int = NORMAL


def put(
    tx: Session,
    key: str,
    place: str,
    now: datetime,
    *,
    urgency: int = NORMAL,
    not_before: datetime | None = None,
) -> None:
    """Say that `key` is to be told at `place`; many puts before it is sent are one post."""
    put_all(tx, [Put(key, place, urgency)], now, not_before=not_before)


def put_all(tx: Session, puts: Sequence[Put], now: datetime, *, not_before: datetime | None = None) -> None:
    """Say that these are to be told, each once."""
    if not puts:
        return
    is_sqlite = tx.get_bind().dialect.name == "sqlite"
    statement = (sqlite.insert if is_sqlite else postgresql.insert)(OutboxRow)
    earlier = func.min if is_sqlite else func.least
    start = not_before or now
    rows = {
        one.key: {
            "key": one.key,
            "place": one.place,
            "urgency": one.urgency,
            "state": "queued",
            "created_at": now,
            "not_before": start,
            "attempts": 0,
        }
        for one in sorted(puts, key=lambda one: (one.key, -one.urgency))
    }
    # DO UPDATE, not DO NOTHING: it locks the waiting row until we commit. Otherwise a worker could
    # send it now, from what the tables say before our change, and ours would never show.
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            index_where=text("state = 'queued'"),
            set_={
                "urgency": earlier(OutboxRow.urgency, statement.excluded.urgency),
                "not_before": earlier(OutboxRow.not_before, statement.excluded.not_before),
                "place": statement.excluded.place,
            },
        ),
        list(rows.values()),
    )


def _free(now: datetime, lease: timedelta) -> ColumnElement[bool]:
    """What may be taken. A key that is being told is left alone until that is settled or its lease ends.

    Otherwise the change that came after a crash would be posted beside the post that the crash left. A lease that seems
    to last longer than `lease` was taken by a clock that has been set back since.
    """
    told = aliased(OutboxRow)
    is_being_told = select(told.id).where(told.key == OutboxRow.key, told.state == "sending").exists()
    return or_(
        and_(OutboxRow.state == "queued", ~is_being_told),
        and_(
            OutboxRow.state == "sending",
            or_(OutboxRow.lease_until <= now, OutboxRow.lease_until > now + lease + AHEAD),
        ),
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its time has come, or it was to be told at once by a clock that has been set back since.

    What was tried, and put off by this clock, is put off no longer than TROUBLE.
    """
    is_of_old_time = or_(OutboxRow.attempts == 0, OutboxRow.not_before > now + TROUBLE + AHEAD)
    at_once = and_(is_of_old_time, OutboxRow.not_before <= OutboxRow.created_at)
    return or_(OutboxRow.not_before <= now, and_(at_once, OutboxRow.created_at > now + AHEAD))


def places_due(tx: Session, now: datetime, lease: timedelta = LEASE) -> list[str]:
    """Places that have something to be told at `now`, the most urgent first."""
    rows = tx.execute(
        select(OutboxRow.place)
        .where(_is_due(now), _free(now, lease))
        .group_by(OutboxRow.place)
        .order_by(func.min(OutboxRow.urgency), func.min(OutboxRow.id))
    )
    return [row.place for row in rows]


def claim_due(
    tx: Session, place: str, now: datetime, lease: timedelta = LEASE, key: str | None = None
) -> OutboxRow | None:
    """Take the most urgent row of `place` that may go out at `now`; it is ours for the lease.

    With `key` it is the row of that key or none. Two workers never get the same row: PostgreSQL skips
    locked rows, and SQLite ignores that clause because its transactions already exclude each other.
    """
    ready = (
        select(OutboxRow.id)
        .where(OutboxRow.place == place, _is_due(now), _free(now, lease))
        .where(OutboxRow.key == key if key else true())
        .order_by(OutboxRow.urgency, OutboxRow.not_before, OutboxRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return tx.scalars(
        update(OutboxRow)
        .where(OutboxRow.id == ready)
        .values(state="sending", lease_until=now + lease, attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow)
    ).one_or_none()


def done(tx: Session, row: OutboxRow) -> bool:
    """The row was told. A worker that woke too late (the row was taken again) changes nothing, and gets False."""
    gone = delete(OutboxRow).where(OutboxRow.id == row.id, OutboxRow.attempts == row.attempts)
    return tx.scalar(gone.returning(OutboxRow.id)) is not None


def again(tx: Session, row: OutboxRow, not_before: datetime, reason: str) -> None:
    """The row could not be told now; it is due again at `not_before`.

    If the same key was put meanwhile, that newer row goes: by the id of this one it can be found out
    whether the post is there already, though its answer was lost.
    """
    is_ours = (OutboxRow.id == row.id, OutboxRow.attempts == row.attempts)
    if tx.scalar(select(OutboxRow.id).where(*is_ours).with_for_update()) is None:
        return
    newer = tx.execute(
        delete(OutboxRow)
        .where(OutboxRow.key == row.key, OutboxRow.state == "queued")
        .returning(OutboxRow.urgency)
    ).one_or_none()
    tx.execute(
        update(OutboxRow)
        .where(*is_ours)
        .values(
            state="queued",
            urgency=min(row.urgency, newer.urgency) if newer else row.urgency,
            not_before=not_before,
            lease_until=None,
            reason=reason,
        )
    )


def dead(tx: Session, row: OutboxRow, reason: str) -> None:
    """Slack refused the row for good; it is kept for a person to see."""
    tx.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id, OutboxRow.attempts == row.attempts)
        .values(state="dead", lease_until=None, reason=reason)
    )


def post_of(tx: Session, key: str) -> PostRow | None:
    """Where the thing named `key` was posted."""
    return tx.get(PostRow, key)


def known(tx: Session, keys: Collection[str]) -> frozenset[str]:
    """Which of the things named `keys` were posted, wait to be, or were refused by Slack for good."""
    stand = select(PostRow.key).where(PostRow.key.in_(keys))
    return frozenset(tx.scalars(stand.union(select(OutboxRow.key).where(OutboxRow.key.in_(keys)))))


def posted(tx: Session, key: str, post: tuple[str, str], case: int | None, now: datetime) -> None:
    """Remember that `key` stands at `post` (channel id, ts); replaces an earlier place.

    What people go on writing in the thread of a card that stood elsewhere still belongs to its case.
    """
    earlier = tx.get(PostRow, key)
    if earlier is not None and (earlier.channel, earlier.ts) != post and key.startswith("card:"):
        moved_away(tx, key, f"gone:{earlier.ts}")
        tx.expunge(earlier)
    tx.merge(PostRow(key=key, channel=post[0], ts=post[1], case=case, posted_at=now))


def case_at(tx: Session, channel: str, ts: str) -> int | None:
    """Number of the case that the post at `channel`, `ts` belongs to."""
    return tx.scalar(select(PostRow.case).where(PostRow.channel == channel, PostRow.ts == ts).limit(1))


def posts_in_channels(tx: Session, since: datetime, until: datetime) -> int:
    """How many posts were made or changed in channels (not direct messages) after an instant, up to another."""
    query = select(func.count()).where(
        PostRow.posted_at > since, PostRow.posted_at <= until, PostRow.channel.not_like("D%")
    )
    return tx.scalar(query) or 0


def is_card_on_its_way(tx: Session) -> bool:
    """Whether some card may stand in Slack already, and we do not know yet where."""
    found = select(OutboxRow.id).where(OutboxRow.key.startswith("card:"), OutboxRow.attempts > 0)
    return tx.scalar(found.where(OutboxRow.state != "dead").limit(1)) is not None


def post_at(tx: Session, channel: str, ts: str) -> PostRow | None:
    """What we know of the post at `channel`, `ts`."""
    return tx.scalar(select(PostRow).where(PostRow.channel == channel, PostRow.ts == ts).limit(1))


def was_posted_between(tx: Session, since: datetime, until: datetime) -> bool:
    """Whether a post is known that was made between two instants."""
    between = select(PostRow.key).where(PostRow.posted_at > since, PostRow.posted_at < until)
    return tx.scalar(between.limit(1)) is not None


def moved_away(tx: Session, key: str, name: str) -> None:
    """The post of `key` is no longer there; its place is remembered under another name.

    That may have been said before: an answer that came late brought the place back since.
    """
    if tx.scalar(select(PostRow.key).where(PostRow.key == key)) is not None:
        tx.execute(delete(PostRow).where(PostRow.key == name))
        tx.execute(update(PostRow).where(PostRow.key == key).values(key=name))


def erased(tx: Session, channel: str, ts: str) -> None:
    """Nothing of ours stands at `channel`, `ts` any more."""
    tx.execute(delete(PostRow).where(PostRow.channel == channel, PostRow.ts == ts))
