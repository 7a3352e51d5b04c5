"""A reply made ready for the rules: undisguised, cut into sentences, searched for phrases."""

from bot.domain.phrase_strips import read_characters, read_words
from bot.domain.policy.finding import Context, Phrases, Reading
from bot.domain.policy.normalise import undisguised
from bot.domain.policy.resemblance import doubted_spans
from bot.domain.policy.sentence_model import sentences


def read_reply(text: str, context: Context, phrases: Phrases) -> Reading:
    """What all checks look at."""
    plain = undisguised(text)
    alike = phrases.model.read(plain.text, sentences(plain.text))
    words, characters = read_words(plain.text), read_characters(plain.text)
    doubted = doubted_spans(alike)
    return Reading(
        text,
        plain,
        words,
        characters,
        phrases.book.search_strips(words, characters),
        phrases.doubtful.search_strips(words.within(doubted), characters.within(doubted)),
        phrases.parts,
        alike,
        context,
    )
