"""Triage: what a buyer wants, how risky it is, and whether it needs a reply at all.

Two voices. Weighted phrases from `config/topics.yaml`, which managers edit: a phrase marked clean takes its
words away first, so that "I don't want a refund" is no vote for refund. And a small trained model
(bot/domain/topic_model.py) that covers what nobody wrote a phrase for. Their votes are added; a phrase of
weight 9 decides alone. For a risk either voice is enough: one that is overlooked costs more than a false one.
Topics and risks mean what the product's label reference says. The result is a suggestion.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.phrase_search import Book
from bot.domain.phrases import Hit
from bot.domain.privacy import hide
from bot.domain.topic_model import TopicModel

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

# Measured on texts that neither voice had seen: from 0.2 to 0.4 the figures hardly differ.
_WEIGHT_OF_PHRASES = 0.3
_DECIDES = 9
# Chosen on 1 645 messages by five authors whom the model had not read, a quarter of them risky: 97 % of the risks are
# found, and one message in eleven has a risk too many.
_LIKELY_RISK = {"safety": 0.33, "legal": 0.16, "a_to_z": 0.18, "anger": 0.2, "review_threat": 0.24}
# No true risk that a phrase finds was less likely.
_UNLIKELY_RISK = 0.1
# From here on a clause with such a phrase counts more than the message.
_LIKELY_CLAUSE = 0.45
_LIKELY_QUIET = 0.6
# How many such clauses are looked at, and how far they reach before and behind the phrase, in characters.
_CLAUSES, _LONGEST_CLAUSE = 20, 300
_STOP = re.compile(r"[,.;:!?…、。，；：！？\n]+")
_HARDLY = 0.05
_NO_SHARE = 1e-4
_ABOUT = {
    "damaged_defective": "damage and defects",
    "wrong_missing": "wrong or missing items",
    "cancel": "cancelling",
    "order_change": "changing an order",
    "invoice": "invoices",
    "return": "returns",
    "refund": "refunds",
    "delivery": "delivery",
    "product_question": "how products work and fit",
    "thanks": "thanks",
    "other": "other matters",
    "safety": "injury or danger",
    "legal": "lawyers and authorities",
    "a_to_z": "claims and chargebacks",
    "anger": "insults",
    "review_threat": "bad reviews to come",
    "no_reply": "nothing that needs an answer",
}

ALIKE = "similar to messages about"
"""How a reason begins for which the model speaks; these are the others that are no phrases."""
NO_PHRASE, AT_ODDS = "no phrase of any topic", "phrases and similar messages point to different topics"
CAPITALS, ONLY_THANKS, NO_REPLY = "written in capitals", "only thanks", "no reply needed"

_SHOUTING = re.compile(r"[A-ZÀ-Þ]{2,}")
_DECISIONS = frozenset({*TOPICS, *RISKS, NO_REPLY})
_NEXT_DECISION = re.compile(rf"; (?=(?:{'|'.join(sorted(_DECISIONS))}): )")
_SOURCE = r"(?:'(?:[^'\\]|\\.)*'|\"[^\"]*\")"
_WITH_SOURCE = re.compile(rf"(?<=”) \({_SOURCE}\)")
_QUOTED = re.compile(rf"(?<![^\s]){_SOURCE}(?=[,;]|$)")
_LETTERS = re.compile(r"[^\W\d_]")
# What would end a quotation or a reason in the middle.
_IN_WORDS = str.maketrans("“”;", "'',")
_LONGEST_WORDS = 40


@dataclass(frozen=True, slots=True)
class TopicRules:
    """The phrases of `config/topics.yaml`, tags are topics, risks and `no_reply`; without a model they vote alone."""

    book: Book
    model: TopicModel | None = None


@dataclass(frozen=True, slots=True)
class Triage:
    """A suggestion for one buyer message; `why` has one English line for each decision, with words of the buyer."""

    topic: str
    risk: tuple[str, ...]
    needs_reply: bool
    why: tuple[str, ...]


def triage(text: str, lang: str | None, rules: TopicRules) -> Triage:
    """Topic, risks and need of a reply; `lang` chooses the phrases and may be unknown."""
    text = unicodedata.normalize("NFKC", text)
    hits = _in_language(rules.book.search(text), lang)
    votes = _votes(text, hits, rules.model) if rules.model and _LETTERS.search(text) else {}
    topic, reason = _topic(text, hits, votes)
    risks = {risk: because for risk in RISKS if (because := _risk(risk, text, hits, votes))}
    if topic == "product_question":
        # "Is the flame red one in stock?", "I am a lawyer, does it fit?": a word alone is no danger and no threat.
        risks = {risk: because for risk, because in risks.items() if votes.get(risk, 1) >= _HARDLY}
    quiet = _quiet(topic, text, hits, votes)
    why = [reason, *(f"{risk}: {because}" for risk, because in risks.items())]
    if quiet:
        why.append(f"{NO_REPLY}: {quiet}")
    return Triage(topic, tuple(risks), bool(risks) or not quiet, tuple(why))


def _votes(text: str, hits: Mapping[str, list[Hit]], model: TopicModel) -> Mapping[str, float]:
    """The model's votes. Where a phrase names a risk, its clause counts too: fire is fire, whatever is asked beside."""
    votes = dict(model.votes(text))
    for risk in (risk for risk in RISKS if risk in hits):
        clauses = dict.fromkeys(_clause(text, hit) for hit in hits[risk][:_CLAUSES])
        vote = max(model.votes(clause)[risk] for clause in clauses)
        if vote >= _LIKELY_CLAUSE:
            votes[risk] = max(vote, votes[risk])
    return votes


