"""The ladder of pings: who hears what at which stage, each once, over a change of daylight saving time.

The office opens on the evening before the clocks of the US change (2027-03-14, 10:00 UTC in Los Angeles);
those of Berlin change two weeks later, Beijing's never.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk import close
from bot.desk.knowledge import Knowledge
from bot.desk.shifts import staff_at
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.driver import Post
from bot.sandbox.slack.store import Notice
from bot.slack import telling
from bot.slack.people import Directory
from bot.slack.telling import Telling
from bot.work.run import Bot, web_client
from tests.office import GAP_SECONDS, Case, Office
from tests.office import office as running_office
from tests.world import BOB, LI_WEI, WANG

EVE = datetime(2027, 3, 13, 20, 0, tzinfo=UTC)
EVERYBODY = ("li.wei", "chen.yu", "anna", "bob", "wang.fang")
NewCase = Callable[..., Case]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("pings"), knowledge, start=EVE) as running:
        yield running


@pytest.fixture
def new_case(office: Office) -> Iterator[NewCase]:
    """Makes cases that are out of the way when the test is over."""
    made: list[Case] = []

    def make(**about: object) -> Case:
        made.append(office.new_case(**about))
        return made[-1]

    yield make
    for case in made:
        close.no_response_needed(office.desk, case.number, by=WANG)
    office.quiet()


def _heard(office: Office, case: Case) -> dict[str, list[str]]:
    """What rang for whom about this case so far: where, for each person."""
    found: dict[str, list[str]] = {}
    names = (f"ase {case.number}", f"会话 {case.number}")
    for who in EVERYBODY:
        notices = [
            one
            for one in office.ws.user(who).notifications()
            if any(name in _whole_text(office, one) for name in names)
        ]
        if notices:
            found[who] = [_place(office, one.channel) for one in notices]
    return found


def _whole_text(office: Office, notice: Notice) -> str:
    """Nothing of a post that is gone: thirty days after a case's last message its words are purged."""

    def text(core: Core) -> str:
        post = core.store.messages[notice.channel].get(notice.ts)
        return post.text if post else ""

    return office.sandbox.call(text)


def _place(office: Office, channel: str) -> str:
    return office.sandbox.call(lambda core: core.store.channels[channel].name or "dm")


def _new(office: Office, case: Case, before: dict[str, list[str]]) -> dict[str, list[str]]:
    now = _heard(office, case)
    return {
        who: sorted(there[len(before.get(who, [])) :])
        for who, there in now.items()
        if there != before.get(who)
    }


def test_each_stage_calls_those_whom_it_concerns_and_nobody_else(office: Office, new_case: NewCase) -> None:
    case = new_case()
    case.claim("li.wei")
    said: dict[str, dict[str, list[str]]] = {}
    for name, span in [
        ("12 h left", {"hours": 12, "minutes": 1}),
        ("6 h left", {"hours": 6}),
        ("3 h left", {"hours": 3}),
        ("1 h left", {"hours": 2}),
        ("15 min left", {"minutes": 45}),
        ("overdue", {"minutes": 15}),
        ("much later", {"hours": 5}),
    ]:
        before = _heard(office, case)
        office.tick(**span)
        office.tick()  # a second look says nothing again
        said[name] = _new(office, case, before)
    assert said == {
        "12 h left": {},
        "6 h left": {"li.wei": ["amz-nordlicht"]},
        "3 h left": {"li.wei": ["amz-nordlicht", "dm"]},
        "1 h left": {"li.wei": ["amz-nordlicht", "dm"]},
        "15 min left": {"li.wei": ["dm"], "wang.fang": ["amz-leads", "dm"]},
        "overdue": {"li.wei": ["dm"], "wang.fang": ["amz-leads", "dm"]},
        "much later": {},
    }
    case.card.expect("Overdue")


