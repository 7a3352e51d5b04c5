"""Invented cases for the tests of views, and one list of every view there is.

`Words` are what other people wrote: the tests plant nasty ones in every field that has any.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.departure import NOT_LOOKED_AT, STOPPED
from bot.domain.policy import Finding
from bot.domain.policy.rewrites import Edit, Rewrite
from bot.domain.sla import Figures
from bot.domain.snapshots import (
    Board,
    CaseSnapshot,
    MessageSnapshot,
    NoteSnapshot,
    NoticeSnapshot,
    Preview,
    QueueLine,
    ReplySnapshot,
)
from bot.errors import NotAllowed
from bot.slack.blocks import Block, Post, TemplateChoice
from bot.slack.texts import Say, error_text
from bot.slack.views import board, case_card, home, lists, modals, pings, reply_modal, thread

NOW = datetime(2026, 11, 24, 1, 20, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
LI_WEI, ANNA = "U0LIWEI", "U0ANNA"
MESSAGE = 7


@dataclass(frozen=True)
class Words:
    """Everything in a view that somebody else wrote."""

    text: str = "Guten Tag, mein Paket ist seit fünf Tagen unterwegs."
    name: str = "Katrin Muster"
    short: str = "Lieferung"
    file: str = "foto.jpg"
    order: str = "305-1234567-1234567"
    asin: str = "B0EXAMPLE1"


PLAIN = Words()
READ = (
    "delivery: “where is my parcel” ('where .. parcel|package'), 'tracking'; "
    "similar to messages about parcels that have not come; anger: written in capitals; "
    "safety: similar to messages about injuries",
    "thanks: only thanks; no reply needed: only thanks",
    "other: no phrase of any topic",
    "refund: phrases and similar messages point to different topics; no reply needed: 'all good'",
)
"""Reasons as triage gives them."""


def message(
    number: int = MESSAGE, words: Words = PLAIN, *, due: datetime | None = DUE, state: str = "open"
) -> MessageSnapshot:
    return MessageSnapshot(
        id=number,
        received_at=DUE - 24 * HOUR,
        text=words.text,
        full_text=words.text,
        lang="de",
        attachments=((words.file, 1200, "program"),),
        due_at=due,
        deadline_state=state if due else None,
    )


def reply(state: str = "accepted", words: Words = PLAIN, *, reason: str | None = None) -> ReplySnapshot:
    return ReplySnapshot(
        id=88,
        author=ANNA,
        state=state,
        template="late-de",
        text=words.text,
        then_close=True,
        created_at=NOW - timedelta(seconds=10),
        not_before=NOW + timedelta(seconds=45),
        accepted_at=NOW if state == "accepted" else None,
        ended_at=None,
        reason=reason,
    )


def case(words: Words = PLAIN, **changes: object) -> CaseSnapshot:
    """A new case of a German buyer, 6 h 20 min before its deadline; `changes` are fields of the snapshot."""
    new = CaseSnapshot(
        number=1042,
        kind="buyer",
        store="nordlicht",
        store_name="Nordlicht",
        marketplace="DE",
        channel="C0DE",
        order_id=words.order,
        asin=words.asin,
        buyer_name=words.name,
        buyer_alias="x1y2@marketplace.amazon.example",
        subject=words.short,
        lang="de",
        topic="delivery",
        risk=(),
        needs_reply=True,
        why=words.short,
        state="open",
        closed_by=None,
        assignee=None,
        assigned_at=None,
        snoozed_until=None,
        escalated_at=None,
        opened_at=DUE - 24 * HOUR,
        closed_at=None,
        version=3,
        messages=(message(words=words),),
        replies=(),
        notes=(),
        as_of=NOW,
    )
    return replace(new, **changes)


def cases(words: Words = PLAIN) -> dict[str, CaseSnapshot]:
    """A case in each state that a card can have, and review cards."""
    mine = {"assignee": LI_WEI, "assigned_at": NOW - HOUR}
    answered = (message(words=words, state="met"),)
    new = case(words)
    return {
        "new": new,
        "quiet": replace(new, needs_reply=False),
        "risky": replace(new, risk=("safety", "legal"), topic="damaged_defective"),
        "bare": case(
            words, order_id=None, asin=None, buyer_name=None, lang=None, topic=None, marketplace=None
        ),
        "claimed": case(words, **mine),
        "sending": case(words, **mine, replies=(reply("held", words),)),
        "answered": case(words, **mine, messages=answered, replies=(reply("accepted", words),)),
        "closed": case(words, **mine, messages=answered, state="closed", closed_by="copy", closed_at=NOW),
        "folded": case(
            words,
            **mine,
            messages=answered,
            replies=(reply("accepted", words),),
            state="closed",
            closed_by="reply",
            closed_at=NOW,
        ),
        "overdue": case(words, as_of=DUE + 1 * HOUR),
        "failed": case(words, **mine, replies=(reply("failed", words, reason=words.short),)),
        "unsure": case(words, **mine, replies=(reply("unsure", words, reason=words.short),)),
        "bounced": case(words, **mine, replies=(reply("bounced", words, reason=words.short),)),
        "no_response_needed": case(
            words,
            **mine,
            messages=answered,
            state="closed",
            closed_by="no_response_needed",
            excused_by=ANNA,
            closed_at=NOW,
        ),
        "snoozed": case(
            words, **mine, snoozed_until=NOW + HOUR, escalated_at=NOW, replies=(reply("draft", words),)
        ),
        "review": case(words, kind="review", buyer_name=None, topic=None, channel="C0REVIEW"),
        "reviewed": case(
            words, kind="review", **mine, state="closed", closed_by="no_response_needed", closed_at=NOW
        ),
        "without messages": case(words, messages=()),
        "photo": case(words, messages=(replace(message(words=words), text=""),)),
        "unseen": case(words, messages=(replace(message(words=words), text="\u200b\u200c\u3164"),)),
        "long": case(
            words,
            **mine,
            messages=tuple(message(n, words) for n in range(1, 40)),
            replies=tuple(reply("accepted", words) for _ in range(30)),
            notes=tuple(NoteSnapshot(ANNA, words.text, NOW) for _ in range(30)),
        ),
    }


def choices(count: int, words: Words = PLAIN) -> tuple[TemplateChoice, ...]:
    return tuple(TemplateChoice(f"late-{n}", f"{n} {words.short}"[:200]) for n in range(count))


def queue(count: int = 3, words: Words = PLAIN) -> tuple[QueueLine, ...]:
    """Lines of a queue: every third is unclaimed, the first is overdue, the last is a mail to look at."""
    return tuple(
        QueueLine(
            number=1042 + n,
            kind="review" if n == count - 1 else "buyer",
            store="nordlicht",
            store_name="Nordlicht",
            marketplace="DE",
            first_name=words.name.split()[0],
            topic="refund",
            assignee=None if n % 3 == 0 else LI_WEI,
            due_at=None if n == 4 else NOW + (n - 1) * HOUR,
            channel="C0DE",
            snoozed_until=NOW + HOUR if n == 3 else None,
        )
        for n in range(count)
    )


def figures(**changes: object) -> Figures:
    good = Figures(
        received=20,
        in_time=18,
        late=0,
        overdue=0,
        waiting=1,
        excused=1,
        response_rate=1.0,
        late_response_rate=0.0,
        average_seconds=8000.0,
        median_seconds=7200.0,
        closing_rate=0.95,
        p90_seconds=18_300.0,
        resolved=9,
        unresolved=3,
        undecided=6,
        first_contact_resolution=0.75,
        handled=18,
        handle_seconds=780.0,
    )
    return replace(good, **changes)


NOTHING = figures(
    received=0,
    in_time=0,
    waiting=0,
    excused=0,
    response_rate=None,
    late_response_rate=None,
    average_seconds=None,
    median_seconds=None,
    closing_rate=None,
    p90_seconds=None,
    resolved=0,
    unresolved=0,
    undecided=0,
    first_contact_resolution=None,
    handled=0,
    handle_seconds=None,
)


def sla(words: Words = PLAIN, lines: int = 3) -> Board:
    late = figures(
        in_time=140, late=10, response_rate=0.9333, late_response_rate=0.0667, average_seconds=30_000.0
    )
    bad = figures(in_time=8, late=2, response_rate=0.8, late_response_rate=0.2, closing_rate=0.5)
    return Board(
        as_of=NOW,
        zone="Europe/Berlin",
        store=None,
        store_name="",
        open_cases=23,
        unclaimed=4,
        by_time_left=(1, 1, 2, 3, 9, 7),
        at_risk=queue(lines, words),
        periods=(("today", NOTHING), ("7d", figures()), ("30d", late), ("90d", bad)),
        people=((LI_WEI, 3, 8), (ANNA, 0, 1)),
        waiting_mails=2,
        stuck_replies=1,
    )


def notice(kind: str, what: str | None, words: Words = PLAIN) -> NoticeSnapshot:
    return NoticeSnapshot(5, kind, what, "Nordlicht", words.order, words.short, 1042, NOW)


def findings(words: Words = PLAIN) -> tuple[Finding, ...]:
    return (
        Finding("missing_parts", "warn", 0, 0, "", "A part is missing.", "Add it."),
        Finding("external_link", "block", 0, 9, words.text, "Amazon forbids links.", "Remove the link."),
    )


def rewrites(words: Words = PLAIN) -> tuple[Rewrite, ...]:
    return (
        Rewrite("external_link", ("external_link",), (Edit(0, 9),), (words.text,), "You can reply here."),
        Rewrite("part_thanks", ("missing_parts",), (Edit(0, 0, "Thank you."),), new="Thank you."),
    )


def shown(verdict: str, found: tuple[Finding, ...], words: Words = PLAIN) -> Preview:
    made = rewrites(words) if found else ()
    return Preview(words.text[:3000], "f" * 64, found, verdict, 45, MESSAGE, rewrites=made)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Each view there is, in each state that it has, by name."""
    yield from _cards(say, words)
    yield from _threads(say, words)
    yield from _pings(say, words)
    yield from _reply_modals(say, words)
    yield from _modals(say, words)
    yield from _pages(say, words)


