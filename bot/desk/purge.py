"""Removing personal data that are due, from the tables and from Slack. Rules: domain/purge.py.

A case goes in one transaction with its record in the ledger and with the outbox rows that take it out of Slack: after
a crash it is whole or gone. What people themselves wrote in a thread no bot can delete; mailboxes and backups are
other copies. Whoever reads a report is told so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.db.queries import ledger, merging, outbox
from bot.db.queries import purge as queries
from bot.db.tables import CaseRow, PostRow
from bot.desk import ROBOT, Desk
from bot.domain.purge import POSTS, Candidate, due_at, obstacle
from bot.log import get_logger

log = get_logger()

_SLOWLY = outbox.NORMAL + 4
"""Nothing that people wait for stands behind a post that goes."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a purge removed, or would remove. `rows`: by table; `posts`: in Slack, said anew or erased.

    `by_people`: how many posts people typed in the threads of these cases. `failed`: cases that could not be purged,
    because of a fault of the program; the log says more.
    """

    as_of: datetime
    keep_days: int
    cases: tuple[int, ...]
    held: tuple[Candidate, ...]
    waiting: tuple[Candidate, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    posts: Mapping[str, int] = field(default_factory=dict)
    by_people: int = 0
    failed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed, or would be, at one place; as in a Report."""

    rows: Mapping[str, int]
    posts: Mapping[str, int]
    by_people: int = 0


def purge(desk: Desk, *, dry_run: bool = False) -> Report:
    """Remove all that is due. A dry run looks, and changes nothing. Safe to run twice, and at two places at once."""
    now = desk.now()
    due, held, waiting = _due(desk, now)
    found: dict[int, Removed] = {}
    failed = []
    for number in due:
        try:
            one = _look(desk, number) if dry_run else purge_case(desk, number)
        except Exception as error:
            log.error("case_not_purged", case=number, exc_info=error)
            failed.append(number)
        else:
            found |= {number: one} if one else {}
    loose = _look_loose(desk) if dry_run else purge_loose(desk)
    every = (*found.values(), loose)
    posts = _sum(one.posts for one in every)
    if posts and not dry_run:
        _refresh_homes(desk)
    return Report(
        as_of=now,
        keep_days=desk.settings.records.purge_days,
        cases=tuple(found),
        held=held,
        waiting=waiting,
        rows=_sum(one.rows for one in every),
        posts=posts,
        by_people=sum(one.by_people for one in every),
        failed=tuple(failed),
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


def _keep(desk: Desk) -> timedelta:
    return timedelta(days=desk.settings.records.purge_days)


def _due(desk: Desk, now: datetime) -> tuple[list[int], tuple[Candidate, ...], tuple[Candidate, ...]]:
    """Cases to purge, and those that are due but held, or wait for an answer."""
    found: dict[str | None, list[Candidate]] = {None: [], "held": [], "waits": []}
    with desk.database.reading() as tx:
        for number in queries.unpurged(tx, now - _keep(desk)):
            one = queries.candidate(tx, number)
            if due_at(one, _keep(desk)) <= now:
                found[obstacle(one, now)].append(one)
    return [one.case for one in found[None]], tuple(found["held"]), tuple(found["waits"])


def purge_case(desk: Desk, number: int) -> Removed | None:
    """Remove the personal data of a case and of what was merged into it; None if it is not due any more."""
    now = desk.now()
    with desk.database.writing() as tx:
        case = merging.locked_working(tx, number)
        if case is None or case.number != number or case.purged_at is not None:
            return None
        one = queries.candidate(tx, number)
        if due_at(one, _keep(desk)) > now or obstacle(one, now) is not None:
            return None
        family = merging.family(tx, number)
        by_people = queries.typed_in_threads(tx, family)
        rows = queries.blank(tx, family, now)
        posts = _take_out_of_slack(tx, queries.posts_of(tx, family), now)
        facts: dict[str, Any] = {"cases": family, "rows": dict(rows), "posts": dict(posts)}
        ledger.record(tx, now, ROBOT, "purged", store=case.store, case=number, **facts)
        return Removed(rows, posts, by_people)


def _look(desk: Desk, number: int) -> Removed:
    with desk.database.reading() as tx:
        family = merging.family(tx, number)
        fates = Counter(fate_of(row) for row in queries.posts_of(tx, family))
        posts = {fate: n for fate, n in fates.items() if fate != "kept"}
        return Removed(queries.count(tx, family), posts, queries.typed_in_threads(tx, family))


def purge_loose(desk: Desk) -> Removed:
    """Remove personal data that hang on no case: mails that became none, notes of handovers, lists in Slack."""
    now = desk.now()
    before = now - _keep(desk)
    with desk.database.writing() as tx:
        rows = queries.blank_loose(tx, before)
        posts = _take_out_of_slack(tx, queries.loose_posts(tx, before), now)
        if any(rows.values()) or posts:
            ledger.record(tx, now, ROBOT, "purged", rows=dict(rows), posts=dict(posts))
        return Removed(rows, posts)


def _look_loose(desk: Desk) -> Removed:
    before = desk.now() - _keep(desk)
    with desk.database.reading() as tx:
        erased = len(queries.loose_posts(tx, before))
        return Removed(queries.count_loose(tx, before), {"erased": erased} if erased else {})


def fate_of(row: PostRow) -> str:
    """again, erased or kept: what becomes of a post. One of a kind that nobody knows any more goes."""
    return POSTS.get(row.key.partition(":")[0], "erased")


def _take_out_of_slack(tx: Session, rows: Sequence[PostRow], now: datetime) -> Mapping[str, int]:
    """Let posts be said anew, from the tables as they are now, or taken away; returns how many of each."""
    done: Counter[str] = Counter()
    puts = []
    for row in rows:
        fate = fate_of(row)
        if fate == "erased":
            puts.append(outbox.Put(f"erase:{row.channel}:{row.ts}", row.channel, _SLOWLY))
        elif fate == "again" and row.case is not None:
            place = tx.get_one(CaseRow, row.case).channel
            puts.append(outbox.Put(f"card:{row.case}", place, _SLOWLY))
        else:
            continue
        done[fate] += 1
    outbox.put_all(tx, puts, now)
    return done


def _refresh_homes(desk: Desk) -> None:
    """A home page that nobody opened since shows what was on it then."""
    with desk.database.writing() as tx:
        puts = [outbox.Put(f"home:{person}", person, _SLOWLY) for person in queries.watchers(tx)]
        outbox.put_all(tx, puts, desk.now())
