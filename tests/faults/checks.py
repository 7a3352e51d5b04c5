"""The independent checker: what must hold after a round, whatever struck.

It asks the mail server what it accepted, the SMTP server what it was given, Slack what stands there, people what they
were promised, and the database by plain SQL; no code of the desk or of its queries. Each check gives sentences, none
if all is well.
"""

import copy
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.plain import plain
from bot.sandbox.slack.store import Message
from tests.faults.site import Site
from tests.faults.town import Town

LADDER = (("12h", 720), ("6h", 360), ("3h", 180), ("1h", 60), ("15min", 15), ("overdue", 0))
"""The stages of config/thresholds.yaml, in minutes left: written down again, most time left first."""
_TICKS = timedelta(minutes=4)
"""How late a look at the clock may come here: a few ticks, which are half a second each."""
_WAITING = timedelta(minutes=1)
_UNASKED = "unclaimed"


@dataclass(frozen=True, slots=True)
class Seen:
    """A post of the bot that stands in Slack; `key` is what its mark says it is."""

    key: str
    channel: str
    ts: str
    words: str
    buttons: frozenset[str]


@dataclass
class Facts:
    """What everybody outside the program says."""

    site: Site
    town: Town
    in_mailbox: Counter[str]
    posts: list[Seen]
    sent: list[tuple[str, bytes]]

    @property
    def by_key(self) -> dict[str, list[Seen]]:
        found: dict[str, list[Seen]] = defaultdict(list)
        for post in self.posts:
            found[post.key].append(post)
        return found


def violations(site: Site, town: Town) -> list[str]:
    """Everything that does not hold."""
    facts = _facts(site, town)
    checks = (
        _each_mail_once,
        _odd_mails_are_seen,
        _each_card_once,
        _cards_are_true,
        _nothing_twice_in_slack,
        _replies_at_most_once,
        _promises_kept,
        _answers_close_deadlines,
        _pings,
        _outbox_is_empty,
        _ledger_holds,
        _notes_kept,
    )
    return [f"{check.__name__.strip('_')}: {fault}" for check in checks for fault in check(facts)]


def _facts(site: Site, town: Town) -> Facts:
    client = site.rig.dovecot.client()
    try:
        uids = client.search()
        heads = client.fetch(uids, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]) if uids else {}
    finally:
        client.shutdown()
    names = Counter(
        str(message_from_bytes(row[b"BODY[HEADER.FIELDS (MESSAGE-ID)]"])["Message-ID"]).strip()
        for row in heads.values()
    )
    posts = [_seen(one) for one in site.rig.sandbox.call(_standing)]
    return Facts(site, town, names, posts, [(one.message_id, one.raw) for one in site.rig.relay.sent])


def _standing(core: Core) -> list[Message]:
    """The posts of the bot that stand there."""
    every = [one for posts in core.store.messages.values() for one in posts.values()]
    return copy.deepcopy([one for one in every if one.metadata and not one.is_tombstone])


def _seen(message: Message) -> Seen:
    payload: dict[str, Any] = (message.metadata or {}).get("event_payload", {})
    blocks = message.blocks or []
    buttons = {element.get("action_id", "") for block in blocks for element in block.get("elements", [])}
    words = f"{message.text}\n{plain(blocks)}"
    key = str(payload.get("id", "")).partition(":")[2]
    return Seen(key, message.channel, message.ts, words, frozenset(buttons))


# Mails


def _each_mail_once(facts: Facts) -> Iterator[str]:
    sql = facts.site.sql
    stored = Counter(dict(sql.rows("SELECT message_id, count(*) FROM mails GROUP BY message_id")))
    if waiting := sql.one("SELECT count(*) FROM mails WHERE state <> 'done'"):
        yield f"{waiting} mails were stored and not taken in"
    places = sql.rows("SELECT uidvalidity, uid FROM mails WHERE mailbox = 'nordlicht'")
    if len(set(places)) != len(places):
        yield "a mail was stored twice under one number"
    messages = Counter(dict(sql.rows("SELECT message_id, count(*) FROM messages GROUP BY message_id")))
    for mail in facts.town.mails:
        if not facts.in_mailbox[mail.message_id]:
            yield f"the mail server lost {mail}: the rig is wrong"
        if not stored[mail.message_id]:
            yield f"lost: {mail} was accepted by the mail server and never stored"
        wanted = 1 if mail.kind in ("buyer", "review") else None
        if wanted is not None and messages[mail.message_id] != wanted:
            yield f"{mail} is {messages[mail.message_id]} messages of cases instead of {wanted}"