def _cards(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    for name, one in cases(words).items():
        yield f"card {name}", case_card.card(one, say, choices(2, words), choices(100, words))


def _threads(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    states = cases(words)
    for name in ("new", "claimed", "overdue"):
        yield f"buyer message {name}", thread.buyer_message(states[name], states[name].messages[0], say)
    for state in ("held", "queued", "sending", "accepted", "failed", "bounced", "unsure", "withdrawn"):
        for reason in (None, words.short, STOPPED, NOT_LOOKED_AT):
            one = reply(state, words, reason=reason)
            yield f"reply {state} {str(reason)[:20]}", thread.reply_state(states["claimed"], one, say)
    yield "note", thread.note(states["new"], NoteSnapshot(ANNA, words.text, NOW), say)
    for name in ("new", "closed"):
        yield f"copy {name}", thread.copy(states[name], notice("reply_copy", None, words), say)
    for kind, what in (
        *(
            ("amazon_notice", what)
            for what in ("cancel_request", "return_request", "refund", "a_to_z", "other")
        ),
        ("auto_reply", None),
        ("bounce", None),
    ):
        yield f"notice {kind} {what}", thread.notice(notice(kind, what, words), say, (LI_WEI,))
    yield (
        "notice of no case",
        thread.notice(replace(notice("amazon_notice", None, words), case=None, order_id=None), say),
    )


def _pings(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    states = cases(words)
    for stage in ("6h", "3h", "1h", "15min", "overdue"):
        for name in ("new", "claimed", "overdue", "review"):
            yield f"ping {stage} {name}", pings.ping(states[name], stage, say, (LI_WEI,))
            yield f"ping to {stage} {name}", pings.ping(states[name], stage, say, to=ANNA)
            yield (
                f"ping instead {stage} {name}",
                pings.ping(states[name], stage, say, (ANNA,), muted_until=NOW),
            )
        more = replace(states["overdue"].messages[-1], due_at=DUE + 4 * HOUR)
        late = replace(states["overdue"], messages=(*states["overdue"].messages, more))
        yield f"ping {stage} overdue, written again", pings.ping(late, stage, say, (LI_WEI,))
        for count in (1, 60):
            yield f"due list {stage} {count}", pings.due_list(queue(count, words), stage, say, NOW, (ANNA,))
            again = {one.number: DUE + 4 * HOUR for one in queue(count, words)}
            staffed = pings.due_list(
                queue(count, words), stage, say, NOW, (ANNA,), is_staffed=True, ahead=again
            )
            yield f"due list {stage} {count}, staffed", staffed
    asked = replace(states["claimed"], escalated_at=NOW, notes=(NoteSnapshot(ANNA, words.text, NOW),))
    for name, one in {**states, "asked": asked}.items():
        yield f"unclaimed {name}", pings.unclaimed(one, say, (LI_WEI,))
        yield f"assigned {name}", pings.assigned(one, say)
        yield f"taken {name}", pings.taken(one, say)
        yield f"woken {name}", pings.woken(one, say)
        yield f"escalated {name}", pings.escalated(one, say, (LI_WEI,))
    for name, draw in (
        ("failed", pings.reply_failed),
        ("unsure", pings.reply_unsure),
        ("bounced", pings.reply_bounced),
        ("stuck", pings.reply_stuck),
    ):
        yield f"dm {name}", draw(states["claimed"], reply("failed", words, reason=words.short), say)


def _reply_modals(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    yield "loading", reply_modal.loading(say)
    refusal = NotAllowed("no", key="not_your_store", case=1042, store=words.short, who=(LI_WEI, ANNA))
    for name, one in cases(words).items():
        full = reply_modal.ReplyForm(
            one,
            words.text,
            "late-1",
            choices(100, words),
            draft_from=NOW,
            composing=(ANNA, NOW),
            round=2,
            error=error_text(refusal, say),
        )
        yield f"reply form {name}", reply_modal.reply_form(full, say)
        yield f"empty reply form {name}", reply_modal.reply_form(reply_modal.ReplyForm(one), say)
        kept = reply_modal.ReplyForm(one, words.text, draft_kept=NOW)
        yield f"reply form beside a draft {name}", reply_modal.reply_form(kept, say)
    for verdict, found in (("clean", ()), ("warn", findings(words)[:1]), ("block", findings(words) * 30)):
        for stale in (
            None,
            reply_modal.StaleNote(words.text),
            reply_modal.StaleNote(words.text, who=ANNA, at=NOW, what="colleague"),
            reply_modal.StaleNote(who=ANNA, at=NOW, what="closed"),
            reply_modal.StaleNote(at=NOW, what="closed"),
            reply_modal.StaleNote(at=NOW, what="copied"),
            reply_modal.StaleNote(who=ANNA, at=NOW, what="taken"),
        ):
            sending = reply_modal.Sending(MESSAGE, "late-1", 2)
            name = f"preview {verdict} {stale and (stale.what, stale.who)}"
            yield name, reply_modal.preview(case(words), shown(verdict, found, words), say, sending, stale)
    at_once = replace(shown("clean", (), words), seconds_to_undo=0)
    yield "preview at once", reply_modal.preview(case(words), at_once, say, reply_modal.Sending(MESSAGE))


def _modals(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    people = [modals.Colleague(f"U{n}", f"{words.name} {n}", "02:10", n) for n in range(120)]
    for name, one in cases(words).items():
        yield f"assign {name}", modals.assign(one, people, say)
        yield f"snooze {name}", modals.snooze(one, say, "Asia/Shanghai")
        yield f"snooze before nine {name}", modals.snooze(one, say, "Pacific/Honolulu")
        yield f"no response {name}", modals.no_response(one, say)
        yield f"escalate {name}", modals.escalate(one, say)
        yield f"note modal {name}", modals.note(one, say, words.text)
        for page in (0, 1, 9):
            yield f"details {name} {page}", modals.details(one, say, page)
    for why in READ:
        yield f"details {why[:20]}", modals.details(replace(case(words), why=why), say)
    yield "assign to nobody", modals.assign(case(words), [], say)
    for page in (0, 1, 99):
        yield f"full message {page}", modals.full_message(case(words), message(words=words), page, say)
    yield "error", modals.error(say("error.title"), say("error.unknown", id="abcd1234"), say)
    for purpose in ("reply", "claim", "note", "assign", "message", "details"):
        for count in (0, 2, 60):
            yield f"picker {purpose} {count}", modals.case_picker(queue(count, words), say, purpose, NOW)


def _pages(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    stores = [("nordlicht", "Nordlicht"), *((f"s{n}", f"Store {n}") for n in range(120))]
    for count in (0, 3, 60):
        drawn = board.sla_board(sla(words, count), say, stores, board.Targets(), {LI_WEI: "09:20"})
        yield f"board {count}", drawn
        page = home.HomeSnapshot(
            LI_WEI, words.name, "manager", queue(count, words), queue(count, words), sla(words), NOW, "ok"
        )
        yield f"home {count}", home.home(page, say, board.Targets())
    for by, name in (("hour", "9"), ("agent", LI_WEI), ("agent", "seller_central"), ("shift", words.short)):
        rows = ((name, sla().periods), ("" if by != "hour" else "23", sla().periods))
        more = replace(sla(words), by=by, breakdown=rows, medians={LI_WEI: 600.0})
        yield f"board by {by} {name}", board.sla_board(more, say, stores[:3], board.Targets())
    yield "home of some", home.home(replace(page, mine=queue(1), unclaimed=()), say, board.Targets())
    yield "home of an agent", home.home(replace(page, role="agent", board=None), say, board.Targets())
    yield "home of a stranger", home.home(replace(page, role=None), say, board.Targets())
    every = [lists.TemplateLine(f"late-{n}", words.short, "delivery", ("de", "en")) for n in range(150)]
    yield "templates", lists.templates(every, say)
    yield "no templates", lists.templates([], say)
    for count in (0, 3, 60):
        yield f"search {count}", lists.search_results(queue(count, words), say, NOW, words.short)
    for command in lists.COMMANDS:
        yield f"usage {command}", lists.usage(command, say, {"case": "/amz-case"}, "sunrise")
    yield "help", lists.help(say, "agent", {})
    yield "help for a stranger", lists.help(say, None, {})
    yield "help for a slip", lists.help(say, "agent", {}, "clam")
    yield "help for no command", lists.help(say, "agent", {}, "frobnicate")
