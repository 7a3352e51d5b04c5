"""The phrase search says the same as one that tries everything: each order of words, sentence by sentence."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.phrase_search import Book
from bot.domain.phrase_strips import read_characters, read_words
from bot.domain.phrases import Phrase, compile_phrase

_WORDS = ("ab", "abc", "cab", "12", "dx", "dxed")
_FORMS = (*_WORDS, "ab*", "*ab", "*a*", "#", "ab dx", "ab* 12", "ab *ed")
_PIECES = st.lists(st.sampled_from(_FORMS), min_size=1, max_size=3, unique=True).map("|".join)
_GAPS = st.sampled_from([" . ", " .. ", " ... ", " .... "])
_LINES = st.builds(
    lambda first, rest: first + "".join(gap + piece for gap, piece in rest),
    _PIECES,
    st.lists(st.tuples(_GAPS, _PIECES), max_size=2),
)
_SENTENCES = st.lists(st.lists(st.sampled_from(_WORDS), max_size=14), max_size=6)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(st.sampled_from("st"), _LINES), min_size=1, max_size=6), _SENTENCES)
def test_hits_are_where_trying_everything_finds_them(
    lines: list[tuple[str, str]], sentences: list[list[str]]
) -> None:
    phrases = [phrase for tag, line in lines for phrase in compile_phrase(tag, line, "en", {})]
    text = " ".join(f"{' '.join(words)}." for words in sentences)
    book = Book(phrases)
    for _twice in range(2):  # the second time from memory
        found = {(hit.phrase, hit.end) for hits in book.search(text).values() for hit in hits}
        assert found == {(phrase, end) for phrase in phrases for end in _ends(phrase, sentences)}
        assert book.which("st", read_words(text), read_characters(text)) == book.search(text).keys()


def _ends(phrase: Phrase, sentences: list[list[str]]) -> Iterator[int]:
    """The place in the text behind each last word of the phrase."""
    words = [(number, word) for number, sentence in enumerate(sentences) for word in sentence]
    text_ends = []
    place = 0
    for sentence in sentences:
        for word in sentence:
            text_ends.append(place + len(word))
            place += len(word) + 1
        place += 1 + (not sentence)
    reached = [*range(len(words))]  # where the next piece may begin
    for number, step in enumerate(phrase.steps):
        ends = {
            start + len(choice)
            for start in reached
            for choice in step.choices
            if _stands(choice, words[start : start + len(choice)])
        }
        if number + 1 < len(phrase.steps):
            following = phrase.steps[number + 1]
            reached = sorted(
                {
                    start
                    for end in ends
                    for start in range(end, min(end + following.gap + 1, len(words)))
                    if following.across or words[start][0] == words[end - 1][0]
                }
            )
    yield from (text_ends[end - 1] for end in ends)


def _stands(choice: tuple[str, ...], here: list[tuple[int, str]]) -> bool:
    return (
        len(here) == len(choice)
        and len({sentence for sentence, _word in here}) == 1
        and all(_fits(word, form) for (_sentence, word), form in zip(here, choice, strict=True))
    )


def _fits(word: str, form: str) -> bool:
    if form == "#":
        return word.isdigit()
    literal = form.strip("*")
    begins, ends = word.startswith(literal), word.endswith(literal)
    if form.startswith("*") and form.endswith("*"):
        return literal in word
    return ends if form.startswith("*") else begins if form.endswith("*") else word == form
