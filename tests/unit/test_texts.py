"""What we say: every key that the code asks for is there, in two languages that mean the same."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.domain.marketplaces import MARKETPLACES
from bot.domain.policy import RULES
from bot.domain.templates import LANGUAGES
from bot.domain.triage import RISKS, TOPICS
from bot.errors import NotAllowed, NotFound, Stale
from bot.settings.shape import ThresholdSettings
from bot.slack.texts import TEXTS, Say, duration, error_text, left, say_for, site

BOT = Path(__file__).resolve().parents[2] / "bot"
EN, ZH = Say("en"), Say("zh")
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
CHINESE = re.compile("[\u4e00-\u9fff]")


@cache
def calls() -> list[tuple[str, ast.Call]]:
    found = []
    for path in sorted(BOT.rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.append((f"{path.relative_to(BOT)}:{node.lineno}", node))
    return found


def said() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, key, names of the facts) of each `say("key", ...)`; None where facts come as `**`."""
    for place, call in calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "say" and call.args and isinstance(call.args[0], ast.Constant):
            facts = {keyword.arg for keyword in call.keywords}
            yield place, str(call.args[0].value), None if None in facts else {str(fact) for fact in facts}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """(place, key, names of the facts) of each error that names a text."""
    for place, call in calls():
        facts = {str(keyword.arg): keyword.value for keyword in call.keywords}
        key = facts.pop("key", None)
        name = getattr(call.func, "id", "")
        if isinstance(key, ast.Constant) and name[:1].isupper() and isinstance(key.value, str):
            yield place, key.value, set(facts)


def fields(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


def test_each_text_that_the_code_asks_for_is_there_with_its_facts():
    wrong = [
        f"{place} {key}: {sorted(facts or [])}"
        for place, key, facts in said()
        if key not in TEXTS or (facts is not None and not all(fields(text) <= facts for text in TEXTS[key]))
    ]
    assert wrong == []


def test_each_error_has_a_text_and_brings_its_facts():
    found = list(raised())
    wrong = [
        f"{place} {key}"
        for place, key, facts in found
        if f"error.{key}" not in TEXTS or not all(fields(text) <= facts for text in TEXTS[f"error.{key}"])
    ]
    assert len(found) > 20
    assert wrong == []


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("topic", TOPICS),
        ("risk", RISKS),
        ("rule", RULES),
        ("lang", LANGUAGES),
        ("stage", [stage.name for stage in ThresholdSettings().pings]),
        ("deadline", ("open", "met", "missed", "excused")),
        (
            "reply",
            ("draft", "held", "queued", "sending", "accepted", "failed", "unsure", "bounced", "withdrawn"),
        ),
        ("period", ("today", "7d", "30d", "90d")),
        ("role", ("agent", "manager")),
    ],
)
def test_each_value_of_a_vocabulary_has_a_word(family, values):
    assert [value for value in values if f"{family}.{value}" not in TEXTS] == []


def test_each_rule_of_the_policy_says_why_and_what_to_do():
    parts = [f"finding.{rule}.{part}" for rule in RULES for part in ("why", "do")]
    assert [key for key in parts if key not in TEXTS] == []


def test_chinese_is_chinese_unless_there_is_nothing_to_translate():
    same = {key for key, (_en, zh) in TEXTS.items() if not CHINESE.search(zh)}
    words = {key for key in same if re.search(r"[A-Za-z]{3}", re.sub(r"\{\w+\}|`[^`]*`", "", TEXTS[key][1]))}
    examples = {key for key in words if re.fullmatch(r"usage\.[\w-]+\.\d", key)}
    assert words - examples == {"case.asin", "zone.UTC"}


def test_chinese_has_the_punctuation_of_chinese():
    wrong = [
        key
        for key, (_en, zh) in TEXTS.items()
        if re.search("[\u4e00-\u9fff}*”][,;:!?](?!\\d)|[\u4e00-\u9fff]\\(|\\([\u4e00-\u9fff]", zh)
    ]
    assert wrong == []