def test_where_a_store_and_the_managers_share_a_channel_its_posts_call_whom_each_of_them_would(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    shared = {"escalation_channel": "amz-nordlicht"}
    with running_office(tmp_path, knowledge, start=EVE, slack=shared) as office:
        case = office.new_case()
        case.claim("li.wei")
        office.tick(hours=21)
        before = _heard(office, case)
        office.tick(hours=2)
        assert _new(office, case, before) == {"li.wei": ["amz-nordlicht", "dm"]}
        before = _heard(office, case)
        office.tick(minutes=45)
        assert _new(office, case, before) == {"li.wei": ["dm"], "wang.fang": ["amz-nordlicht", "dm"]}


def test_at_twelve_hours_only_the_badge_on_the_card_changes(office: Office, new_case: NewCase) -> None:
    case = new_case()
    case.claim("anna")
    office.tick(hours=12, minutes=1)
    case.card.expect("11 h 59 min left").expect("Half the time")
    assert case.card.thread() == []


def test_after_an_outage_only_the_most_urgent_stage_is_sent_and_a_restart_repeats_nothing(
    office: Office, new_case: NewCase
) -> None:
    case = new_case()
    case.claim("bob")
    before = _heard(office, case)
    office.tick(hours=23, minutes=50)
    assert _new(office, case, before) == {"bob": ["dm"], "wang.fang": ["amz-leads", "dm"]}
    assert case.card.thread() == []
    before = _heard(office, case)
    office.bot.stop(10)
    office.bot = Bot(office.desk, office.bot.secrets, gap_s=GAP_SECONDS)
    office.bot.start()
    office.tick()
    assert _new(office, case, before) == {}


def test_a_case_that_nobody_has_is_asked_about_once_in_its_thread(office: Office, new_case: NewCase) -> None:
    case = new_case()
    claimed = new_case()
    claimed.claim("bob")
    office.tick(minutes=29)
    assert case.card.thread() == []
    office.tick(minutes=2)
    office.tick(hours=1)
    asked = case.card.thread()
    assert [("Nobody has claimed this yet" in post.plain) for post in asked] == [True]
    assert "<@U0LIWEI>" in asked[0].plain
    assert claimed.card.thread() == []
    asked[0].click("Claim", by="anna")
    office.until(lambda: case.now.assignee)


def test_cases_that_get_urgent_together_are_one_post_and_the_next_one_calls_again(
    office: Office, new_case: NewCase
) -> None:
    together = [new_case() for _ in range(3)]
    for case in together:
        case.claim("bob")
    office.clock.advance(timedelta(minutes=30))
    later = new_case()
    later.claim("li.wei")
    before = {post.ts for post in office.ws.channel("amz-nordlicht").messages()}
    office.tick(hours=22, minutes=31)
    (post,) = _due_posts(office, before)
    assert all(f"Case {case.number}" in post.plain for case in together)
    assert f"Case {later.number}" not in post.plain
    heard = _heard(office, later)
    office.tick(minutes=30)
    new = [one for one in _due_posts(office, before) if one.ts != post.ts]
    assert len(new) == 1
    assert f"Case {later.number}" in new[0].plain
    assert "amz-nordlicht" in _new(office, later, heard)["li.wei"]


def _due_posts(office: Office, before: set[str]) -> list[Post]:
    posts = office.ws.channel("amz-nordlicht").messages()
    return [post for post in posts if post.ts not in before and "need an answer now" in post.plain]


def test_what_gets_urgent_at_once_in_two_channels_calls_in_each_its_own_people(
    office: Office, new_case: NewCase
) -> None:
    one, other = new_case(), new_case(marketplace="US")
    one.claim("li.wei")
    other.claim("bob")
    office.tick(hours=21)
    before = [_heard(office, case) for case in (one, other)]
    office.tick(hours=2)
    assert _new(office, one, before[0]) == {"li.wei": ["amz-nordlicht", "dm"]}
    assert _new(office, other, before[1]) == {"bob": ["amz-sunrise", "dm"]}


def test_an_answered_case_pings_no_more(office: Office, new_case: NewCase) -> None:
    case = new_case()
    case.answer(by="anna")
    before = _heard(office, case)
    office.tick(hours=25)
    assert _new(office, case, before) == {}


def test_a_ping_ends_when_it_is_acted_upon_from_the_ping_itself(office: Office, new_case: NewCase) -> None:
    case = new_case()
    case.claim("li.wei")
    office.tick(hours=21, minutes=1)
    ping = office.ws.user("li.wei").expect_dm(str(case.number))
    form = office.opened(ping.click("case.no_response", by="li.wei"))
    assert form.submit().closed
    office.quiet()
    before = _heard(office, case)
    office.tick(hours=4)
    assert _new(office, case, before) == {}


def test_the_older_of_two_unanswered_messages_sets_the_clock(office: Office, new_case: NewCase) -> None:
    case = new_case()
    due = case.now.due_at
    case.claim("li.wei")
    office.tick(hours=5)
    case.write_again("Hello?")
    assert case.now.due_at == due
    case.card.expect("2 messages").expect("2 of them not answered")
    before = _heard(office, case)
    office.tick(hours=13, minutes=1)
    assert _new(office, case, before) == {"li.wei": ["amz-nordlicht"]}


def test_when_the_older_message_is_overdue_the_newer_one_calls_people(
    office: Office, new_case: NewCase
) -> None:
    case = new_case()
    case.claim("li.wei")
    office.tick(hours=20)
    case.write_again("Hello?")
    office.tick(hours=4, minutes=1)
    for hours, heard in (
        (17, {"li.wei": ["amz-nordlicht", "dm"]}),
        (2, {"li.wei": ["amz-nordlicht", "dm"]}),
        (1, {"li.wei": ["dm"], "wang.fang": ["amz-leads", "dm"]}),
    ):
        before = _heard(office, case)
        office.tick(hours=hours)
        assert _new(office, case, before) == heard


def test_a_ping_of_an_answered_message_says_nothing_of_a_newer_one(office: Office, new_case: NewCase) -> None:
    case = new_case()
    case.answer(by="anna")
    case.write_again("And one more question.")
    answered, waits = (one.id for one in case.now.messages)

    directory = Directory(office.desk, web_client(office.desk, office.bot.secrets))

    def told(message: int) -> Telling | None:
        key = f"ping:{message}:overdue:thread"
        return telling.tell(office.desk, directory, key, case.now.channel)

    assert (told(answered), told(waits) is not None) == (None, True)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(datetime(2027, 3, 27, 23, 30, tzinfo=UTC), id="Berlin loses an hour"),
        pytest.param(datetime(2027, 10, 30, 23, 30, tzinfo=UTC), id="Berlin gains an hour"),
        pytest.param(datetime(2027, 11, 7, 5, 30, tzinfo=UTC), id="New York gains an hour"),
        pytest.param(datetime(2028, 3, 12, 6, 30, tzinfo=UTC), id="New York loses an hour"),
    ],
)
def test_when_clocks_change_the_deadline_stays_86400_seconds_away(
    office: Office, new_case: NewCase, day: datetime
) -> None:
    if day > office.clock.now():
        office.clock.advance(day - office.clock.now())
    arrived = office.clock.now()
    case = new_case()
    case.claim("bob")
    due = case.now.due_at
    assert due is not None
    assert (due - arrived).total_seconds() == 86_400
    assert f"<!date^{int(arrived.timestamp()) + 86_400}^" in case.card.plain
    assert f"{due:%Y-%m-%d %H:%M} UTC" in case.card.text
    office.tick(hours=23, minutes=59)
    assert "Overdue" not in case.card.plain
    office.tick(minutes=2)
    case.card.expect("Overdue")


def test_people_who_left_are_not_called(office: Office, new_case: NewCase) -> None:
    case = new_case()
    bob = office.ws.user("bob")
    bob.change(deleted=True)
    try:
        office.until(lambda: BOB not in _on_duty(office))
        office.tick(minutes=31)
        (asked,) = case.card.thread()
        assert BOB not in asked.plain
        assert LI_WEI in asked.plain
    finally:
        bob.change(deleted=False)
        office.until(lambda: BOB in _on_duty(office))


def _on_duty(office: Office) -> tuple[str, ...]:
    with office.desk.database.reading() as tx:
        return staff_at(tx, office.desk, office.clock.now()).on("nordlicht")
