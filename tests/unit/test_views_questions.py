"""What people see of warnings over which only a manager may send: who asks, who is called, who sends."""

from dataclasses import replace

import pytest

from bot.errors import Blocked, NotFound, Stale
from bot.slack import ids
from bot.slack.limits import fit
from bot.slack.texts import error_text
from bot.slack.views import questions, reply_modal
from bot.slack.views.reply_modal import Sending, StaleNote
from tests.unit.view_samples import ANNA, MESSAGE, PLAIN, case
from tests.unit.view_samples_questions import WANG, question, shown
from tests.unit.viewing import EN, SAYS, buttons, parts, words_of


def submit(view):
    return view["submit"]["text"] if "submit" in view else None


def test_the_text_that_was_asked_about_is_posted_whole():
    longest = replace(PLAIN, text=("Dear Katrin, " * 300)[:3000])
    post = fit(questions.post(case(longest), question(words=longest), EN))
    quoted = [part for part in parts(post.blocks) if part.get("type") == "rich_text_quote"]
    assert ["".join(leaf["text"] for leaf in one["elements"]) for one in quoted] == [longest.text]


@pytest.mark.parametrize("say", SAYS)
@pytest.mark.parametrize(
    ("error", "fact"),
    [
        (Blocked("", key="manager_needed", case=1042, who=(WANG,)), "<@U0WANG>"),
        (Stale("", key="question_needless", case=1042), "1042"),
        (Stale("", key="question_renewed", who=ANNA), "<@U0ANNA>"),
        (NotFound("", key="no_such_question"), ""),
    ],
    ids=lambda one: getattr(one, "key", ""),
)
def test_each_refusal_says_what_to_do(say, error, fact):
    text = error_text(error, say)
    assert fact in text
    assert len(text) > 10


def test_the_post_says_who_asks_over_what_and_calls_only_whom_it_is_told_to():
    post = questions.post(case(), question(), EN, (WANG,))
    for text in (post.text, words_of(post)):
        assert "<@U0WANG>" in text
        assert "<@U0ANNA> asks a manager to look at a reply" in text
        assert "Granted: 9.50 EUR." in text
        assert "U0LIWEI" not in text
    assert buttons(post) == {"Look at it": "7"}
    assert "nobody is called" not in words_of(post)
    assert "No manager is on shift" in words_of(questions.post(case(), question(called=()), EN))


@pytest.mark.parametrize(
    ("state", "words"),
    [("answered", "answered meanwhile by <@U0WANG>"), ("renewed", "asks about another text since")],
)
def test_a_question_that_is_over_is_one_line_without_a_button(state, words):
    post = questions.post(case(), question(state), EN)
    assert words in words_of(post)
    assert (len(post.blocks), buttons(post)) == (1, {})


def test_who_may_not_send_asks_and_who_may_sends():
    sending = Sending(MESSAGE)
    agents = reply_modal.preview(case(), shown(needs_manager=True), EN, sending)
    assert (agents["callback_id"], submit(agents)) == (ids.MODAL_ASK, "Ask a manager")
    assert not [block for block in agents["blocks"] if block["type"] == "input"]
    managers = reply_modal.preview(case(), shown(needs_manager=False), EN, sending)
    assert (managers["callback_id"], submit(managers)) == (ids.MODAL_PREVIEW, "Send in 45 s")
    assert "in your own name" in words_of(managers)


def test_a_text_that_is_blocked_is_nothing_to_ask_about():
    blocked = shown(needs_manager=True, verdict="block")
    view = reply_modal.preview(case(), blocked, EN, Sending(MESSAGE))
    assert submit(view) is None
    assert "can't be sent" in words_of(view)


def test_a_preview_from_a_question_says_who_asks_what_the_buyer_wrote_and_has_a_way_to_edit():
    sending = Sending(MESSAGE, asked_by=ANNA)
    buyers = case(replace(PLAIN, text="WRITTEN BY THE BUYER"))
    view = reply_modal.preview(buyers, shown(needs_manager=False), EN, sending)
    assert "<@U0ANNA> asks you to look at this text" in words_of(view)
    assert "WRITTEN BY THE BUYER" in words_of(view)
    assert PLAIN.text in words_of(view)
    assert buttons(view)["Back and edit"] == "1042"
    assert view["close"]["text"] == "Keep as draft"
    news = StaleNote("WRITTEN SINCE")
    stale = reply_modal.preview(buyers, shown(needs_manager=False), EN, replace(sending, stale=True), news)
    assert "WRITTEN SINCE" in words_of(stale)
    assert "WRITTEN BY THE BUYER" not in words_of(stale)
