"""Slack's limits: what breaks one is named, and mended without losing what can be pressed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.limits import block_faults
from bot.slack.blocks import (
    Post,
    actions,
    button,
    context,
    divider,
    header,
    labelled,
    modal,
    option,
    overflow,
    quote,
    section,
    select,
    table,
    text_input,
)
from bot.slack.limits import fit, post_violations, view_violations, violations


def press(n: int = 0, *, text: str = "Press", value: str = "1:1") -> dict:
    return button(f"a.{n}", text, value, label=f"Press {n}")


LONG = "x" * 5000
MANY = {str(n): f"choice {n}" for n in range(150)}
TOO_MUCH = [
    pytest.param([header(LONG)], id="header"),
    pytest.param([section(LONG)], id="section"),
    pytest.param([context(LONG)], id="context"),
    pytest.param([actions(press(text=LONG))], id="text of a button"),
    pytest.param([actions(press(value=LONG))], id="value of a button"),
    pytest.param([actions(*(press(n) for n in range(30)))], id="thirty buttons"),
    pytest.param([actions(select("s", LONG, MANY))], id="a select of 150"),
    pytest.param([actions(overflow("o", MANY))], id="an overflow of 150"),
    pytest.param([section("a")] * 60, id="sixty blocks"),
    pytest.param([actions(press(1), press(1))], id="an action id twice in a block"),
    pytest.param([actions(press(1), block_id="b"), actions(press(2), block_id="b")], id="a block id twice"),
    pytest.param([table(["a"], [["b"]]), table(["a"], [["b"]])], id="two tables"),
    pytest.param([table(["a"], [["b" * 200]] * 90)], id="a table that is too big"),
    pytest.param([{"type": "section", "text": {"type": "mrkdwn", "text": ""}}], id="an empty text"),
    pytest.param([labelled("b", "Label", text_input("i"))], id="an input in a message"),
]


@pytest.mark.parametrize("blocks", TOO_MUCH)
def test_too_much_is_named_and_then_mended(blocks):
    assert violations(blocks, "message") != []
    mended = fit(Post("text", blocks)).blocks
    assert violations(mended, "message") == []
    assert block_faults(mended, "message") == []


def test_what_fits_is_left_alone():
    post = Post("text", [header("a"), section("b"), divider(), quote("c"), actions(press())])
    assert fit(post) == post


def test_fitting_does_not_change_what_it_was_given():
    blocks = [section(LONG)]
    fit(Post("text", blocks))
    assert len(blocks[0]["text"]["text"]) == 5000


def test_what_can_be_pressed_stays_longest():
    blocks = [section("head"), *[divider(), context("small")] * 30, *[section("line")] * 20, actions(press())]
    kept = fit(Post("text", blocks)).blocks
    assert len(kept) <= 50
    assert kept[0] == section("head")
    assert kept[-1] == actions(press())
    assert divider() not in kept


def test_a_long_text_is_cut_before_a_mention():
    post = fit(Post("y" * 3895 + "<@U0ANNA>", [section("a")]))
    assert post.text == "y" * 3895 + "…"
    assert post_violations(post) == []


def test_a_post_without_a_text_is_a_fault_because_nobody_could_hear_it():
    assert post_violations(Post(" ", [section("a")])) == ["text: empty"]
    assert post_violations(fit(Post("", [section("a")]))) == []


def test_a_view_is_mended_frame_and_all():
    view = modal("m", "t" * 30, [section("a")] * 120, close="c" * 30, submit="s" * 30, metadata="m" * 4000)
    assert len(view_violations(view)) == 5
    mended = fit(view)
    assert view_violations(mended) == []
    assert mended["title"]["text"] == "t" * 23 + "…"
    assert mended["private_metadata"] == ""


def test_a_view_without_a_submit_button_has_no_fields():
    view = modal("m", "t", [section("a"), labelled("b", "Label", text_input("i"))], close="c")
    assert view_violations(view) == ["an input needs a submit button"]
    assert fit(view)["blocks"] == [section("a")]


def test_a_view_that_is_too_large_loses_its_end():
    view = modal("m", "t", [quote("中" * 2900) for _ in range(60)], close="c")
    assert view_violations(view) == ["the view is too large"]
    assert view_violations(fit(view)) == []


def test_a_chosen_option_is_cut_like_the_options_it_is_one_of():
    chosen = fit(Post("t", [actions(select("s", "p", {"1": LONG}, chosen="1"))])).blocks[0]["elements"][0]
    assert chosen["initial_option"] == chosen["options"][0] == option("x" * 74 + "…", "1")


words = st.text(max_size=200) | st.just(LONG)
pieces = st.one_of(
    st.builds(header, words),
    st.builds(section, words, words),
    st.builds(context, words),
    st.builds(quote, words),
    st.builds(divider),
    st.lists(st.integers(0, 3), min_size=1, max_size=30).map(lambda ns: actions(*(press(n) for n in ns))),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(words, st.lists(pieces, min_size=1, max_size=60))
def test_whatever_is_drawn_fits_in_the_end(text, blocks):
    post = fit(Post(text, blocks))
    assert post_violations(post) == []
    assert block_faults(post.blocks, "message") == []
