"""What the policy check takes and gives: Context in, Findings out, and the table of its rules.

Rules and severities: Amazon's communication guidelines as collected in the reference (what a reply
must not contain), with the vocabulary of `reply24 lint --json`.
"""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from bot.domain.phrase_search import Book, Hits
from bot.domain.phrase_strips import Strip
from bot.domain.policy.normalise import Plain
from bot.domain.policy.sentence_model import Resemblance, SentenceModel

Severity = Literal["block", "warn"]
Verdict = Literal["block", "warn", "clean"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that shall go out with the reply; `content_type` is empty and `size_bytes` 0 if not known."""

    name: str
    content_type: str = ""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about the reply besides its text.

    `lang` is the language that the reply should have, `detected_lang` the one that it seems to have.
    `buyer_facts` are values of this buyer (street, birthday ...) that need not be repeated.
    """

    marketplace: str | None = None
    lang: str | None = None
    detected_lang: str | None = None
    order_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    buyer_facts: tuple[str, ...] = ()
    parts_required: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the check says about the text; `start:end` counts in the text as it was given."""

    rule: str
    severity: Severity
    start: int
    end: int
    excerpt: str
    why: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of `config/policy/`, ready to search, and the model that was trained beside them.

    `book` is searched in every text; `doubtful` only where the model does not rule the rule out; `parts` until each
    part is found. Tags are rules, parts and helper lists. `known` is what was found of replies that were checked.
    """

    book: Book
    doubtful: Book
    parts: Book
    model: SentenceModel
    known: "dict[tuple[str, Context], tuple[Finding, ...]]" = field(
        default_factory=dict, init=False, repr=False, compare=False
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A text made ready for the rules: as given, undisguised, the phrases that occur in it, and its sentences.

    `words` and `characters` are those of `plain`; `doubtful` are the phrases found in sentences that resemble replies
    that broke a rule; `parts` are the phrases of which a good reply has some.
    """

    text: str
    plain: Plain
    words: Strip
    characters: Strip
    hits: Hits
    doubtful: Hits
    parts: Book
    alike: Resemblance
    context: Context


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: how severe, why Amazon minds, what to do instead."""

    severity: Severity
    why: str
    suggestion: str


RULES = MappingProxyType(
    {
        "external_link": Rule(
            "block",
            "Amazon forbids links that lead away from Amazon.",
            "Remove the link, or name the page on Amazon.",
        ),
        "email_address": Rule(
            "block",
            "Amazon forbids e-mail addresses in messages to buyers.",
            "Remove the address; the buyer can answer here.",
        ),
        "phone_number": Rule(
            "block",
            "Amazon forbids telephone numbers in messages to buyers.",
            "Remove the number; the buyer can answer here.",
        ),
        "messaging_app": Rule(
            "block",
            "Buyer-Seller Messaging is the only approved channel; a messenger leads away from it.",
            "Remove the messenger; go on here.",
        ),
        "off_amazon_payment": Rule(
            "block",
            "Amazon forbids payments and refunds outside Amazon.",
            "Refund through Amazon, to the original means of payment.",
        ),
        "review_solicitation": Rule(
            "block",
            "Amazon forbids asking a buyer to write, change or remove a review or feedback.",
            "Leave reviews out; answer the question only.",
        ),
        "incentive_for_review": Rule(
            "block",
            "Amazon forbids giving anything of value for a review.",
            "Remove the offer, or make it without any word about a review.",
        ),
        "marketing": Rule(
            "block",
            "Amazon forbids marketing, coupons and cross-selling in messages to buyers.",
            "Remove the promotion; answer the question only.",
        ),
        "contact_off_amazon": Rule(
            "block",
            "Buyer-Seller Messaging is the only approved channel; this invites the buyer to leave it.",
            "Ask the buyer to answer this message instead.",
        ),
        "blame_or_threat": Rule(
            "block",
            "Amazon forbids pressing a buyer to withdraw a claim or return, and threats.",
            "Say what you can do, without conditions.",
        ),
        "cancel_pressure": Rule(
            "warn",
            "A seller must not ask a buyer to cancel because of the seller's own problem.",
            "Cancel it yourself, or point to Request cancellation if the buyer asked for it.",
        ),
        "personal_data": Rule(
            "warn",
            "Personal data of the buyer should not be repeated without need.",
            "Leave it out, or name only the town or the last digits.",
        ),
        "attachment_bad": Rule(
            "block",
            "Amazon takes only pdf, jpg, png, doc, docx and txt files, 10 MB in all.",
            "Remove the file or convert it.",
        ),
        "missing_parts": Rule(
            "warn",
            "A good reply thanks the buyer, names the problem and offers a solution.",
            "Add what is missing.",
        ),
        "placeholder_left": Rule(
            "block",
            "A placeholder of the template was not filled in.",
            "Fill it in or remove it.",
        ),
        "order_id_mismatch": Rule(
            "warn",
            "The order id in the text is not the one of this case.",
            "Check that the reply goes to the right buyer.",
        ),
        "language_mismatch": Rule(
            "warn",
            "Amazon wants the buyer's language.",
            "Write the reply in the buyer's language.",
        ),
        "emoji_or_html": Rule(
            "warn",
            "Amazon forbids emojis and HTML in messages to buyers.",
            "Remove it.",
        ),
    }
)


def found(reading: Reading, rule: str, start: int, end: int, *, why: str = "") -> Finding:
    """A finding at `start:end` of the text as given; `why` replaces the rule's own sentence."""
    law = RULES[rule]
    return Finding(rule, law.severity, start, end, reading.text[start:end], why or law.why, law.suggestion)


def found_in_plain(reading: Reading, plain: Plain, rule: str, start: int, end: int) -> Finding:
    """A finding at `start:end` of an undisguised text, led back to the text as given."""
    return found(reading, rule, *plain.span(start, end))
