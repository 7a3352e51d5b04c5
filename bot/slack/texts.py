"""What we say to people, in their language: English or Chinese.

A key leads to (English, Chinese) in one of the `texts_*` files. Words follow the house's list of names:
one word for one thing, in both languages. Facts that come from outside are escaped by whoever passes
them; `error_text` does it for errors.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from bot.domain.marketplaces import MARKETPLACES
from bot.errors import Reply24Error
from bot.slack.inert import escape, mention, when
from bot.slack.texts_alerts import ALERTS
from bot.slack.texts_answers import ANSWERS
from bot.slack.texts_bulk import BULK
from bot.slack.texts_case import CASE
from bot.slack.texts_causes import CAUSES
from bot.slack.texts_digests import DIGESTS
from bot.slack.texts_errors import ERRORS
from bot.slack.texts_figures import FIGURES
from bot.slack.texts_ingest import INGEST
from bot.slack.texts_manual import MANUAL
from bot.slack.texts_merging import MERGING
from bot.slack.texts_modals import MODALS
from bot.slack.texts_orders import ORDERS
from bot.slack.texts_pages import PAGES
from bot.slack.texts_pings import PINGS
from bot.slack.texts_questions import QUESTIONS
from bot.slack.texts_records import RECORDS
from bot.slack.texts_reply import REPLY
from bot.slack.texts_requests import REQUESTS
from bot.slack.texts_shifts import SHIFTS
from bot.slack.texts_solutions import SOLUTIONS
from bot.slack.texts_templates import TEMPLATES
from bot.slack.texts_typed import TYPED
from bot.slack.texts_warnings import WARNINGS
from bot.slack.texts_week import WEEK
from bot.slack.texts_whatif import WHATIF
from bot.slack.texts_words import WORDS

Lang = Literal["en", "zh"]

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **WORDS,
        **CASE,
        **REPLY,
        **PINGS,
        **MODALS,
        **PAGES,
        **ERRORS,
        **ANSWERS,
        **SHIFTS,
        **REQUESTS,
        **ALERTS,
        **TEMPLATES,
        **SOLUTIONS,
        **QUESTIONS,
        **BULK,
        **MERGING,
        **MANUAL,
        **CAUSES,
        **WHATIF,
        **FIGURES,
        **WARNINGS,
        **DIGESTS,
        **INGEST,
        **RECORDS,
        **ORDERS,
        **TYPED,
        **WEEK,
    }
)

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Say:
    """Says things in one language: `say("case.assignee", who=...)`."""

    lang: Lang

    def __call__(self, key: str, **facts: object) -> str:
        """The text of `key`, filled in. Raises KeyError for a key or a fact that does not exist."""
        return TEXTS[key][self.lang == "zh"].format(**facts)

    def word(self, family: str, value: str) -> str:
        """The word for one value of a vocabulary, such as ("topic", "refund"); unknown values as they are."""
        key = f"{family}.{value}"
        return self(key) if key in TEXTS else escape(value.replace("_", " "))

    def count(self, noun: str, number: int) -> str:
        """A number with its noun: "1 message", "2 messages"."""
        return self(f"count.{noun}.{'one' if number == 1 else 'many'}", n=number)

    def several(self, words: list[str]) -> str:
        """Words in a row, with the comma of the language."""
        return ("、" if self.lang == "zh" else ", ").join(words)

    def apart(self, groups: Iterable[str]) -> str:
        """Groups of words in a row, with the semicolon of the language."""
        return ("；" if self.lang == "zh" else "; ").join(groups)

    def joined(self, sentences: Iterable[str | None]) -> str:
        """Sentences after each other; None is left out."""
        return ("" if self.lang == "zh" else " ").join(one for one in sentences if one)


def say_for(locale: str | None) -> Say:
    """How to talk to somebody with this Slack locale: Chinese for zh-anything, else English."""
    return Say("zh" if (locale or "").lower().startswith("zh") else "en")


def site(marketplace: str | None) -> str:
    """A marketplace as people know it: "Amazon.de"; empty when it is not known."""
    place = MARKETPLACES.get(marketplace or "")
    return f"Amazon.{place.domain}" if place else escape(marketplace or "")


def duration(span: timedelta, say: Say) -> str:
    """A span in words, to the minute: "less than 1 min", "35 min", "6 h 20 min", "1 h 05 min", "2 d 3 h"."""
    minutes = int(abs(span).total_seconds()) // 60
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return say("span.moment")
    if hours < 1:
        return say("span.minutes", minutes=minutes)
    if hours < 48 and minutes % 60 == 0:
        return say("span.full_hours", hours=hours)
    if hours < 48:
        return say("span.hours", hours=hours, minutes=f"{minutes % 60:02d}")
    return say("span.days", days=days, hours=hours % 24)


def window(seconds: int, say: Say) -> str:
    """How long something can still be undone: "45 seconds", "5 min"."""
    return say.count("second", seconds) if seconds < 120 else duration(timedelta(seconds=seconds + 30), say)


def left(due_at: datetime, now: datetime, say: Say) -> str:
    """How long there is to answer: "6 h 20 min left", "overdue by 1 h 05 min"."""
    return say("span.left" if due_at >= now else "span.overdue", span=duration(due_at - now, say))


def error_text(error: Reply24Error, say: Say) -> str:
    """What an error says to a person, as mrkdwn: what happened, what was expected, what to do next.

    Persons become mentions and instants date tokens. An error without a text of its own speaks English.
    """
    facts = {name: _fact(value, say) for name, value in error.facts.items()}
    try:
        return say(f"error.{error.key}", **facts)
    except KeyError:
        return escape(str(error))


def _fact(value: object, say: Say) -> str:
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, tuple | list):
        return say.several([_fact(one, say) for one in value]) or say("nobody")
    if value is None:
        return "–"
    text = str(value)
    return mention(text) if _PERSON.fullmatch(text) else escape(text)
