"""The policy check: what in a reply breaks Amazon's rules for messages to buyers.

`check` is pure: the text, what is known around it and the phrase lists go in, findings come out. One
file is one family of rules; their table is in `finding.py`, the wording in `config/policy/`.
"""

from collections.abc import Iterable

from bot.domain.policy.attachments import check_attachments
from bot.domain.policy.contacts import check_numbers
from bot.domain.policy.finding import RULES, Attachment, Context, Finding, Phrases, Severity, Verdict
from bot.domain.policy.handles import check_handles
from bot.domain.policy.language import check_language, check_order_id
from bot.domain.policy.links import check_links
from bot.domain.policy.markup import check_emoji_and_html, check_placeholders
from bot.domain.policy.parts import check_parts
from bot.domain.policy.personal import check_personal_data
from bot.domain.policy.reading import read_reply
from bot.domain.policy.resemblance import breaks_a_rule, check_resemblance, meant
from bot.domain.policy.wording import check_wording, doubtful, suspects_of

__all__ = [
    "ADVICE",
    "RULES",
    "Attachment",
    "Context",
    "Finding",
    "Phrases",
    "Severity",
    "Verdict",
    "check",
    "for_manager",
    "verdict",
]

ADVICE = frozenset({"missing_parts"})
"""Warnings that say how a reply gets better; anybody may send over them."""

_CHECKS = (
    check_links,
    check_numbers,
    check_handles,
    check_personal_data,
    check_placeholders,
    check_emoji_and_html,
    check_order_id,
    check_language,
    check_attachments,
    check_parts,
)


# How many replies are remembered.
_REMEMBERED = 500


def check(text: str, context: Context, phrases: Phrases) -> tuple[Finding, ...]:
    """Everything that the policy says about a reply, in order of its place in the text.

    It is remembered: the same reply is checked when it is written, previewed, queued and sent.
    """
    known = phrases.known.get((text, context))
    if known is None:
        if len(phrases.known) >= _REMEMBERED:
            phrases.known.clear()
        known = phrases.known[text, context] = _findings(text, context, phrases)
    return known


def _findings(text: str, context: Context, phrases: Phrases) -> tuple[Finding, ...]:
    reading = read_reply(text, context, phrases)
    suspects = suspects_of(reading)
    in_doubt = doubtful(suspects)
    guilty = breaks_a_rule(reading, in_doubt)
    findings = [finding for check_family in _CHECKS for finding in check_family(reading)]
    findings += check_wording(reading, suspects, meant(reading, in_doubt, guilty=guilty))
    findings += check_resemblance(reading, findings) if guilty else ()
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule)))


def verdict(findings: Iterable[Finding]) -> Verdict:
    """`block` if one finding blocks, `warn` if there are only warnings, else `clean`."""
    severities = {finding.severity for finding in findings}
    if "block" in severities:
        return "block"
    return "warn" if severities else "clean"


def for_manager(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The rules over which only a manager may send the text: those of every warning that is no advice, sorted."""
    return tuple(sorted({one.rule for one in findings if one.severity == "warn" and one.rule not in ADVICE}))
