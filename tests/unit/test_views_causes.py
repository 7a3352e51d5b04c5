"""What people see of misses: the cause on cards without a name, the report with evidence, beside the founding text."""

from dataclasses import replace

import pytest

from bot.domain.causes import FOUNDING, Cause
from bot.slack.texts import TEXTS
from bot.slack.views import case_card, causes, modals
from tests.unit.view_samples import ANNA, case
from tests.unit.view_samples_causes import JUDGES, VERDICTS, judged, miss, one_of_each, report
from tests.unit.viewing import EN, SAYS, ZH, all_buttons, words_of


def test_every_cause_has_a_word():
    assert {f"cause.{one}" for one in Cause} <= TEXTS.keys()
    assert {f"founding.{one}" for one in FOUNDING} <= TEXTS.keys()


@pytest.mark.parametrize("say", SAYS)
@pytest.mark.parametrize("cause", list(Cause))
def test_a_card_says_why_and_names_nobody_for_it(say, cause):
    """All agents see cards; who is behind a miss is for managers."""
    missed = replace(case(), missed=cause)
    for view in (case_card.card(missed, say), modals.details(missed, say)):
        assert say("cause.line", cause=say(f"cause.{cause}")) in words_of(view)
        assert f"<@{ANNA}>" not in words_of(view)
    assert say("cause.line", cause="")[:12] not in words_of(case_card.card(case(), say))


SENTENCES = (
    "It reached us at 05:40, with 2 h of its 24 hours left.",
    "It reached us at 10:40, 3 h after it was due.",
    "U0ANNA sent a reply at 08:40, and it did not arrive in time. It is: not sent.",
    "U0ANNA sent a reply at 08:40, and it did not arrive in time. It is: came back.",
    "U0ANNA sent a reply at 08:40, and it left only after 07:40.",
    "The check refused what U0ANNA wrote at 08:40 (Link, Telephone number), and no other reply was sent in "
    "time.",
    "The check refused what U0ANNA wrote at 08:40 (A part is missing), and no other reply was sent in time.",
    "From 07:40, when it reached us, until 07:40 nobody of the store was on shift.",
    "U0ANNA had it from 08:40 until it was due at 07:40. Somebody was on shift for 8 h of the time left.",
    "Nobody had it when it was due at 07:40. Somebody was on shift for 8 h of the time left.",
    "It was taken from U0ANNA or given back at 08:40, and nobody had it when it was due at 07:40.",
)


@pytest.mark.parametrize(("verdict", "sentence"), list(zip(VERDICTS, SENTENCES, strict=True)))
def test_each_cause_has_one_sentence_of_evidence(verdict, sentence):
    manner = causes.Manner(lambda instant: f"{instant:%H:%M}", str)
    assert causes.evidence(miss(verdict), EN, manner) == sentence
    assert causes.evidence(miss(verdict), ZH, manner).endswith("。")


def test_the_report_counts_by_cause_beside_the_founding_text():
    shown = words_of(causes.page(report(*one_of_each()), EN))
    assert "10 answers were late or are overdue." in shown
    assert "1 more reached us only after it was due: it is in no rate, and not counted here." in shown
    assert "no answer in time 80 % (guide: 61 %), forbidden content 10 % (guide: 28 %)" in shown
    assert "misused template 10 % (guide: 11 %)" in shown
    assert "each store's own days: Berlin, Los Angeles." in shown
    rows = [line for line in shown.splitlines() if line in ("3", "30 %")]
    assert rows == ["3", "30 %"], "three of the ten could not be sent"


def test_what_is_most_frequent_stands_first():
    shown = causes.page(report(miss(VERDICTS[0]), miss(VERDICTS[7]), miss(VERDICTS[7])), EN)
    assert shown.text.index("nobody was on shift: 2 (67 %)") < shown.text.index(
        "reached us too late: 1 (33 %)"
    )


def test_a_case_that_was_missed_twice_has_one_button():
    twice = causes.page(report(miss(VERDICTS[0]), miss(VERDICTS[1])), EN)
    assert all_buttons(twice) == [("Details", "1042:0")]


def test_what_was_late_when_it_came_is_listed_and_in_no_share():
    shown = words_of(causes.page(report(miss(VERDICTS[1], 1), miss(VERDICTS[1], 2)), EN))
    assert "No answer was late" in shown
    assert "2 more reached us only after they were due: they are in no rate" in shown
    assert "It reached us at" in shown
    assert "guide: 61 %" not in shown


def test_no_miss_is_good_news_with_its_definition():
    shown = words_of(causes.page(report(period="today"), EN))
    assert "No answer was late" in shown
    assert "Messages whose 24 hours were over today" in shown


@pytest.mark.parametrize(
    ("judges", "told"),
    [
        ("none kept", ["Who was on shift is worked out from today's rota", "no earlier one is kept"]),
        ("one", ["told by version 4 of the rota, in force since"]),
        ("several", ["told by the rota of that time: versions 2 to 4, the newest in force since"]),
        (
            "some of it before the oldest",
            ["told by version 1", "is not known: that time is judged by the oldest"],
        ),
    ],
)
def test_the_report_says_which_versions_of_the_rota_judge(judges, told):
    shown = words_of(causes.page(report(judged(JUDGES[judges])), EN))
    assert all(words in shown for words in told)
    assert ("is not known" in shown) == (judges == "some of it before the oldest")
    assert "Who was on shift" not in words_of(causes.page(report(judged(None)), EN))