def _odd_mails_are_seen(facts: Facts) -> Iterator[str]:
    """What is no buyer's message is a review card, or a post, or has changed what it is about."""
    sql, by_key = facts.site.sql, facts.by_key
    kinds = {
        row[0]: row[1:]
        for row in sql.rows('SELECT message_id, id, kind, mails."case", why FROM mails ORDER BY id DESC')
    }
    for mail in facts.town.mails:
        if mail.kind == "buyer" or mail.message_id not in kinds:
            continue
        number, kind, case, why = kinds[mail.message_id]
        if case is None and not by_key[f"notice:{number}"]:
            yield f"{mail} ({kind}: {why}) is in no case, and nothing in Slack speaks of it"
        if mail.kind == "notice" and len(by_key[f"notice:{number}"]) != 1:
            yield f"{mail} is told {len(by_key[f'notice:{number}'])} times"


# Cards


def _each_card_once(facts: Facts) -> Iterator[str]:
    rows = facts.site.sql.rows("SELECT number FROM cases")
    cards = Counter(post.key for post in facts.posts if post.key.startswith("card:"))
    for (number,) in rows:
        if cards[f"card:{number}"] != 1:
            yield f"case {number} has {cards[f'card:{number}']} cards"
    for key in cards:
        if (int(key.partition(":")[2]),) not in rows:
            yield f"{key} stands in Slack, and there is no such case"


def _cards_are_true(facts: Facts) -> Iterator[str]:
    """A card shows whose case it is, whether it is open, and its newest message."""
    newest = dict(
        facts.site.sql.rows(
            'SELECT messages."case", text FROM messages'
            ' WHERE id IN (SELECT max(id) FROM messages GROUP BY messages."case")'
        )
    )
    query = "SELECT number, kind, state, assignee FROM cases"
    for number, kind, state, assignee in facts.site.sql.rows(query):
        for card in facts.by_key[f"card:{number}"]:
            if (state == "open") == ("case.reopen" in card.buttons):
                yield f"case {number} is {state}, and its card has {sorted(card.buttons)}"
            if state == "open" and (assignee is None) != ("case.claim" in card.buttons):
                yield f"case {number} is {assignee}'s, and its card has {sorted(card.buttons)}"
            if state == "open" and kind == "buyer" and newest[number].split()[-1] not in card.words:
                yield f"the card of case {number} does not show its newest message {newest[number]!r}"


def _nothing_twice_in_slack(facts: Facts) -> Iterator[str]:
    for key, posts in facts.by_key.items():
        if len(posts) > 1:
            yield f"doubled: {key} stands {len(posts)} times: {[(one.channel, one.ts) for one in posts]}"
    messages = dict(facts.site.sql.rows("SELECT message_id, id FROM messages"))
    for mail in facts.town.mails:
        key = f"message:{messages.get(mail.message_id)}"
        spoken = [post for post in facts.by_key[key] if mail.word in post.words]
        if mail.kind == "buyer" and len(facts.by_key[key]) != len(spoken):
            yield f"{key} does not say what {mail} said"


# Replies


def _body(raw: bytes) -> bytes:
    found = message_from_bytes(raw, policy=policy.default).get_payload(decode=True)
    assert isinstance(found, bytes)
    return found.replace(b"\r\n", b"\n").removesuffix(b"\n")


