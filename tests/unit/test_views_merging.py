"""What people see of merged and split cases: where a case went, who waits, what can be pressed."""

import json
import re

import pytest

from bot.domain.merging import Side, obstacle
from bot.domain.snapshots import status, towards
from bot.errors import Stale
from bot.slack import ids
from bot.slack.texts import TEXTS, error_text
from bot.slack.views import case_card, merging, modals, reply_modal
from tests.unit.view_samples import ANNA, PLAIN, case
from tests.unit.view_samples_merging import WHATS, fitting, gone, holding, many
from tests.unit.viewing import EN, SAYS, buttons, parts, words_of


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
