"""What people see of merged and split cases: within Slack's limits, inert, complete."""

import json
import re
from functools import cache
from typing import Any

import pytest

from bot.domain.merging import Side, obstacle
from bot.domain.snapshots import status, towards
from bot.errors import Stale
from bot.sandbox.slack.limits import block_faults, check_view
from bot.slack import ids
from bot.slack.blocks import Post
from bot.slack.limits import fit
from bot.slack.texts import TEXTS, Say, error_text
from bot.slack.texts_merging import MERGING
from bot.slack.views import case_card, merging, modals, reply_modal
from tests.unit.test_views import NASTY, SAYS, drawn, faults, parsed_texts, parts
from tests.unit.view_samples import ANNA, PLAIN, Words, case
from tests.unit.view_samples_merging import WHATS, every_view, fitting, gone, holding, many

EN, ZH = Say("en"), Say("zh")


@cache
def views(say: Say, words: Words = PLAIN) -> dict[str, Any]:
    return dict(every_view(say, words))


def words_of(view: Any) -> str:
    return "\n".join(part["text"] for part in parts(drawn(view)) if isinstance(part.get("text"), str))


def buttons(view: Any) -> dict[str, str]:
    found = [part for part in parts(drawn(view)) if part.get("type") == "button"]
    return {part["text"]["text"]: part["value"] for part in found}


@pytest.mark.parametrize("say", SAYS)
def test_every_view_is_within_slacks_limits(say):
    assert {name: faults(view) for name, view in views(say).items() if faults(view)} == {}


@pytest.mark.parametrize("say", SAYS)
@pytest.mark.parametrize("words", [PLAIN, NASTY], ids=["plain", "nasty"])
def test_every_fitted_view_is_taken_by_the_sandbox_and_nothing_in_it_is_read_by_slack(say, words):
    for name, view in views(say, words).items():
        mended = fit(view)
        if isinstance(mended, Post):
            assert block_faults(mended.blocks, "message") == [], name
        else:
            check_view(mended, "modal")
        for text in parsed_texts(mended):
            assert not re.search(
                r"<!(?!date\^)|U0EVIL>|https?://|(?<!\u2060)evil\.example|@(here|evil)", text
            ), name
            assert not re.search(
                r"\*bold\*|_it_|~gone~|`code`|```|:tada:|\{(?!time|date_)\w|\bNone\b", text
            ), name


@pytest.mark.parametrize("say", SAYS)
def test_every_button_says_what_it_is_for_and_carries_ids_alone(say):
    for name, view in views(say).items():
        found = [part for part in parts(drawn(view)) if part.get("type") == "button"]
        assert len({part["accessibility_label"] for part in found}) == len(found), name
        assert all(re.fullmatch(r"[\w.-]+(:[\w.-]+)*", part["value"]) for part in found), name


def test_english_and_chinese_differ_in_every_view():
    chinese = views(ZH)
    for name, view in views(EN).items():
        assert json.dumps(drawn(view)) != json.dumps(drawn(chinese[name])), name


@pytest.mark.parametrize("say", SAYS)
def test_each_text_is_said_somewhere(say):
    """In a view, or as an error."""
    shown = "\n".join(
        f"{view.text}\n{json.dumps(view.blocks, ensure_ascii=False)}"
        if isinstance(view, Post)
        else json.dumps(view, ensure_ascii=False)
        for view in views(say).values()
    )
    unsaid = []
    for key, texts in MERGING.items():
        pieces = [
            piece
            for piece in re.split(r"\{\w+\}", texts[say.lang == "zh"])
            if piece.strip(" ，。*·:：（）()")
        ]
        if not key.startswith("error.") and not all(
            json.dumps(piece, ensure_ascii=False)[1:-1] in shown for piece in pieces
        ):
            unsaid.append(key)
    assert unsaid == []


def test_every_word_of_the_ledger_and_every_refusal_has_a_text():
    assert {f"merge.post.{what}" for what in WHATS} <= TEXTS.keys()
    review = Side(1, "review", None, "open", None, None)
    assert f"error.{obstacle(review, review)}" in TEXTS


@pytest.mark.parametrize("say", SAYS)
def test_a_refusal_says_where_the_case_went(say):
    why = Stale("merged", key="merged_into", case=1042, into=1041, who=ANNA)
    assert {"1042", "1041", f"<@{ANNA}>"} <= set(re.findall(r"<@\w+>|\d+", error_text(why, say)))


def test_the_card_of_a_merged_case_leads_to_the_one_that_stays_and_back():
    card = case_card.card(gone(), EN)
    assert status(gone()) == "merged"
    assert "into case 1041" in words_of(card)
    assert buttons(card) == {"Open case 1041": "1041:0", "Split again": "1042:0"}
    assert "It was merged into case 1041." in card.text
    assert "No answer is owed" not in card.text


def test_the_card_that_stays_says_how_many_addresses_wait_and_who_is_next():
    assert "2 addresses wait for an answer" in words_of(case_card.card(holding(), EN))
    one = words_of(case_card.card(holding(waiting=1), EN))
    assert "case 1043" in one
    assert "addresses wait" not in one


def test_the_reply_form_says_which_address_it_answers():
    form = reply_modal.reply_form(reply_modal.ReplyForm(towards(holding(), 1043)), EN)
    assert "address of case 1043" in words_of(form)
    assert "Other addresses that wait after it: 1." in words_of(form)
    assert json.loads(form["private_metadata"])["to"] == 1043
    plain = reply_modal.reply_form(reply_modal.ReplyForm(case()), EN)
    assert "address of" not in words_of(plain)


def test_doors_are_there_only_where_they_lead_somewhere():
    assert "Merge…" in buttons(modals.details(case(), EN))
    assert "Split…" not in buttons(modals.details(case(), EN))
    assert "Split…" in buttons(modals.details(many(), EN))
    for shut in (gone(), case(kind="review"), case(state="closed")):
        assert not {"Merge…", "Split…"} & buttons(modals.details(shut, EN)).keys()


def test_a_case_to_merge_into_is_named_by_age_order_time_left_and_first_words():
    form = merging.merge_form(case(), fitting(), EN)
    (picker,) = [part for part in parts(form) if part.get("type") == "static_select"]
    shown = [(one["value"], one["text"]["text"], one["description"]["text"]) for one in picker["options"]]
    assert shown[1][:2] == ("1001", "1001 · 6 h 20 min left · 1 h old · 305-1234567-1234567")
    assert shown[1][2] == PLAIN.text
    none = merging.merge_form(case(), (), EN)
    assert "submit" not in none
    assert "nothing to merge it into" in words_of(none)


def test_up_to_ten_messages_are_ticked_and_more_are_chosen_from_a_list():
    kinds = {
        count: [
            part["type"] for part in parts(merging.split_form(many(count=count), EN)) if part.get("action_id")
        ]
        for count in (2, 10, 11, 120)
    }
    assert kinds == {
        2: ["checkboxes"],
        10: ["checkboxes"],
        11: ["multi_static_select"],
        120: ["multi_static_select"],
    }


def test_only_what_is_still_merged_can_be_split_again_from_the_thread():
    assert "Split again" in buttons(merging.post(holding(), "took_in", 1043, ANNA, EN))
    assert "Split again" not in buttons(merging.post(case(), "took_in", 1043, ANNA, EN))
    assert ids.CASE_SEPARATE == "case.separate"
