"""Why a message has its topic, in the words of whoever reads it."""

import re

from bot.domain.triage import ALIKE, AT_ODDS, CAPITALS, NO_PHRASE, NO_REPLY, ONLY_THANKS, TOPICS, decisions
from bot.slack.inert import escape, shorten
from bot.slack.texts import Say

_REASON, _ELSE = 120, 300
"""Characters of a reason; of what is no decision of triage, such as why a mail is shown for review."""
_SENTENCES = {
    NO_PHRASE: "triage.no_phrase",
    AT_ODDS: "triage.at_odds",
    CAPITALS: "triage.capitals",
    ONLY_THANKS: "triage.only_thanks",
}

_QUOTE = re.compile("“[^“”]*”")
_QUOTES = re.compile(f"{_QUOTE.pattern}(, {_QUOTE.pattern})*")
"""The buyer's words: two phrases can have found the same ones."""


def why(text: str, say: Say) -> str:
    """The reasons of a case, a part for each decision."""
    return say("triage.and").join(_decision(name, reasons, say) for name, reasons in decisions(text))


def _decision(name: str, reasons: tuple[str, ...], say: Say) -> str:
    if not name:
        return say("triage.and_so").join(escape(shorten(one, _ELSE)) for one in reasons)
    because = say("triage.and_so").join(_reason(one, say) for one in reasons)
    kind = "topic" if name in TOPICS else "risk"
    what = say("triage.no_reply") if name == NO_REPLY else say.word(kind, name)
    return say("triage.decision", what=what, because=because)


def _reason(text: str, say: Say) -> str:
    if text.startswith(ALIKE):
        return say("triage.alike")
    if text in _SENTENCES:
        return say(_SENTENCES[text])
    if not _QUOTES.fullmatch(text):
        return escape(shorten(text, _REASON))
    each = dict.fromkeys(_QUOTE.findall(text))
    return escape(shorten(say("triage.and_words").join(each), _REASON))
