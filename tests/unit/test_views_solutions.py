"""What people see of solutions: who decides, what was typed, nothing of the buyer's for approvers."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.solutions import KINDS, REASONS, RETURN
from bot.errors import WrongInput
from bot.slack import ids
from bot.slack.texts import TEXTS, error_text
from bot.slack.views import case_card, solutions
from tests.unit.view_samples import ANNA, NOW, PLAIN, case, reply
from tests.unit.view_samples_solutions import (
    LIMITS,
    NEEDS,
    STATES,
    WANG,
    judged,
    solution,
    typed,
    with_solutions,
)
from tests.unit.viewing import EN, SAYS, ZH, buttons, filled_in, words_of


def test_every_word_of_the_domain_has_a_text():
    for kind in (*KINDS, RETURN):
        assert {f"solution.kind.{kind}", f"solution.what.{kind}"} <= TEXTS.keys()
    assert {f"reason_given.{reason}" for reason in REASONS} <= TEXTS.keys()
    assert {f"solution.state.{state}" for state in STATES} <= TEXTS.keys()
    assert {f"need.{need.key}" for need in NEEDS} <= TEXTS.keys()


@pytest.mark.parametrize("say", SAYS)
def test_whoever_agrees_sees_numbers_and_nothing_that_the_buyer_wrote(say):
    words = replace(
        PLAIN, text="BUYERTEXT", name="BUYERNAME Muster", short="BUYERSUBJECT", file="BUYERFILE.jpg"
    )
    one = solution()
    post = solutions.approval(replace(case(words), solutions=(one,)), one, say)
    told = json.dumps(post.blocks) + post.text
    assert "BUYER" not in told
    for fact in (
        "25.00 EUR",
        "100.00 EUR",
        "25 %" if say.lang == "en" else "25%",
        "20.00 EUR",
        "305-1234567-1234567",
    ):
        assert fact in told


def test_a_question_is_answered_where_it_is_asked_and_folds_when_it_is_over():
    one = solution()
    open_ = solutions.approval(case(), one, EN)
    assert buttons(open_) == {"Approve": "5", "Refuse": "5", "Details": "1042:3"}
    over = solutions.approval(case(), solution("approved"), EN)
    assert buttons(over) == {}
    assert "approved by <@U0WANG>" in words_of(over)
    assert "approved by <@U0WANG>" in over.text


@pytest.mark.parametrize(
    ("state", "pressed"),
    [
        ("asked", ["Approve", "Refuse", "Withdraw"]),
        ("granted", ["Write the reply", "Withdraw"]),
        ("approved", ["Write the reply", "Withdraw"]),
        ("refused", []),
        ("withdrawn", []),
    ],
)
def test_the_thread_offers_what_can_be_done(state, pressed):
    post = solutions.post(case(), solution(state), EN)
    assert list(buttons(post)) == pressed
    assert ("moves no money" in words_of(post)) == (state in ("granted", "approved"))


def test_a_preview_says_who_has_to_agree_and_why():
    alone = solutions.preview(case(), judged(()), typed(), EN)
    assert "You may decide this alone" in words_of(alone)
    assert alone["submit"]["text"] == "Decide, write reply"
    asks = solutions.preview(case(), judged(), typed(), EN)
    assert "A second person has to agree:* <@U0WANG>, <@U0LIWEI>" in words_of(asks)
    assert "25 % of the order value; alone at most 20 %" in words_of(asks)
    assert asks["submit"]["text"] == "Ask for approval"


def test_what_was_typed_comes_back_with_change():
    entered = typed()
    packed = json.loads(solutions.preview(case(), judged(), entered, EN)["private_metadata"])
    assert (packed["case"], packed["seen"]) == (1042, 4)
    assert solutions.unpacked(packed) == entered
    form = solutions.form(case(), LIMITS, EN, entered)
    assert filled_in(form) == {
        ids.SOLUTION_KIND: "partial_refund",
        ids.SOLUTION_VALUE: "100",
        ids.SOLUTION_AMOUNT: "25",
        ids.SOLUTION_REASON: "damaged",
        ids.SOLUTION_NOTE: entered.note,
    }


def test_the_metadata_of_the_longest_wish_fits():
    longest = replace(typed(), note='"\\' * 150, value="1" * 20, amount="1" * 20)
    view = solutions.preview(case(), judged(), longest, EN)
    assert len(view["private_metadata"]) <= 3000


@pytest.mark.parametrize(
    ("key", "part", "where"),
    [
        ("amount_unreadable", "value", ids.SOLUTION_VALUE),
        ("amount_unreadable", "amount", ids.SOLUTION_AMOUNT),
        ("amount_currency", "amount", ids.SOLUTION_AMOUNT),
        ("solution_no_value", None, ids.SOLUTION_VALUE),
        ("solution_no_amount", None, ids.SOLUTION_AMOUNT),
        ("solution_not_partial", None, ids.SOLUTION_AMOUNT),
        ("solution_unchosen", None, ids.SOLUTION_KIND),
        ("solution_nobody", None, None),
    ],
)
def test_a_mistake_is_said_at_its_field_in_plain_words(key, part, where):
    assert solutions.error_block(key, part) == where
    if where is not None:
        for say in (EN, ZH):
            text = error_text(WrongInput("", key=key, currency="EUR", example="12.50"), say)
            assert not re.search(r"[*`<>{}]", text)


def test_the_card_shows_the_newest_solutions_and_offers_the_reply_until_the_buyer_knows():
    shown = case_card.card(with_solutions(), EN)
    assert words_of(shown).count("Goods once more") == 3
    assert "RMA-NORDLICHT-000012" in words_of(shown)
    decided = replace(case(), solutions=(solution("approved"),))
    assert "Write the reply" in buttons(case_card.card(decided, EN))
    told = replace(reply("accepted"), created_at=NOW + timedelta(minutes=1))
    assert "Write the reply" not in buttons(case_card.card(replace(decided, replies=(told,)), EN))
    before = replace(told, created_at=NOW - timedelta(minutes=1))
    assert "Write the reply" in buttons(case_card.card(replace(decided, replies=(before,)), EN))


def test_who_asked_is_told_what_to_do_now():
    yes = solutions.told(case(), solution("approved"), EN)
    assert f"<@{WANG}> approved" in words_of(yes)
    assert buttons(yes) == {"Write the reply": "5"}
    no = solutions.told(case(), solution("refused"), EN)
    assert buttons(no) == {}
    assert f"<@{ANNA}>" not in words_of(no)
