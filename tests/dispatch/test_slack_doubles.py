"""Nothing twice and nothing lost between Slack and us: answers, events, sockets, deletions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import ledger
from bot.db.tables import NoteRow
from bot.desk import assign
from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.core import Core
from bot.slack.ears import Ears
from bot.work.run import Bot
from tests.finding import case_of
from tests.office import GAP_SECONDS, Case, Office
from tests.office import office as running_office
from tests.world import START

NORD = "amz-nordlicht"
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("doubles"), knowledge) as running:
        yield running


def notes(office: Office, case: Case) -> tuple[int, int]:
    """How many notes the case has, and how many the ledger has of it."""
    with office.desk.database.reading() as tx:
        kept = len(tx.scalars(select(NoteRow.id).where(NoteRow.case == case.number)).all())
        return kept, sum(one.what == "noted" for one, _hash in ledger.records(tx, case.number))


def told(office: Office, **fields: str) -> int:
    """How many times the event with these fields was delivered."""
    events = [one.payload["event"] for one in office.sandbox.deliveries("events_api")]
    return sum(all(event.get(name) == value for name, value in fields.items()) for event in events)


@contextmanager
def acks_lost(office: Office) -> Iterator[None]:
    """Every ack gets lost meanwhile, also those of what Slack tells of our own posts."""
    office.sandbox.lose_acks(1000)
    yield
    office.sandbox.lose_acks(0)


def test_a_direct_message_whose_answer_got_lost_is_there_once(office: Office) -> None:
    case = office.new_case()
    case.claim("bob")
    office.sandbox.next_errors("chat.postMessage", 500, after=True, times=2)
    office.tick(hours=21, minutes=1)
    told = [post for post in office.ws.user("bob").dms() if f"ase {case.number} " in post.text]
    assert len([post for post in told if "still waits" in post.text]) == 1


def test_an_envelope_that_comes_again_is_handled_once(office: Office) -> None:
    case = office.new_case()
    with acks_lost(office):
        office.ws.user("anna").say("I look.", NORD, thread=case.card)
        office.until(lambda: told(office, text="I look.") == 2)
    office.until(lambda: case.now.notes)
    assert notes(office, case) == (1, 1)


def test_an_event_that_comes_again_to_another_process_is_handled_once(office: Office) -> None:
    case = office.new_case()
    second = Bot(office.desk, office.bot.secrets, roles=("web",), gap_s=GAP_SECONDS)
    second.start()
    try:
        office.until(lambda: office.sandbox.connections() == 2)
        with acks_lost(office):
            office.ws.user("anna").say("I look into it.", NORD, thread=case.card)
            office.until(lambda: told(office, text="I look into it.") == 2)
        office.until(lambda: case.now.notes)
        office.quiet()
        assert notes(office, case) == (1, 1)
        version, old = case.now.version, case.card
        with acks_lost(office):
            office.ws.delete(old)
            office.until(lambda: told(office, deleted_ts=old.ts) == 2)
        office.until(lambda: case.card.ts != old.ts)
        office.quiet()
        cards = [post for post in office.ws.channel(NORD).messages() if f"ase {case.number}," in post.text]
        assert len([post for post in cards if not post.message.thread_ts]) == 1
        assert case.now.version == version
    finally:
        second.stop(10)


def test_a_click_that_comes_twice_by_two_roads_claims_once(office: Office) -> None:
    case = office.new_case()
    with acks_lost(office):
        assert not case.card.click("Claim", by="anna").ok, "the person sees a failure, and presses again"
    case.claim("anna")
    with office.desk.database.reading() as tx:
        claims = [one for one, _hash in ledger.records(tx, case.number) if one.what == "claimed"]
    assert len(claims) == 1


def test_by_http_a_retry_says_so_in_its_headers_and_is_handled_once(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    with running_office(tmp_path, knowledge, mode="http") as office:
        case = office.new_case()
        with acks_lost(office):
            office.ws.user("anna").say("I look.", NORD, thread=case.card)
            office.until(lambda: told(office, text="I look.") == 2)
            while told(office, text="I look.") < 4:
                office.sandbox.skip(10)
        office.until(lambda: case.now.notes)
        assert notes(office, case) == (1, 1)


def test_a_socket_that_dies_without_a_word_is_replaced(office: Office) -> None:
    case = office.new_case()
    office.sandbox.freeze_connections()
    assert office.sandbox.connections() == 0
    office.until(office.sandbox.connections, timeout_s=60)
    case.claim("anna")


def test_a_socket_that_answers_pings_and_brings_nothing_is_replaced(office: Office) -> None:
    office.tick(seconds=60)
    office.quiet()
    opened = len(office.sandbox.calls("apps.connections.open"))
    office.sandbox.mute_connections()
    cases = []
    for _ in range(3):
        office.tick(seconds=1)
        cases.append(office.new_case())
    assert not cases[0].card.click("Claim", by="anna").ok
    office.tick(seconds=40)
    office.until(lambda: not office.sandbox.has_mute_connections() and office.sandbox.connections(), 40)
    assert len(office.sandbox.calls("apps.connections.open")) == opened + 1
    cases[0].claim("anna")


def test_a_quiet_workspace_is_not_a_deaf_socket_and_patience_grows() -> None:
    clock = FixedClock(START)
    ears, made = Ears(clock), list[datetime]()

    def posts(since: datetime, until: datetime) -> int:
        return sum(since < at <= until for at in made)

    def post(count: int) -> None:
        made.extend(clock.now() + SECOND for _ in range(count))
        clock.advance(40 * SECOND)

    post(0)
    assert not ears.is_deaf(posts), "nothing was posted, so nothing could be heard"
    post(3)
    assert ears.is_deaf(posts)
    ears.heard({"type": "hello", "num_connections": 2})
    post(3)
    assert not ears.is_deaf(posts), "with two connections all three may have been told to the other"
    post(3)
    assert ears.is_deaf(posts)
    ears.replaced()
    post(6)
    assert not ears.is_deaf(posts), (
        "a workspace that never tells us must not cost a connection every half minute"
    )
    post(1)
    assert ears.is_deaf(posts)
    ears.heard({"type": "events_api"})
    post(6)
    assert ears.is_deaf(posts), "once something was heard, patience is short again"


def test_a_deaf_socket_is_noticed_also_after_the_clock_was_set_back() -> None:
    clock = FixedClock(START)
    ears = Ears(clock)
    clock.advance(-3600 * SECOND)
    assert not ears.is_deaf(lambda _since, _until: 3)
    clock.advance(40 * SECOND)
    assert ears.is_deaf(lambda _since, _until: 3)


def test_a_card_that_was_deleted_while_nobody_listened_comes_back_with_the_next_change(
    office: Office,
) -> None:
    case = office.new_case()
    old = case.card

    def vanish(core: Core) -> None:
        del core.store.messages[old.message.channel][old.ts]

    office.sandbox.call(vanish)  # its event was lost
    case.write_again("Are you there?")
    office.quiet()
    assert case.card.ts != old.ts
    case.card.expect_reply("Are you there?")


def test_what_is_typed_under_a_card_that_went_unheard_is_kept(office: Office) -> None:
    case = office.new_case()
    old = case.card
    office.ws.user("anna").say("I look into it.", NORD, thread=old)

    def go(core: Core) -> None:
        core.store.messages[old.message.channel][old.ts].is_tombstone = True

    office.sandbox.call(go)  # its event was lost
    case.write_again("Are you there?")
    office.quiet()
    assert case.card.ts != old.ts
    office.ws.user("bob").say("The depot has it.", NORD, thread=old)
    office.until(lambda: len(case.now.notes) == 2)


def test_a_card_whose_answer_got_lost_shows_what_has_changed_since(office: Office) -> None:
    office.sandbox.next_errors("conversations.history", 500, times=None)
    office.sandbox.next_errors("chat.postMessage", 500, after=True)
    buyer = office.relay.write_as_buyer("Where is my parcel?", marketplace="UK", lang="en")

    def number() -> int | None:
        with office.desk.database.reading() as tx:
            return case_of(tx, buyer.alias)

    case = Case(office, office.until(number) or 0, buyer)
    office.until(
        lambda: [post for post in office.ws.channel(NORD).messages() if f"ase {case.number}," in post.text]
    )
    assign.claim(office.desk, case.number, by=office.ws.user("anna").id)
    office.sandbox.clear_errors("conversations.history")
    office.tick(minutes=2)
    assert "Claimed" in case.card.text
    cards = [post for post in office.ws.channel(NORD).messages() if f"ase {case.number}," in post.text]
    assert len([post for post in cards if not post.message.thread_ts]) == 1
