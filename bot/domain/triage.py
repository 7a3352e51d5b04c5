"""Triage: what a buyer wants, how risky it is, and whether it needs a reply at all.

Weighted phrases from `config/topics.yaml` vote for topics. A phrase marked clean takes its words away
first, so that "I don't want a refund" is no vote for refund. Topics and risks mean what the product's
label reference says: one topic, what the buyer wants done now. The result is a suggestion.
"""

import re
from dataclasses import dataclass

from bot.domain.phrase_search import Book
from bot.domain.phrases import Hit

TOPICS = (
    "damaged_defective",
    "wrong_missing",
    "cancel",
    "order_change",
    "invoice",
    "return",
    "refund",
    "delivery",
    "product_question",
    "thanks",
    "other",
)
RISKS = ("safety", "legal", "a_to_z", "anger", "review_threat")

_SHOUTING = re.compile(r"[A-ZÀ-Þ]{2,}")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class TopicRules:
    """The phrases of `config/topics.yaml`; tags are topics, risks and `no_reply`."""

    book: Book


@dataclass(frozen=True, slots=True)
class Triage:
    """A suggestion for one buyer message; `why` has one English line for each decision."""

    topic: str
    risk: tuple[str, ...]
    needs_reply: bool
    why: tuple[str, ...]


def triage(text: str, lang: str | None, rules: TopicRules) -> Triage:
    """Topic, risks and need of a reply; `lang` chooses the phrases and may be unknown."""
    hits = _in_language(rules.book.search(text), lang)
    scores = {topic: _score(hits.get(topic, [])) for topic in TOPICS}
    topic, reason = _topic(text, scores, hits)
    risks = tuple(risk for risk in RISKS if risk in hits or (risk == "anger" and _is_shouting(text)))
    quiet = topic == "thanks" or "no_reply" in hits
    why = [reason]
    why += [f"{risk}: {_quoted(hits[risk]) if risk in hits else 'written in capitals'}" for risk in risks]
    if quiet:
        why.append("no reply needed: " + (_quoted(hits["no_reply"]) if "no_reply" in hits else "only thanks"))
    return Triage(topic, risks, not (quiet and not risks), tuple(why))


def _in_language(hits: dict[str, list[Hit]], lang: str | None) -> dict[str, list[Hit]]:
    """Only the hits of the message's language, if there are any: `con` is a word in one and abuse in another."""
    base = (lang or "").lower()[:2]
    own = {tag: [hit for hit in rows if hit.phrase.lang in {base, "common"}] for tag, rows in hits.items()}
    own = {tag: rows for tag, rows in own.items() if rows}
    return own or hits


def _score(hits: list[Hit]) -> int:
    """Sum of the weights; a phrase counts once."""
    return sum({hit.phrase.source: hit.phrase.weight for hit in hits}.values())


def _topic(text: str, scores: dict[str, int], hits: dict[str, list[Hit]]) -> tuple[str, str]:
    wishes = {topic: score for topic, score in scores.items() if topic not in {"thanks", "other"} and score}
    if wishes and max(wishes.values()) > scores["other"]:
        # Equal scores go to the topic that stands first in TOPICS: the one that costs most if missed.
        topic = max(wishes, key=lambda name: wishes[name])
        return topic, f"{topic}: {_quoted(hits[topic])}"
    if scores["other"] and scores["other"] >= scores["thanks"]:
        return "other", f"other: {_quoted(hits['other'])}"
    if scores["thanks"]:
        return "thanks", f"thanks: {_quoted(hits['thanks'])}"
    if "safety" in hits:
        return "damaged_defective", f"damaged_defective: safety, {_quoted(hits['safety'])}"
    if re.search(r"[??]", text) and len(_LETTERS.findall(text)) > 12:
        return "product_question", "product_question: a question that no other topic claims"
    return "other", "other: no phrase of any topic"


def _quoted(hits: list[Hit]) -> str:
    sources = dict.fromkeys(hit.phrase.source for hit in hits)
    return ", ".join(f"{source!r}" for source in list(sources)[:3])


def _is_shouting(text: str) -> bool:
    """Whether most of a text of some length is in capitals, with exclamation marks."""
    letters = _LETTERS.findall(text)
    capitals = sum(len(word) for word in _SHOUTING.findall(text))
    return len(letters) >= 25 and capitals > 0.7 * len(letters) and "!" in text
