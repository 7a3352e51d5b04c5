"""Slash commands: what each does, nonsense in each, all of them under the root command, and other names."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.driver import Outcome
from tests.office import Case, Office
from tests.office import office as running_office
from tests.world import ANNA, BOB

CHANNEL = "amz-nordlicht"
ALL = ("reply", "claim", "assign", "note", "case", "templates", "oncall", "sla-status")


@pytest.fixture(scope="module")
def case(shared: Office) -> Case:
    """A case that these tests look at and hand around."""
    return shared.new_case("Where is my parcel?", name="Quentin Probe")


def _type(office: Office, typed: str, by: str = "anna") -> Outcome:
    outcome = office.ws.user(by).command(typed, CHANNEL)
    assert outcome.ok, outcome.error
    return outcome


@pytest.mark.parametrize("root", ["/", "/reply24 "], ids=["on its own", "under the root command"])
def test_commands_do_what_they_say(shared: Office, root: str) -> None:
    case = shared.new_case("Where is my parcel?", name="Quentin Probe")
    number, order = case.number, case.buyer.order_id
    _type(shared, f"{root}claim {number}").expect_ephemeral(f"Case {number} is yours")
    assert case.now.assignee == ANNA
    _type(shared, f"{root}claim {number}", "bob").expect_ephemeral("<@U0ANNA>")
    _type(shared, f"{root}assign {number} @bob").expect_ephemeral("<@U0BOB> has case")
    assert case.now.assignee == BOB
    _type(shared, f"{root}note {order} the depot is on strike").expect_ephemeral("Noted in case")
    assert case.now.notes[-1].text == "the depot is on strike"
    for typed, title in [
        (f"reply #{number}", f"Reply: case {number}"),
        (f"reply {order} template:delivery_delay", f"Reply: case {number}"),
        (f"assign {number}", f"Assign: case {number}"),
        (f"note {number}", f"Note: case {number}"),
        (f"case {order}", f"Details: case {number}"),
        ("reply", "Choose a case"),
        ("case", "Choose a case"),
    ]:
        modal = shared.opened(_type(shared, root + typed))
        assert modal.title == title
        modal.close()
    _type(shared, f"{root}case find quentin").expect_ephemeral(f"Case {number}")
    _type(shared, f"{root}templates").expect_ephemeral("Templates (")
    _type(shared, f"{root}templates refund").expect_ephemeral("Templates (")
    _type(shared, f"{root}oncall nordlicht").expect_ephemeral("<@U0LIWEI>")
    _type(shared, f"{root}sla-status").expect_ephemeral("Response rate")


@pytest.mark.parametrize("root", ["/", "/reply24 "], ids=["on its own", "under the root command"])
@pytest.mark.parametrize(
    "nonsense", ["banana", "999999", "-1", "1" * 30, "<@U0ANNA>", "🍌 \u202e x", "305-1-1"]
)
@pytest.mark.parametrize("command", ["reply", "claim", "assign", "note"])
def test_nonsense_gets_a_friendly_answer(shared: Office, root: str, command: str, nonsense: str) -> None:
    outcome = _type(shared, f"{root}{command} {nonsense}")
    shared.until(lambda: outcome.ephemerals or shared.ws.user("anna").has_modal)
    if shared.ws.user("anna").has_modal:
        modal = shared.ws.user("anna").modal()
        modal.expect("There is no case").close()
        return
    words = " ".join(outcome.ephemerals)
    assert f"How to use /{command}" in words.replace("`", "").replace("*", "") or "There is no case" in words
    assert "Something went wrong" not in words


@pytest.mark.parametrize("nonsense", ["banana", "-1", "<@U0ANNA>", "🍌 \u202e x", "305-1-1"])
def test_case_looks_for_nonsense_and_finds_nothing(shared: Office, nonsense: str) -> None:
    _type(shared, f"/case {nonsense}").expect_ephemeral("No case of your stores fits")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/templates nosuchword", "No template fits"),
        ("/oncall nosuchstore", "“nosuchstore” is no word of this command, and no store"),
        ("/sla-status nosuchstore", "“nosuchstore” is no word of this command, and no store"),
        ("/bulk nosuchstore", "There is no store"),
        ("/case find nobodyatall", "No case of your stores fits"),
        ("/case find %", "No case of your stores fits"),
        ("/reply24", "/sla-status"),
        ("/reply24 help", "/sla-status"),
        ("/reply24 frobnicate", "/sla-status"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(shared: Office, typed: str, answer: str) -> None:
    _type(shared, typed).expect_ephemeral(answer)


def test_an_unknown_template_is_named_in_the_modal(shared: Office, case: Case) -> None:
    outcome = _type(shared, f"/reply {case.number} template:nosuch")
    modal = shared.opened(outcome)
    modal.expect("nosuch").close()


def test_claim_next_takes_the_most_urgent_case_that_nobody_has(shared: Office) -> None:
    case = shared.new_case()
    taken = []
    for _ in range(200):
        outcome = _type(shared, "/claim next")
        words = shared.until(lambda now=outcome: now.ephemerals)[0]
        taken.append(words)
        if f"Case {case.number} is yours" in words:
            break
    assert f"Case {case.number} is yours" in taken[-1]


def test_a_public_board_shows_no_figures_of_single_people(shared: Office) -> None:
    private = _type(shared, "/sla-status", "wang.fang").expect_ephemeral("<@U0ANNA>")
    assert "<@U0BOB>" in private
    before = {post.ts for post in shared.ws.channel(CHANNEL).messages()}
    _type(shared, "/sla-status nordlicht public", "wang.fang")
    shared.until(lambda: [p for p in shared.ws.channel(CHANNEL).messages() if p.ts not in before])
    (public,) = [p for p in shared.ws.channel(CHANNEL).messages() if p.ts not in before]
    assert "Nordlicht" in public.plain
    assert "answered today" not in public.plain


def test_the_board_is_refreshed_in_place_and_can_be_posted(shared: Office) -> None:
    wang = shared.ws.user("wang.fang")
    shown = _type(shared, "/sla-status", "wang.fang")
    shown.expect_ephemeral("SLA")
    board = next(p for p in reversed(shared.ws.channel(CHANNEL).messages(wang.id)) if p.message.ephemeral_to)
    before = len(shared.ws.channel(CHANNEL).messages(wang.id))
    shared.clock.advance(timedelta(seconds=61))
    board.click("board.refresh", by="wang.fang")
    stamp = f"<!date^{int(shared.clock.now().timestamp())}"
    board.expect(stamp)
    assert len(shared.ws.channel(CHANNEL).messages(wang.id)) == before
    board.click("board.post", by="wang.fang")
    shared.until(lambda: _public_board(shared, stamp))


def _public_board(office: Office, stamp: str) -> bool:
    return any(stamp in post.plain for post in office.ws.channel(CHANNEL).messages())


def test_commands_do_not_work_in_threads_and_slack_says_so(shared: Office, case: Case) -> None:
    outcome = shared.ws.user("anna").command(f"/claim {case.number}", CHANNEL, thread=case.card)
    assert "not supported in threads" in outcome.error


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    names = {command: f"/x-{command}" for command in ALL}
    slack = {"command_names": names, "root_command": "/x24", "language": "zh"}
    with running_office(tmp_path_factory.mktemp("renamed"), knowledge, slack=slack) as running:
        yield running


def test_renamed_commands_work_and_help_names_them_so(renamed: Office) -> None:
    case = renamed.new_case()
    _type(renamed, f"/x-claim {case.number}").expect_ephemeral(f"Case {case.number} is yours")
    _type(renamed, f"/x24 note {case.number} hello").expect_ephemeral("Noted in case")
    _type(renamed, "/x-claim what").expect_ephemeral("/x-claim next")
    words = _type(renamed, "/x24 help").expect_ephemeral("/x-reply")
    assert "/x-sla-status" in words
    assert " /reply" not in words
    assert not renamed.ws.user("anna").command(f"/claim {case.number}", CHANNEL).ok


def test_a_channel_can_speak_chinese_while_people_keep_their_own_language(renamed: Office) -> None:
    case = renamed.new_case()
    case.card.expect(f"会话 {case.number}")
    form = renamed.opened(case.card.click("case.reply", by="anna"))
    assert form.title == f"Reply: case {case.number}"
    form.close()
    case.card.click("认领", by="anna")
    renamed.until(lambda: case.now.assignee)
