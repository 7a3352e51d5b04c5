"""Commands as hurried people type them: other signs, other order, a slip; and what is answered."""

import pytest

from bot.desk import close, manual
from bot.sandbox.slack.driver import Outcome
from tests.office import Case, Office
from tests.world import ANNA, BOB

CHANNEL = "amz-nordlicht"


@pytest.fixture(scope="module")
def case(shared: Office) -> Case:
    return shared.new_case("Where is my parcel?", name="Quirina Probe")


def _type(office: Office, typed: str, by: str = "anna") -> Outcome:
    outcome = office.ws.user(by).command(typed, CHANNEL)
    assert outcome.ok, outcome.error
    return outcome


@pytest.mark.parametrize(
    "named",
    [
        "#{}",
        "{}，",
        "＃{}。",
        "case {}",
        "Case #{}:",
        "会话{}",
        "`{}`",
        "{} please",
        "“{}”",
        '"{}"',
        "「{}」",
        "\u200b{}",
    ],
)
def test_a_case_is_found_however_its_number_is_typed(shared: Office, case: Case, named: str) -> None:
    _type(shared, f"/claim {named.format(case.number)}").expect_ephemeral(f"Case {case.number} is yours: ")


@pytest.mark.parametrize("named", ["order {}", "Order: {}", "订单 {}", "订单号：{}", "{}"])
def test_an_order_is_found_with_the_word_before_it(shared: Office, case: Case, named: str) -> None:
    modal = _type(shared, f"/case {named.format(case.now.order_id)}").modal
    shared.until(lambda: f"Case {case.number}" in modal.plain)
    modal.close()


def test_the_word_for_an_order_makes_no_case_of_any_other_number(shared: Office, case: Case) -> None:
    _type(shared, f"/note order {case.number} more lamps").expect_ephemeral("How to use /note")
    assert case.now.notes == ()


@pytest.mark.parametrize("find", ["find quirina", "查找 quirina", "搜索quirina", "quirina"])
def test_a_buyer_is_found_by_the_word_for_it_in_either_language(
    shared: Office, case: Case, find: str
) -> None:
    _type(shared, f"/case {find}").expect_ephemeral(f"Case {case.number}")


def test_full_width_digits_name_a_case(shared: Office, case: Case) -> None:
    digits = str(case.number).translate({48 + place: 0xFF10 + place for place in range(10)})
    _type(shared, f"/claim {digits}").expect_ephemeral(f"Case {case.number} is yours")


def test_a_note_loses_no_word_of_it(shared: Office) -> None:
    case = shared.new_case()
    for typed, kept in [
        ("{}\nfirst line\nsecond  line", "first line\nsecond  line"),
        ("{}：已经联系物流。", "已经联系物流。"),
        ("{}” 已经联系物流。", "已经联系物流。"),
        ("{} “已经联系”物流。", "“已经联系”物流。"),
        ("case {} ask <@U0BOB|bob>, Q&amp;A", "ask @Bob Rivera, Q&A"),
    ]:
        _type(shared, f"/note {typed.format(case.number)}").expect_ephemeral("Noted in case")
        assert case.now.notes[-1].text == kept


def test_words_behind_reply_stand_in_the_form_and_nothing_leaves(shared: Office) -> None:
    case = shared.new_case()
    form = shared.opened(
        _type(shared, f"/reply {case.number} Sorry for the wait,\nit ships today &amp; fast.")
    )
    assert form.value("form.text") == "Sorry for the wait,\nit ships today & fast."
    form.close()
    shared.quiet()
    assert {one.state for one in case.now.replies} <= {"draft"}


def test_two_cases_at_once_are_refused_and_neither_is_touched(shared: Office) -> None:
    one, two = shared.new_case(), shared.new_case()
    words = f"{one.number} {two.number}"
    answer = f"First {one.number}, then {two.number}"
    assert answer in _type(shared, f"/claim {words}").expect_ephemeral("One case at a time")
    assert answer in _type(shared, f"/assign {words} @bob").expect_ephemeral("One case at a time")
    assert {one.now.assignee, two.now.assignee} == {None}


def test_the_colleague_may_stand_before_the_case(shared: Office) -> None:
    case = shared.new_case()
    _type(shared, f"/assign @bob {case.number}").expect_ephemeral(f"<@{BOB}> has case {case.number}")
    _type(shared, f"/assign @anna case {case.number}").expect_ephemeral(f"<@{ANNA}> has case {case.number}")