def _replies_at_most_once(facts: Facts) -> Iterator[str]:
    bodies = [(name, _body(raw)) for name, raw in facts.sent]
    names = Counter(name for name, _body_ in bodies)
    for name, count in names.items():
        if count > 1:
            yield f"doubled: the SMTP server has {name} {count} times"
    words = [f"is {reply.word}.".encode() for reply in facts.town.replies]
    for name, body in bodies:
        if not any(word in body for word in words) and body.decode() not in facts.town.in_bulk:
            yield f"the SMTP server has {name}, which nobody was shown: {body!r}"
    states = {
        row[0]: row[1:] for row in facts.site.sql.rows("SELECT message_id, state, id, text FROM replies")
    }
    for reply in facts.town.replies:
        got = [(name, body) for name, body in bodies if f"is {reply.word}.".encode() in body]
        if len(got) > 1:
            yield f"doubled: the words of {reply.word} reached the SMTP server {len(got)} times"
        for name, body in got:
            if body != reply.shown.encode():
                yield f"{reply.word} differs from its preview: {body!r} and {reply.shown!r}"
            state = states.get(name, ("no reply at all",))[0]
            if state not in ("accepted", "bounced"):
                yield f"the SMTP server has {reply.word}, and for us it is {state}"
    for name, (state, number, text) in states.items():
        if state in ("held", "queued", "sending", "unsure"):
            yield f"reply {number} is still {state}"
        if state == "accepted" and not names[name]:
            yield f"lost: reply {number} is accepted, and the SMTP server never got it: {text!r}"
        if state == "failed" and not facts.by_key[f"reply:{number}"]:
            yield f"reply {number} failed, and nothing in Slack shows it"


def _promises_kept(facts: Facts) -> Iterator[str]:
    texts = [row[0] for row in facts.site.sql.rows("SELECT text FROM replies WHERE state <> 'draft'")]
    drafts = [row[0] for row in facts.site.sql.rows("SELECT text FROM replies WHERE state = 'draft'")]
    decided = facts.site.sql.one(
        "SELECT count(*) FROM ledger WHERE what IN ('reply_decided', 'reply_undone')"
    )
    for reply in facts.town.replies:
        found = sum(f"is {reply.word}." in text for text in texts)
        if found > 1:
            yield f"{reply.word} was stored {found} times"
        in_drafts = decided and any(f"is {reply.word}." in text for text in drafts)
        if reply.promised and not found and not in_drafts:
            yield f"lost: {reply.by} was told that {reply.word} leaves, and nothing is known of it"
    rows = facts.site.sql.rows("SELECT ledger.\"case\", who FROM ledger WHERE what = 'no_response_needed'")
    done = Counter((case, who) for case, who in rows)
    for promise, count in facts.town.excused.items():
        if done[promise] < count:
            yield f"lost: {promise} said {count} times that no response is needed, recorded {done[promise]} times"


def _answers_close_deadlines(facts: Facts) -> Iterator[str]:
    rows = facts.site.sql.rows(
        "SELECT deadlines.message, replies.id FROM deadlines"
        ' JOIN replies ON replies."case" = deadlines."case" AND replies.answers >= deadlines.message'
        " WHERE deadlines.state = 'open' AND replies.state = 'accepted'"
    )
    undone = {
        row[0] for row in facts.site.sql.rows("SELECT message FROM deadlines WHERE closed_by LIKE 'reply:%'")
    }
    for message, reply in rows:
        bounced_later = facts.site.sql.one(
            "SELECT count(*) FROM replies AS other JOIN replies AS this ON this.id = ?"
            ' WHERE other.state = \'bounced\' AND other."case" = this."case" AND other.answers >= ?',
            reply,
            message,
        )
        if not bounced_later and message not in undone:
            yield f"reply {reply} is accepted, and message {message}, which it answers, is open"
    wrong = "SELECT message, anchor, due_at FROM deadlines"
    for message, anchor, due_at in facts.site.sql.rows(wrong):
        span = facts.site.sql.read_instant(due_at) - facts.site.sql.read_instant(anchor)
        if span != timedelta(hours=24):
            yield f"the deadline of message {message} is {span} long"


# Pings


