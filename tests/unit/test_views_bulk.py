"""What people see of bulk replies: whom, what, in whose name; and Send only where everything was seen."""

import json
import re

import pytest

from bot.domain.bulk import SHARED
from bot.domain.templates import VARIABLES
from bot.errors import NotFound
from bot.slack import ids
from bot.slack.limits import fit
from bot.slack.texts import TEXTS, error_text
from bot.slack.views import bulk
from tests.unit.view_samples import LI_WEI
from tests.unit.view_samples_bulk import form, page, stands
from tests.unit.viewing import EN, NASTY, SAYS, ZH, all_buttons, filled_in, parts, words_of


def test_no_text_to_be_sent_is_dropped_or_cut_to_fit():
    longest = fit(bulk.preview(page(NASTY), "t", EN))
    frames = [part for part in parts(longest["blocks"]) if part.get("type") == "rich_text_preformatted"]
    assert len(frames) == 9
    assert all(len(frame["elements"][0]["text"]) >= 2900 for frame in frames)


def test_each_value_that_can_be_shared_has_a_label():
    assert {f"bulk.value.{name}" for name in SHARED} <= TEXTS.keys()


def test_what_is_not_known_is_said_in_words_and_not_by_the_names_of_variables():
    assert {f"variable.{name}" for name in VARIABLES} <= TEXTS.keys()
    facts = {"names": ["due_date", "order_id"]}
    assert "the day of the next step, the order" in bulk.why("missing", facts, EN)
    assert "承诺的答复日期、订单号" in bulk.why("missing", facts, ZH)


def test_send_stands_on_the_last_page_only_and_says_how_many():
    views_of = {at: bulk.preview(page(page=at), "Holding reply", EN) for at in range(3)}
    assert [views_of[at]["submit"]["text"] for at in range(3)] == [
        "Go on to page 2",
        "Go on to page 3",
        "Send 24 replies",
    ]
    assert "submit" not in bulk.preview(page(pages=1, ready=0), "Holding reply", EN)
    assert json.loads(views_of[1]["private_metadata"]) == {"bulk": 7, "page": 1}
    assert [value for text, value in all_buttons(views_of[1]) if text == "Back"] == ["7:0"]


def test_a_page_shows_whom_what_and_in_whose_name():
    shown = bulk.preview(page(pages=1), "Holding reply", EN)
    said = words_of(shown)
    for fact in ("Holding reply", "Nordlicht", "24 replies", "in the name of *Katrin Muster*", "Case 1042"):
        assert fact in said
    assert said.count("Guten Tag, mein Paket") == 18  # nine buyers' words and nine replies
    assert ("Leave out", "7:1042:0") in all_buttons(shown)
    assert ("Put back", "7:1099:0") in all_buttons(shown)


def test_who_is_left_out_and_why_stands_on_the_first_page():
    first = words_of(bulk.preview(page(), "Holding reply", EN))
    assert f"• a colleague has it (<@{LI_WEI}>): " in first
    assert "• breaks Amazon's rules (Link, Telephone number): " in first
    assert "• something is not known (the order): " in first
    assert "12 cases more would fit" in first
    assert "Left out" not in words_of(bulk.preview(page(page=1), "Holding reply", EN)).replace(
        "Leave out", ""
    )


def test_where_cases_were_merged_it_says_whom_the_reply_goes_to_and_who_waits_after_it():
    said = words_of(bulk.preview(page(pages=1), "Holding reply", EN))
    assert said.count("Goes to the address of case 1077 (") == 2
    assert said.count("Other addresses that wait after it: 1.") == 1
    assert "• it was merged into another case (case 1077): " in words_of(
        bulk.preview(page(), "Holding reply", EN)
    )


def test_the_bar_has_what_is_over_what_leaves_and_what_is_to_come():
    post = bulk.progress(stands(), "Holding reply", EN)
    assert "███████████▒▒▒▒▒░░░░░░░░  12/25 · On its way" in words_of(post)
    assert all_buttons(post) == [("Details", "1050:0"), ("Stop", "7")]
    assert "12 of 25 are over. " in post.text
    assert "the buyer wrote again" in post.text
    assert all_buttons(bulk.progress(stands("done", troubles=()), "t", EN)) == []
    assert f"Stopped by <@{LI_WEI}>" in words_of(bulk.progress(stands("stopped"), "t", EN))


def test_the_form_keeps_what_was_typed():
    given = filled_in(bulk.form(form(), EN))
    assert given[ids.BULK_TEMPLATE] == "holding_reply"
    assert given[ids.BULK_TOPIC] == "delivery"
    assert given[ids.BULK_WHOSE] == "mine"
    assert given[ids.FORM_AFTER] == "wait"
    assert given[f"{ids.BULK_VALUE}.due_date"] == "2026-11-27"


@pytest.mark.parametrize("say", SAYS)
def test_errors_are_plain_words(say):
    for key in ("bulk_gone", "bulk_started_already", "bulk_empty"):
        assert not re.search(r"[*<>{}]", error_text(NotFound("", key=key), say))
