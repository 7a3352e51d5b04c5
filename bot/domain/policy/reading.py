"""A reply made ready for the rules: undisguised, cut into sentences, searched for phrases."""

from bot.domain.policy.finding import Context, Phrases, Reading
from bot.domain.policy.normalise import undisguised
from bot.domain.policy.resemblance import without_the_harmless
from bot.domain.policy.sentence_model import sentences


def read_reply(text: str, context: Context, phrases: Phrases) -> Reading:
    """What all checks look at."""
    plain = undisguised(text)
    alike = phrases.model.read(plain.text, sentences(plain.text))
    return Reading(
        text,
        plain,
        phrases.book.search_lazily(plain.text),
        phrases.doubtful.search_lazily(without_the_harmless(plain.text, alike)),
        alike,
        context,
    )