def _pings(facts: Facts) -> Iterator[str]:
    sql = facts.site.sql
    due = {
        row[0]: (sql.read_instant(row[1]), row[2])
        for row in sql.rows("SELECT message, due_at, state FROM deadlines")
    }
    at_once: dict[tuple[int, datetime], set[str]] = defaultdict(set)
    for message, stage, addressee, stored in sql.rows("SELECT message, stage, addressee, at FROM pings"):
        at = sql.read_instant(stored)
        if stage != _UNASKED:
            at_once[message, at].add(stage)
        key = f"ping:{message}:{stage}:{addressee}"
        is_post = addressee == "thread" or addressee[:1] == "U"
        if (
            is_post
            and not facts.by_key[key]
            and not (facts.site.has_rota or _was_acted_on(facts, message, at))
        ):
            yield f"lost: {key} was recorded at {at}, and nobody was told"
    for (message, at), stages in at_once.items():
        left = due[message][0] - at
        reached = [name for name, minutes in LADDER if left <= timedelta(minutes=minutes)]
        if len(stages) > 1:
            yield f"message {message} was pinged at {sorted(stages)} in one look, {left} before its end"
        elif not facts.site.has_rota and reached[-1:] != sorted(stages):
            yield f"message {message} was pinged at {sorted(stages)}, with {left} left"
    yield from _none_forgotten(facts, due)


def _was_acted_on(facts: Facts, message: int, since: datetime) -> bool:
    """Whether somebody took the case, or it was answered, before the ping could be told: then it is not.

    What a person does counts from the click, and may wait some seconds for the database after it.
    """
    sql = facts.site.sql
    return bool(
        sql.one(
            'SELECT count(*) FROM ledger JOIN messages ON messages."case" = ledger."case"'
            " WHERE messages.id = ? AND ledger.at >= ?"
            " AND (ledger.who LIKE 'U%' OR ledger.what = 'reply_copied')",
            message,
            sql.instant(since - _WAITING),
        )
    )


def _none_forgotten(facts: Facts, due: dict[int, tuple[datetime, str]]) -> Iterator[str]:
    """The earliest open deadline of a case was pinged at the stage that it has reached by now."""
    if facts.site.has_rota:
        return
    sql, now = facts.site.sql, facts.site.clock.now()
    made = set(sql.rows("SELECT message, stage FROM pings"))
    first: dict[int, int] = {}
    for message, case in sql.rows(
        "SELECT message, deadlines.\"case\" FROM deadlines WHERE state = 'open' ORDER BY due_at DESC, message DESC"
    ):
        first[case] = message
    for message in first.values():
        left = due[message][0] - (now - _TICKS)
        reached = [name for name, minutes in LADDER if left <= timedelta(minutes=minutes)]
        if reached and (message, reached[-1]) not in made:
            yield f"lost: message {message} has {left} left, and was not pinged at {reached[-1]}"


# What is left over


def _outbox_is_empty(facts: Facts) -> Iterator[str]:
    """What a person shall hear only when their night is over may wait, as long as nobody tried to send it."""
    sql = facts.site.sql
    left = "SELECT key, state, attempts, reason FROM outbox WHERE attempts > 0 OR state <> 'queued' OR not_before <= ?"
    for key, state, attempts, reason in sql.rows(left, sql.instant(facts.site.clock.now())):
        yield f"{key} is still {state} after {attempts} attempts: {reason}"


def _ledger_holds(facts: Facts) -> Iterator[str]:
    """The chain, computed anew from its description in docs."""
    before = "0" * 64
    rows = facts.site.sql.rows(
        'SELECT seq, at, who, what, store, ledger."case", facts, hash FROM ledger ORDER BY seq'
    )
    for place, (seq, at, who, what, store, case, told, stored) in enumerate(rows, 1):
        facts_ = json.loads(told) if isinstance(told, str) else told
        instant = facts.site.sql.read_instant(at).astimezone(UTC).isoformat(timespec="microseconds")
        body = [before, seq, instant, who, what, store, case, facts_]
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        if seq != place or before != stored:
            yield f"the ledger is broken at {seq}"
            return


def _notes_kept(facts: Facts) -> Iterator[str]:
    notes = Counter(row[0] for row in facts.site.sql.rows("SELECT text FROM notes"))
    given_up = {
        str(event.get("text")) for event in facts.site.rig.sandbox.call(lambda core: core.undelivered)
    }
    for words in facts.town.notes:
        if notes[words] != 1:
            told = ", and Slack has given up telling us" if words in given_up else ""
            what = "doubled" if notes[words] else "lost"
            yield f"{what}: {words!r} was typed once, noted {notes[words]} times{told}"
