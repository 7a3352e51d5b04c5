"""The phrase files: what a line means, and how faults are told."""

import pytest

from bot.domain.phrase_search import Book
from bot.domain.phrases import compile_phrase
from bot.errors import ConfigError
from bot.settings.phrases import load_phrases, load_topics


def found(source, text, lang="en", words=None, clean=()):
    lines = [phrase for line in clean for phrase in compile_phrase("t", line, lang, words or {}, clean=True)]
    book = Book([*lines, *compile_phrase("t", source, lang, words or {})])
    return [text[hit.start : hit.end] for hit in book.search(text).get("t", ())]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        pytest.param(
            "leave ... review|rating", "Please LEAVE a kind review.", ["LEAVE a kind review"], id="a gap"
        ),
        pytest.param("leave ... review", "Leave it. The review is in", [], id="a gap ends with the sentence"),
        pytest.param(
            "leave .... review", "Leave it. The review is in", ["Leave it. The review"], id="or not"
        ),
        pytest.param("leave . review", "leave a review", [], id="no gap at all"),
        pytest.param("send back|give it back", "just give it back", ["give it back"], id="several words"),
        pytest.param("*wertung*", "die Kundenbewertungen", ["Kundenbewertungen"], id="the middle of a word"),
        pytest.param("bewert*", "Überbewertet", [], id="only the beginning of a word"),
        pytest.param("# . star|stars", "5 stars", ["5 stars"], id="a number"),
        pytest.param("reponse", "la Réponse", ["Réponse"], id="accents do not count"),
        pytest.param(
            "review & happy", "happy? no. If happy, a review", ["happy, a review"], id="either order"
        ),
    ],
)
def test_a_line(source, text, expected):
    assert found(source, text) == expected


def test_chinese_is_found_without_blanks():
    assert found("给 .. 好评", "请 给个好 评", lang="zh") == ["给个好 评"]


def test_words_of_a_clean_phrase_are_gone():
    assert found("review", "thanks for your review", clean=["thanks .. review"]) == []
    assert found("review", "thanks for your review, leave a review", clean=["thanks .. review"]) == ["review"]


def test_lists_of_words():
    assert found("{app} . me", "whats app me", words={"app": ["whats app"]}) == ["whats app me"]


def faults(root, text, name="en.yaml"):
    (root / "policy").mkdir(exist_ok=True)
    (root / "policy" / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_phrases(root)
    return [fault.replace(str(root) + "/", "") for fault in error.value.faults]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "phrases:\n  marketin: |\n    a\n",
            'policy/en.yaml:2:3: phrases.marketin: unknown key. Did you mean "marketing"?',
        ),
        (
            "phrases:\n  marketing: |\n    a\n    a\n",
            "policy/en.yaml:4:5: phrases.marketing.found: duplicate phrase",
        ),
        ("phrases:\n  marketing: |\n", "policy/en.yaml:2:14: phrases.marketing.found: is empty"),
        (
            "phrases:\n  marketing: |\n    .. a\n",
            "policy/en.yaml:3:5: phrases.marketing.found: invalid phrase '.. a'",
        ),
        ("words:\n  gift: |\n    a\nphrases:\n  marketing: |\n    {gitf}\n", 'Did you mean "gift"?'),
        ("phrases:\n  marketing: |\n    a\n  marketing: |\n    b\n", "duplicate key (first on line 2)"),
        ("phrases: [\n", "policy/en.yaml:2:1: en.yaml: is not YAML"),
        ('words: {}\nphrases: "a\n\nb: c\n', "policy/en.yaml:2:10: en.yaml: is not YAML"),
        ("", "policy/en.yaml:1:1: en.yaml: is empty"),
    ],
)
def test_faults_are_told_with_their_place(tmp_path, text, fault):
    assert any(fault in line for line in faults(tmp_path, text)), faults(tmp_path, text)


def test_all_faults_at_once(tmp_path):
    assert len(faults(tmp_path, "phrases:\n  marketing: |\n    *\n    a .. .. b\nword: 3\n")) == 3


def test_an_unknown_language(tmp_path):
    assert "unknown language" in faults(tmp_path, "words:\n  a: |\n    b\n", name="xx.yaml")[0]


def test_a_missing_topics_file(tmp_path):
    with pytest.raises(ConfigError, match="can't be read"):
        load_topics(tmp_path / "topics.yaml")


def test_words_of_several_phrases_stand_in_memory_once(tmp_path):
    file = tmp_path / "topics.yaml"
    file.write_text(
        "en:\n  words:\n    ask: |\n      please\n      could you\n"
        "  phrases:\n    refund: |\n      {ask} .. refund\n      {ask} ... money back\n"
        "    return: |\n      {ask} .. send back|money back\n",
        encoding="utf-8",
    )
    first, second, third = (one.steps for one in load_topics(file).book.phrases)
    assert first[0].choices == {("please",), ("could", "you")}
    assert first[0].choices is second[0].choices is third[0].choices
    (money_back,) = second[1].choices
    assert any(entry is money_back for entry in third[1].choices)
