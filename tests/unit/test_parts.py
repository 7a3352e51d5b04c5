"""The three parts of a reply in seven languages: what counts as one, and what is suggested where one lacks."""

import pytest

from bot.domain.policy import Context, check
from bot.domain.policy.part_sentences import ANSWER_HERE, PROBLEM, SOLUTION, THANKS
from bot.domain.policy.parts import missing_parts
from bot.domain.policy.reading import read_reply
from bot.domain.policy.rewrites import applied, rewrites
from bot.domain.triage import TOPICS
from bot.settings.phrases import LANGUAGES
from tests.unit import part_phrasings
from tests.unit.part_phrasings import LACKING, SAID
from tests.unit.policy_figures import phrases

SAMPLES = [(part, text) for (_lang, part), texts in SAID.items() for text in texts]
REPLIES = [(lang, part, text) for lang, rows in LACKING.items() for part, text in rows]


def missing(text: str) -> tuple[str, ...]:
    return missing_parts(read_reply(text, Context(), phrases()))


@pytest.mark.parametrize(("part", "text"), SAMPLES)
def test_what_people_say_is_the_part(part, text):
    assert part not in missing(text)


@pytest.mark.parametrize(("lang", "part", "text"), REPLIES)
def test_the_part_that_lacks_is_suggested_and_added_with_a_click(lang, part, text):
    assert missing(text) == (part,)
    context = Context(lang=lang, detected_lang=lang)
    (made,) = rewrites(text, check(text, context, phrases()), context, phrases(), "delivery")
    assert (made.key, made.rules) == (part, ("missing_parts",))
    assert check(applied(text, made), context, phrases()) == ()


def test_there_are_enough_samples_of_each():
    parts = (part_phrasings.THANKS, part_phrasings.PROBLEM, part_phrasings.SOLUTION)
    assert {key for key, texts in SAID.items() if len(texts) >= 6} == {
        (lang, part) for lang in LANGUAGES for part in parts
    }
    assert {lang for lang, rows in LACKING.items() if len(rows) >= 6} == set(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_suggested_sentences_are_a_whole_reply_for_each_topic(lang):
    space = "" if lang in ("ja", "zh") else " "
    context = Context(lang=lang, detected_lang=lang)
    assert set(PROBLEM[lang]) == set(SOLUTION[lang]) == set(TOPICS)
    found = {
        topic: check(
            space.join((THANKS[lang], PROBLEM[lang][topic], SOLUTION[lang][topic], ANSWER_HERE[lang])),
            context,
            phrases(),
        )
        for topic in TOPICS
    }
    assert {topic: findings for topic, findings in found.items() if findings} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_suggested_sentence_is_its_part(lang):
    assert "part_thanks" not in missing(THANKS[lang])
    assert [one for one in PROBLEM[lang].values() if "part_problem" in missing(one)] == []
    assert [one for one in SOLUTION[lang].values() if "part_solution" in missing(one)] == []
