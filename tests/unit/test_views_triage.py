"""What triage says of its reasons is what the details show, in both languages."""

from dataclasses import replace

import pytest

from bot.domain import triage
from bot.slack.views import modals, triage_lines
from tests import world
from tests.unit.view_samples import READ, case
from tests.unit.viewing import EN, ZH, words_of


@pytest.mark.parametrize(
    ("why", "english", "chinese"),
    [
        (
            READ[0],
            "Where is my order? (“where is my parcel”, “tracking”, like other messages of this kind); anger "
            "(written in capitals); safety (like other messages of this kind)",
            "物流配送（“where is my parcel”、“tracking”，与同类消息相似）；情绪激动（全部为大写）；"
            "人身安全（与同类消息相似）",
        ),
        (
            READ[1],
            "Thanks (only thanks); no reply needed (only thanks)",
            "致谢（只是致谢）；无需回复（只是致谢）",
        ),
        (READ[2], "Something else (nothing points to a topic)", "其他（没有能判断主题的内容）"),
        (
            READ[3],
            "Refund (its words and messages like it point to different topics); no reply needed (“all good”)",
            "退款（关键词与相似消息指向不同主题）；无需回复（“all good”）",
        ),
        ("Not from Amazon; look at it", "Not from Amazon; look at it", "Not from Amazon; look at it"),
    ],
)
def test_reasons_are_in_the_readers_language(why: str, english: str, chinese: str) -> None:
    assert (triage_lines.why(why, EN), triage_lines.why(why, ZH)) == (english, chinese)
    for say, words in ((EN, english), (ZH, chinese)):
        assert words in words_of(modals.details(replace(case(), why=why), say))


def test_what_two_phrases_found_is_quoted_once() -> None:
    found = triage.triage("Hallo, meine Lampe kam zerbrochen an.", "de", world.knowledge().topics)
    assert triage_lines.why("; ".join(found.why), ZH).count("zerbrochen") == 1


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("WHERE IS MY PARCEL? I HAVE WAITED FOR THREE WEEKS NOW!", "en"),
        ("Thank you so much!", "en"),
        ("The charger caught fire and burnt my hand, my lawyer will write to you.", "en"),
        ("Vielen Dank, alles gut.", "de"),
        ("退货标签怎么打印？", "zh"),
        ("12345", None),
    ],
)
def test_no_english_sentence_of_triage_stays_in_chinese(text: str, lang: str | None) -> None:
    why = "; ".join(triage.triage(text, lang, world.knowledge().topics).why)
    told = triage_lines.why(why, ZH)
    for sentence in (
        triage.ALIKE, triage.NO_PHRASE, triage.AT_ODDS, triage.CAPITALS, triage.ONLY_THANKS, triage.NO_REPLY
    ):  # fmt: skip
        assert sentence not in told
    assert not any(name in told for name in (*triage.TOPICS, *triage.RISKS)), told


def test_why_a_mail_is_shown_for_review_is_not_cut_as_a_reason_is() -> None:
    why = "This mail is not signed by Amazon: " + "its headers name another host, " * 6
    assert len(why) > 200
    assert triage_lines.why(why.strip(), EN) == why.strip()