def test_an_answered_case_is_claimed_without_a_clock(shared: Office) -> None:
    case = shared.new_case()
    close.no_response_needed(shared.desk, case.number, "only thanks", by=ANNA)
    words = _type(shared, f"/claim {case.number}").expect_ephemeral(f"Case {case.number} is yours.")
    assert "Nothing in it waits for an answer" in words


def test_case_looks_for_what_is_no_number(shared: Office, case: Case) -> None:
    _type(shared, "/case quirina").expect_ephemeral(f"Case {case.number}")
    _type(shared, "/case Find quirina").expect_ephemeral(f"Case {case.number}")
    _type(shared, "/case nobody&amp;all").expect_ephemeral("fits")
    _type(shared, "/case find").expect_ephemeral("How to use")
    _type(shared, "/case hold").expect_ephemeral("No personal data are held")


def test_an_order_without_a_case_is_called_an_order(shared: Office) -> None:
    words = _type(shared, "/claim 305-0000000-0000000").expect_ephemeral("No case is about order")
    assert "find it with its order id" not in words


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/claim Next, please", "is yours"),
        ("/claim ｎｅｘｔ", "is yours"),
        ("/claim “next”", "is yours"),
        ("/claim 下一个", "is yours"),
        ("/sla-status “Nordlicht”", "SLA"),
        ("/templates “delay”", "Package is late"),
        ("/manual-mode ｓｔａｔｕｓ。", "Manual mode is off"),
        ("/oncall tomorrow", "“tomorrow” is no word of this command, and no store. Stores: nordlicht"),
        ("/sla-status yesterday", "“yesterday” is no word of this command, and no store"),
        ("/claim help", "How to use"),
        ("/templates ?", "How to use"),
        ("/bulk 帮助", "How to use"),
        ("/shift help", "How to use"),
        ("/case ｈｏｌｄｓ", "No personal data are held"),
        ("/case hold\u3000", "No personal data are held"),
        ("/reply24 help oncall", "/oncall week"),
        ("/reply24 help /claim", "/claim next"),
        ("/reply24 clam 1042", "There is no command “clam”. Did you mean `/claim`?"),
        ("/reply24 frobnicate", "There is no command “frobnicate”"),
    ],
)
def test_a_slip_is_named_and_the_way_on_is_shown(shared: Office, typed: str, answer: str) -> None:
    shared.new_case()
    words = _type(shared, typed).expect_ephemeral(answer)
    assert "I don't know" not in words


@pytest.mark.parametrize(
    "words", ["week nordlicht", "Nordlicht Week", "本周", "nordlicht 这周", "ｗｅｅｋ，ｎｏｒｄｌｉｃｈｔ。"]
)
def test_oncall_takes_its_words_in_any_order(staffed: Office, words: str) -> None:
    _type(staffed, f"/oncall {words}").expect_ephemeral("Shifts of the next 7 days")


def test_words_of_managers_are_known_in_any_case(shared: Office) -> None:
    shared.opened(_type(shared, "/templates New", "wang.fang")).close()
    _type(shared, "/templates Report 90d", "wang.fang").expect_ephemeral("90")
    _type(shared, "/templates report soon", "wang.fang").expect_ephemeral("“soon”")
    _type(shared, "/sla-status nordlicht Public", "wang.fang")
    posts = shared.ws.channel(CHANNEL)
    shared.until(lambda: any("SLA" in post.plain for post in posts.messages()))


def test_a_store_is_stopped_however_it_is_typed_and_no_other(office: Office) -> None:
    """In full-width letters its name was taken for a reason, and all stores were stopped."""
    for named in ("ｎｏｒｄｌｉｃｈｔ 退款出错", "“Nordlicht”，退款出错"):
        _type(office, f"/manual-mode ｏｎ {named}", "wang.fang").expect_ephemeral("Nordlicht")
        ((mode, reason),) = [(one.scope, one.reason) for one in manual.modes(office.desk)]
        assert (mode, reason) == ("nordlicht", "退款出错")
        _type(office, "/manual-mode ｏｆｆ Nordlicht：好了", "wang.fang").expect_ephemeral("Nordlicht")
        assert manual.modes(office.desk) == ()


def test_a_store_that_is_nearly_named_stops_no_store_at_all(office: Office) -> None:
    near = "nordlihct"
    words = _type(office, f"/manual-mode on {near} 退款出错", "wang.fang").expect_ephemeral(near)
    assert "nordlicht" in words
    _type(office, "/manual-mode", "anna").expect_ephemeral("Manual mode is off")
    _type(office, "/manual-mode on all nordlihct", "wang.fang").expect_ephemeral("全部店铺")