def test_markup_stands_free_because_slack_reads_it_only_between_spaces():
    """Chinese has no spaces of its own, and Slack shows the asterisks of *…*字."""
    wrong = [
        key
        for key, (_en, zh) in TEXTS.items()
        for span in re.finditer(r"\*([^*]+)\*", zh)
        if CHINESE.match(zh[span.end() : span.end() + 1])
        or CHINESE.match(zh[span.start() - 1 : span.start()])
    ]
    assert wrong == []


OUR_WORDS = {
    "工单": "会话",
    "对话": "会话",
    "商店": "店铺",
    "责任人": "负责人",
    "备忘": "内部备注",
    "提醒者": "催办",
}


def test_chinese_uses_the_words_of_the_house():
    found = [
        f"{key}: {other}, not {ours}"
        for key, (_en, zh) in TEXTS.items()
        for other, ours in OUR_WORDS.items()
        if other in zh
    ]
    assert found == []


@pytest.mark.parametrize(
    ("locale", "lang"),
    [
        ("zh-CN", "zh"),
        ("zh-TW", "zh"),
        ("ZH", "zh"),
        ("en-US", "en"),
        ("de-DE", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_follows_the_locale(locale, lang):
    assert say_for(locale) == Say(lang)


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (380, "6 h 20 min left", "剩余 6 小时 20 分"),
        (35, "35 min left", "剩余 35 分钟"),
        (60, "1 h left", "剩余 1 小时"),
        (0, "less than 1 min left", "剩余 1 分钟以内"),
        (-65, "overdue by 1 h 05 min", "逾期 1 小时 05 分"),
        (51 * 60, "2 d 3 h left", "剩余 2 天 3 小时"),
    ],
)
def test_time_left(minutes, english, chinese):
    due = NOW + timedelta(minutes=minutes)
    assert (left(due, NOW, EN), left(due, NOW, ZH)) == (english, chinese)


def test_a_part_of_a_minute_does_not_count():
    assert duration(timedelta(seconds=119), EN) == "1 min"


def test_counts_know_one_from_many():
    assert [EN.count("message", n) for n in (0, 1, 2)] == ["0 messages", "1 message", "2 messages"]


def test_a_value_without_a_word_is_shown_as_it_is_and_harmless():
    assert EN.word("topic", "new_*kind*") == "new ∗kind∗"


def test_every_site_has_the_name_that_people_know():
    assert site("DE") == "Amazon.de"
    assert site("UK") == "Amazon.co.uk"
    assert site(None) == ""
    assert all(site(code).startswith("Amazon.") for code in MARKETPLACES)


def test_an_error_speaks_the_persons_language_and_names_people_and_times():
    taken = Stale("no", key="claimed_already", case=1042, who="U0ANNA", at=NOW)
    assert error_text(taken, EN) == (
        "Case 1042 was claimed by <@U0ANNA> at <!date^1795503600^{date_short_pretty} {time}|2026-11-24 07:00 UTC>. "
        "Talk to them, or ask a manager to assign it."
    )
    assert "<@U0ANNA>" in error_text(taken, ZH)
    assert "会话 1042" in error_text(taken, ZH)


def test_several_people_stand_in_a_row_and_nobody_is_said_in_words():
    both = NotAllowed("no", key="managers_only", managers=("U0ANNA", "U0BOB"))
    none = NotAllowed("no", key="managers_only", managers=())
    assert "<@U0ANNA>, <@U0BOB>" in error_text(both, EN)
    assert "nobody yet" in error_text(none, EN)


def test_a_fact_that_a_buyer_wrote_is_harmless():
    odd = NotAllowed("no", key="not_your_store", case=1, store="<!channel> *x*", who=())
    assert "<!channel>" not in error_text(odd, EN)


@pytest.mark.parametrize(
    "error",
    [
        NotFound("There is no mail <5>."),
        NotFound("There is no mail <5>.", key="unheard_of"),
        Stale("There is no mail <5>.", key="claimed_already"),
    ],
    ids=["no key", "an unknown key", "a missing fact"],
)
def test_an_error_without_a_text_of_its_own_speaks_english(error):
    assert error_text(error, ZH) == "There is no mail &lt;5&gt;."
