"""What must hold for any input (tests/fuzz/targets.py), tried with hypothesis; and for payloads of any shape."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Reply24Error
from bot.slack import payloads
from bot.slack.blocks import Post
from bot.slack.limits import post_violations
from tests.fuzz import targets
from tests.fuzz.counter import COMMANDS

few = settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
many = settings(few, max_examples=200)
WORDS = st.sampled_from(
    [
        *(
            "1001",
            "#1002",
            "1001.",
            "0",
            "-1",
            "٣",
            "²",
            "9" * 9,
            "9" * 40,
            "1e3",
            "305-1234567-1234567",
            "next",
            "find",
        ),
        *(
            "hold",
            "holds",
            "week",
            "30d",
            "public",
            "nordlicht",
            "Sunrise",
            "on",
            "off",
            "all",
            "edit",
            "history",
            "new",
        ),
        *(
            "template:x",
            "template:delivery_delay",
            "template:",
            "<@U0ANNA>",
            "<@U0ANNA|anna>",
            "<@>",
            "<!channel>",
            "%",
        ),
        *(
            "_",
            "\\",
            "'",
            '"',
            ";--",
            "\u202e",
            "\u200b",
            "\x00",
            "包裹",
            "\n",
            "\ufffd",
            "whatif",
            "reconcile",
            "cover",
        ),
    ]
)
TYPED = st.lists(st.one_of(WORDS, st.text(max_size=10)), max_size=5).map(" ".join)


@many
@given(st.sampled_from(COMMANDS), TYPED)
def test_whatever_is_typed_is_answered_within_the_limits_of_slack(command: str, typed: str) -> None:
    before = len(targets.counter().slack.sent)
    answers = targets.counter().type(command, typed)
    assert answers or len(targets.counter().slack.sent) > before
    for one in answers:
        post = Post(one["text"], one.get("blocks") or [])
        assert post_violations(post) == []
        assert "<!channel" not in json.dumps(one)


@many
@given(st.text(alphabet="-abt: \n{}%[]'\"titleopcneds_#", max_size=120), st.booleans())
def test_any_text_is_a_template_or_its_faults_are_told(text: str, fronted: bool) -> None:
    targets.template((f"---\n{text}\n---\n{{% block thanks %}}" if fronted else text).encode())


@many
@given(st.sampled_from(targets.seeds("template")), st.data())
def test_a_spoiled_template_is_right_or_its_faults_are_told(good: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(good)))
    noise = data.draw(
        st.sampled_from([b"", b"{%", b"{{ x.__class__ }}", b"---\n", b": ", b"\t", b"&a *a", b"!!int x\n"])
    )
    targets.template(good[:at] + noise + good[at + data.draw(st.integers(0, 30)) :])


@few
@given(st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=30).map(" ".join))
def test_any_text_can_be_checked_sorted_and_hidden(text: str) -> None:
    targets.lint(text.encode("utf-8", "replace"))


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "value": st.none() | st.text(max_size=8),
        "selected_option": st.none() | st.fixed_dictionaries({"value": st.text(max_size=8)}),
        "selected_options": st.lists(st.fixed_dictionaries({"value": st.text(max_size=8)}), max_size=3),
        "selected_user": st.none() | st.text(max_size=8),
        "selected_date": st.none() | st.text(max_size=8),
    },
)


@many
@given(
    st.dictionaries(st.text(max_size=6), st.dictionaries(st.text(max_size=12), ENTRY, max_size=3), max_size=3)
)
def test_what_was_typed_into_a_modal_is_text_or_nothing(values: dict[str, Any]) -> None:
    found = payloads.typed({"state": {"values": values}})
    assert all(one is None or isinstance(one, str) for one in found.values())
    assert not any("#" in key for key in found)


@many
@given(st.text(max_size=30) | st.integers(-(10**30), 10**30).map(lambda number: f"{number}:x"))
def test_a_value_names_a_case_that_can_be_asked_for_or_is_refused(value: str) -> None:
    try:
        number = payloads.first_number(value)
    except Reply24Error:
        return
    assert 0 <= number < 2**31, "more is no key of a table"


@many
@given(
    st.fixed_dictionaries(
        {}, optional={"user": JSON, "event": JSON, "user_id": JSON, "team": JSON, "team_id": JSON}
    )
)
def test_who_did_it_is_a_word_in_any_payload(body: dict[str, Any]) -> None:
    assert isinstance(payloads.person_of(body), str)
    payloads.team_of(body)
