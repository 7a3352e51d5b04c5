"""Invented times in manual mode for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.accounts import AccountChange
from bot.domain.breaker import ACCOUNT, BLOCKED, BOUNCED, BURSTS, CAUSES, FAILED, RATE_DROP, Trip
from bot.domain.departure import NO_MANAGER, SAID_ANEW, WROTE_AGAIN
from bot.domain.manual import ALL, CONSOLE, HELD_BACK, STANDINGS, HealthLook, ManualMode
from bot.domain.runbook import Concerned, Runbook, contact_text
from bot.domain.shift_snapshots import OncallPage, StoreShifts
from bot.domain.sla import SELLER_CENTRAL
from bot.domain.snapshots import Preview
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import (
    accounts,
    board,
    case_card,
    digest,
    home,
    lists,
    manual,
    oncall,
    reply_modal,
    thread,
)
from bot.slack.views.board_cells import Targets
from bot.slack.views.reply_modal import Sending
from tests.unit.view_samples import ANNA, HOUR, LI_WEI, NOW, PLAIN, Words, case, reply, sla
from tests.unit.view_samples_digests import day as day_digest

SINCE = NOW - 3 * HOUR
COMMANDS = {"manual-mode": "/manual-mode"}


def trip(cause: str) -> Trip:
    if cause == ACCOUNT:
        return Trip(cause, 0, 0, SINCE - HOUR, SINCE - HOUR, before="NORMAL", after="AT_RISK")
    usual = 0.951 if cause == RATE_DROP else None
    return Trip(cause, 6, 20, SINCE - HOUR, SINCE, (1, 2, 3), usual)


def mode(words: Words = PLAIN, scope: str = "nordlicht", **changes: object) -> ManualMode:
    name = "" if scope == ALL else "Nordlicht" if words is PLAIN else words.name
    reason = "odd bounces since noon" if words is PLAIN else words.short
    return replace(ManualMode(7, scope, SINCE, ANNA, reason, name=name), **changes)


def look(words: Words = PLAIN, **changes: object) -> HealthLook:
    warnings = "Messaging is limited" if words is PLAIN else words.text[:500]
    usual = HealthLook("nordlicht", NOW - HOUR, LI_WEI, 0.871, 0.0123, "at_risk", warnings)
    return replace(usual, **changes)


def runbook(one: ManualMode, words: Words = PLAIN, **changes: object) -> Runbook:
    name = "Nordlicht" if words is PLAIN else words.name
    stores = {"nordlicht": name, "sunrise": "Sunrise"} if one.scope == ALL else {"nordlicht": name}
    return replace(Runbook(one, NOW, stores, 0.9), **changes)


def runbooks(words: Words = PLAIN) -> dict[str, Runbook]:
    """Manual mode in each state that its card can have."""
    by_breaker = {cause: mode(words, by="reply24", reason="", trip=trip(cause)) for cause in CAUSES}
    since = {"accepted": 4, BLOCKED: 1, BOUNCED: 2, FAILED: 3}
    before = look(words, response_rate=0.93, defect_rate=0.009, at=NOW - 2 * HOUR)
    looks = ((look(words), before), (before, None))
    found = {cause: runbook(one, words) for cause, one in by_breaker.items()}
    ended = {"ended_at": NOW, "ended_by": LI_WEI, "end_reason": "Amazon has lifted the limit."}
    return found | {
        "by a person": runbook(mode(words), words, held_back=1, open_cases=12),
        "by nobody named": runbook(mode(words, by=CONSOLE, reason=""), words, open_cases=1),
        "for all": runbook(mode(words, ALL), words, held_back=3),
        "under way": runbook(
            by_breaker[BOUNCED], words, looks=looks, since=since, held_back=2, open_cases=40
        ),
        "over": runbook(mode(words, **ended), words),
        "over after a trip": runbook(replace(by_breaker[BLOCKED], **ended), words),
        **{
            f"looked {standing}": runbook(mode(words), words, looks=((look(words, standing=standing), None),))
            for standing in STANDINGS
        },
    }


def contacts(words: Words = PLAIN) -> dict[str, list[tuple[str, str, str]]]:
    orders = [
        Concerned(f"305-1234567-123456{n}", SINCE, ending) for n, ending in enumerate((*BURSTS, "late"))
    ]
    name = "Nordlicht" if words is PLAIN else words.name
    one = mode(words, by="reply24", trip=trip(BOUNCED))
    return {name: [(lang, *contact_text(one, name, orders, lang, now=NOW)) for lang in ("en", "de")]}


def account_changes(words: Words = PLAIN) -> dict[str, AccountChange]:
    """An account in each state that is told without a runbook of its own."""
    name = "Nordlicht" if words is PLAIN else words.name
    worse = AccountChange(3, name, "NORMAL", "AT_RISK", SINCE, "sub-1")
    return {
        "worse": worse,
        "worse in manual mode": replace(worse, manual=mode(words)),
        "normal": replace(worse, before="AT_RISK", after="NORMAL"),
        "normal in manual mode": replace(worse, before="AT_RISK", after="NORMAL", manual=mode(words)),
        "unknown": replace(worse, name="", before=""),
        "unknown without subscription": replace(worse, name="", subscription=""),
    }


def preview(words: Words = PLAIN) -> Preview:
    return Preview(
        text="Hello",
        fingerprint="f" * 64,
        findings=(),
        verdict="clean",
        seconds_to_undo=45,
        seen=1,
        manual=mode(words),
    )


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows manual mode."""
    every = runbooks(words)
    for name, one in every.items():
        yield f"runbook {name}", manual.runbook(one, say, 60)
        yield f"told {name}", manual.told(one, say, "amz-leads")
    for name in ("by a person", "under way", "for all"):
        yield f"end {name}", manual.end_form(every[name], say)
        yield f"look {name}", manual.look_form(every[name], say)
    for name, changed in account_changes(words).items():
        yield f"account {name}", accounts.changed(changed, say, "amz-leads")
    yield "contact", manual.contact(7, contacts(words), say)
    modes = (mode(words), mode(words, ALL, id=8), mode(words, id=9, by=CONSOLE, reason="", name="Sunrise"))
    yield "status off", manual.status((), say, "/manual-mode")
    tripped = tuple(replace(every[name].mode, name=name, id=place) for place, name in enumerate(CAUSES))
    yield "status after trips", manual.status(tripped, say, "/manual-mode")
    yield "status on", manual.status(modes, say, "/manual-mode")
    stores = {"nordlicht": words.name, "sunrise": "Sunrise"}
    yield "form", manual.form(modes, stores, say, may_all=True)
    yield "form of one store", manual.form((), {"nordlicht": words.name}, say, may_all=False)
    for why in (HELD_BACK, WROTE_AGAIN, SAID_ANEW, NO_MANAGER, SELLER_CENTRAL):
        sent = reply("withdrawn", words, reason=why)
        yield f"held back, {why}", manual.held_back(case(words), sent, say)
        yield f"thread held back, {why}", thread.reply_state(case(words), sent, say)
    stopped = case(words, manual=mode(words))
    yield "card", case_card.card(stopped, say)
    yield "preview", reply_modal.preview(stopped, preview(words), say, Sending(seen=1))
    shown = replace(sla(words), manual=modes)
    yield "board", board.sla_board(shown, say, (("nordlicht", words.name),), Targets())
    page = home.HomeSnapshot(LI_WEI, words.name, "manager", (), (), shown, NOW, manual=modes)
    yield "home of a manager", home.home(page, say, Targets())
    yield "home of an agent", home.home(replace(page, role="agent", board=None), say, Targets())
    on = OncallPage(NOW, (StoreShifts("nordlicht", words.name, (), ()),), manual=modes)
    yield "on shift", oncall.oncall(on, say)
    daily = day_digest(words)
    marked = tuple(replace(one, manual_since=SINCE) for one in daily.stores)
    yield "digest", digest.daily(replace(daily, stores=marked), say, Targets())
    yield "usage", lists.usage("manual-mode", say, COMMANDS, "sunrise")
    yield "help", lists.help(say, "manager", COMMANDS)