def _clause(text: str, hit: Hit) -> str:
    """The part of the text between two stops in which a phrase stands."""
    first = max(0, hit.start - _LONGEST_CLAUSE)
    starts = [stop.end() for stop in _STOP.finditer(text, first, hit.start)]
    end = _STOP.search(text, hit.end, hit.end + _LONGEST_CLAUSE)
    return text[starts[-1] if starts else first : end.start() if end else hit.end + _LONGEST_CLAUSE].strip()


def _in_language(hits: dict[str, list[Hit]], lang: str | None) -> dict[str, list[Hit]]:
    """Only the hits of the message's language, if there are any: `con` is a word in one and abuse in another."""
    base = (lang or "").lower()[:2]
    own = {tag: [hit for hit in rows if hit.phrase.lang in {base, "common"}] for tag, rows in hits.items()}
    own = {tag: rows for tag, rows in own.items() if rows}
    return own or {tag: rows for tag, rows in hits.items() if not base or tag != "anger"}


def _score(hits: list[Hit]) -> int:
    """Sum of the weights; a phrase counts once."""
    return sum({hit.phrase.source: hit.phrase.weight for hit in hits}.values())


def _topic(text: str, hits: Mapping[str, list[Hit]], votes: Mapping[str, float]) -> tuple[str, str]:
    """The topic with most votes, and who voted for it; of equals the first in TOPICS, which costs most if missed."""
    found = {topic: hits[topic] for topic in TOPICS if topic in hits}
    decisive = {
        topic: rows for topic, rows in found.items() if any(hit.phrase.weight >= _DECIDES for hit in rows)
    }
    if not found and not votes:
        return "other", f"other: {NO_PHRASE}"
    score = {
        topic: _WEIGHT_OF_PHRASES * _score(found.get(topic, []))
        + math.log(max(votes.get(topic, 0), _NO_SHARE))
        for topic in decisive or TOPICS
    }
    topic = max(score, key=lambda name: score[name])
    reasons = [_quoted(text, found[topic])] if topic in found else []
    if votes and max(TOPICS, key=lambda name: votes[name]) == topic:
        reasons.append(f"{ALIKE} {_ABOUT[topic]}")
    return topic, f"{topic}: {'; '.join(reasons) or AT_ODDS}"


def _risk(risk: str, text: str, hits: Mapping[str, list[Hit]], votes: Mapping[str, float]) -> str:
    """Why the message has this risk; empty if it has not."""
    if any(hit.phrase.weight >= _DECIDES for hit in hits.get(risk, ())):
        return _quoted(text, hits[risk])
    if risk in hits and votes.get(risk, 1) >= _UNLIKELY_RISK:
        return _quoted(text, hits[risk])
    if risk == "anger" and _is_shouting(text):
        return CAPITALS
    if votes.get(risk, 0) >= _LIKELY_RISK[risk]:
        return f"{ALIKE} {_ABOUT[risk]}"
    return ""


def _quiet(topic: str, text: str, hits: Mapping[str, list[Hit]], votes: Mapping[str, float]) -> str:
    """Why the message may stay without a reply; empty if it needs one."""
    if topic not in {"thanks", "other"}:
        return ""
    if "no_reply" in hits:
        return _quoted(text, hits["no_reply"])
    if topic == "thanks":
        return ONLY_THANKS
    if votes.get("no_reply", 0) >= _LIKELY_QUIET:
        return f"{ALIKE} {_ABOUT['no_reply']}"
    return ""


def together(earlier: Triage, newest: Triage) -> Triage:
    """What a case seems to be about while earlier messages wait too: their risks stay, and that they need a reply.

    Thanks behind a question change nothing. Otherwise the topic is the newest message's.
    """
    if earlier.needs_reply and not newest.needs_reply:
        return earlier
    risk = tuple(one for one in RISKS if one in {*earlier.risk, *newest.risk})
    kept = [line for line in earlier.why if line.partition(": ")[0] in {*risk} - {*newest.risk}]
    return replace(newest, risk=risk, why=(*newest.why, *kept))


def lines(why: str) -> tuple[str, ...]:
    """The lines of a `Triage` that were joined by "; "."""
    return tuple(_NEXT_DECISION.split(why))


def decisions(why: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was decided and the reasons, of lines of a `Triage` joined by "; "; the name of a decision may be empty.

    People read the buyer's words without the phrase that found them. Older reasons have the phrase alone, which lists
    what may stand in each place: of it they read the first word of each place.
    """
    said = _WITH_SOURCE.sub("", why)
    said = _QUOTED.sub(lambda phrase: f"“{_first_of_each(phrase[0][1:-1])}”", said)
    for line in lines(said):
        name, colon, reasons = line.partition(": ")
        known = colon and name in _DECISIONS
        yield (name, tuple(reasons.split("; "))) if known else ("", (line,))


def _first_of_each(phrase: str) -> str:
    return " … ".join(place.split("|")[0] for place in phrase.split(" .. "))


def _quoted(text: str, hits: list[Hit]) -> str:
    """The buyer's words, each with the phrase that found them; without what a channel does not get to see."""
    first = {hit.phrase.source: text[hit.start : hit.end] for hit in reversed(hits)}
    sources = dict.fromkeys(hit.phrase.source for hit in hits)
    return ", ".join(f"“{_words(first[source])}” ({source!r})" for source in list(sources)[:3])


def _words(found: str) -> str:
    words = " ".join(hide(found).text.translate(_IN_WORDS).split())
    return words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 1].rstrip()}…"


def _is_shouting(text: str) -> bool:
    """Whether most of a text of some length is in capitals, with exclamation marks."""
    letters = _LETTERS.findall(text)
    capitals = sum(len(word) for word in _SHOUTING.findall(text))
    return len(letters) >= 25 and capitals > 0.7 * len(letters) and "!" in text
