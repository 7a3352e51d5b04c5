"""Every view, in both languages: within Slack's limits, inert, complete when read aloud."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from bot.sandbox.slack.limits import block_faults, check_view
from bot.slack.blocks import Post
from bot.slack.limits import fit, post_violations, view_violations
from bot.slack.texts import Say
from tests.unit.view_samples import PLAIN, Words, every_view
from tests.unit.view_samples_shifts import every_shift_view
from tests.unit.view_samples_templates import every_template_view

SAYS = [pytest.param(Say("en"), id="en"), pytest.param(Say("zh"), id="zh")]
NASTY_LINE = (
    "<!channel> <@U0EVIL> @here &amp; & https://evil.example/x?a=1 www.evil.example evil.example me@evil.example "
    "*bold* _it_ ~gone~ `code` ```block``` :tada: <https://evil.example|Amazon> > quote \u202eRTL\u2066 שלום 😀"
)
NASTY = Words(
    text="\n".join([NASTY_LINE] * 100)[:20_000],
    name="<!here>*Evil*https://evil.example `x` " + "N" * 300,
    short=NASTY_LINE * 10,
    file="<!everyone>_evil.example_" + "f" * 400 + ".jpg",
    order="<@U0EVIL>*bold*",
    asin="@here`code`",
)


@cache
def views(say: Say, words: Words = PLAIN) -> dict[str, Any]:
    """Every view, drawn once; nothing here changes one."""
    every = (every_view, every_shift_view, every_template_view)
    return {name: view for views_of in every for name, view in views_of(say, words)}


@cache
def fitted(say: Say, words: Words) -> dict[str, Any]:
    return {name: fit(view) for name, view in views(say, words).items()}


def parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def drawn(view: Any) -> list[dict[str, Any]]:
    return view.blocks if isinstance(view, Post) else view["blocks"]


def parsed_texts(view: Any) -> list[str]:
    """Every text in which Slack looks for markup."""
    found = [part["text"] for part in parts(drawn(view)) if part.get("type") == "mrkdwn"]
    return [view.text, *found] if isinstance(view, Post) else found


def faults(view: Any) -> list[str]:
    return post_violations(view) if isinstance(view, Post) else view_violations(view)


@pytest.mark.parametrize("say", SAYS)
def test_every_view_is_within_slacks_limits(say):
    assert {name: faults(view) for name, view in views(say).items() if faults(view)} == {}


@pytest.mark.parametrize("say", SAYS)
@pytest.mark.parametrize("words", [PLAIN, NASTY], ids=["plain", "nasty"])
def test_every_fitted_view_is_taken_by_the_sandbox_which_has_its_own_validator(say, words):
    for name, mended in fitted(say, words).items():
        assert faults(mended) == [], name
        if isinstance(mended, Post):
            assert block_faults(mended.blocks, "message") == [], name
        else:
            check_view(mended, mended["type"])


@pytest.mark.parametrize("say", SAYS)
def test_nothing_that_a_buyer_wrote_is_read_by_slack(say):
    for name, view in fitted(say, NASTY).items():
        for text in parsed_texts(view):
            assert not re.search(r"<!(?!date\^)|U0EVIL>|<https?:|evil\.example", text), name
            assert not re.search(r"https?://|www\.evil|@(here|evil|channel|everyone)", text), name
            assert not re.search(r"\*bold\*|_it_|~gone~|`code`|```|:tada:|\*Evil\*|_evil", text), name
            assert not re.search("[\u202a-\u202e\u2066\u2067]", text), name


@pytest.mark.parametrize("say", SAYS)
def test_long_texts_stand_in_elements_that_parse_nothing(say):
    for name, view in fitted(say, NASTY).items():
        for part in parts(drawn(view)):
            if part.get("type") == "plain_text":
                assert part["emoji"] is False, name
            if str(part.get("type", "")).startswith("rich_text_"):
                assert {leaf["type"] for leaf in part["elements"]} == {"text"}, name
            if part.get("type") == "mrkdwn":
                assert part["verbatim"] is True, name


@pytest.mark.parametrize("say", SAYS)
def test_every_button_says_what_it_is_for_and_no_two_say_the_same(say):
    for name, view in views(say).items():
        labels = [
            (part["accessibility_label"], part["action_id"])
            for part in parts(drawn(view))
            if part.get("type") == "button"
        ]
        assert len({label for label, _id in labels}) == len(labels), (name, labels)


@pytest.mark.parametrize("say", SAYS)
def test_a_value_of_a_button_is_ids_and_never_json_or_a_name(say):
    for name, view in views(say, NASTY).items():
        for part in parts(drawn(view)):
            if "value" in part and part.get("type") == "button":
                assert re.fullmatch(r"[\w.-]+(:[\w.-]+)*", part["value"]), (name, part["value"])


def test_english_and_chinese_differ_in_every_view():
    chinese = views(Say("zh"))
    for name, view in views(Say("en")).items():
        assert json.dumps(drawn(view)) != json.dumps(drawn(chinese[name])), name


@pytest.mark.parametrize("say", SAYS)
def test_no_placeholder_is_left_and_none_means_nothing(say):
    for name, view in views(say).items():
        for text in parsed_texts(view):
            assert not re.search(r"\{(?!time|date_)|\bNone\b", text), (name, text)
            assert "  \n" not in text, name


def test_views_carry_only_ids_in_private_metadata():
    for name, view in views(Say("en"), NASTY).items():
        if not isinstance(view, Post) and view.get("private_metadata"):
            assert "vil" not in view["private_metadata"], name
            ids = json.loads(view["private_metadata"])
            assert ids.get("case", 1042) == 1042, name
            assert set(ids) & {"case", "handover", "template"}, name
            assert len(view["private_metadata"]) < 300, name
