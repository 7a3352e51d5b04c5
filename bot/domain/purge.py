"""Removing personal data: when it is due, what holds it up, and what becomes of each column of each table.

Amazon's Data Protection Policy wants buyers' personal data gone 30 days after delivery; where no delivery is known
they go 30 days after the last message. What is kept says who did what, when, about which order: records of refunds
and exchanges are kept for 18 months, and in the ledger nothing is ever deleted. (amazon reference 3.5)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

GONE = "[…]"
"""What stands where a text was; the same in every language, and never empty: Slack takes no empty text."""
OPTED_OUT = "The buyer opted out"
"""Why a reply came back from a buyer who wants no more messages: words of our own, which stay."""
REASONS = ("a_to_z", "return", "chargeback", "safety", "legal")
"""Why personal data may be kept longer: always by a named owner, and until a date."""
CLAIM = "a_to_z"
UNDER_WAY = timedelta(days=3)
"""So long after its last message a case is still one that people work on."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody's wish to keep the data of a case; the words of REASONS."""

    id: int
    case: int
    reason: str
    owner: str
    until: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold in a list, with store and order of its case."""

    hold: Hold
    store: str | None
    order_id: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case, with all that was merged into it, as the purge looks at it.

    `last_at`: its last buyer message, or reply that left. `delivered_by`: when its order was delivered, or at the
    latest will be; None while nothing says so. `waits`: a buyer still waits for an answer, or something is on its way.
    """

    case: int
    last_at: datetime
    waits: bool
    held: tuple[Hold, ...] = ()
    delivered_by: datetime | None = None


def due_at(one: Candidate, keep: timedelta) -> datetime:
    """When the personal data of a case have to go: `keep` after delivery, or after its last message.

    Who writes long after delivery gets an answer that may yet come back: what is UNDER_WAY is not torn apart.
    """
    if one.delivered_by is None:
        return one.last_at + keep
    return max(one.delivered_by + keep, one.last_at + min(keep, UNDER_WAY))


def obstacle(one: Candidate, now: datetime) -> str | None:
    """Why data that are due stay: held (somebody says so, until a date), waits (an answer is owed); None if nothing."""
    if any(hold.until > now for hold in one.held):
        return "held"
    return "waits" if one.waits else None


# Of each table: what stands in a column after the purge. Replies in state draft are deleted. Every other column is in
# KEPT; a test knows all columns, so that a new one has to be put on one of the two lists.
BLANKS: Mapping[str, Mapping[str, object]] = {
    "mails": {"raw": None, "summary": None, "why": None},
    "cases": {
        "buyer_base": None,
        "buyer_mark": None,
        "buyer_alias": None,
        "buyer_name": None,
        "subject": "",
        "why": "",
    },
    "messages": {"text": GONE, "full_text": GONE, "salt": None},
    "attachments": {"name": GONE, "content": None},
    "replies": {"text": GONE, "salt": None, "reason": None},
    "notes": {"text": GONE},
    "questions": {"text": GONE, "findings": ()},
    "compensations": {"note": ""},
    "handover_notes": {"text": GONE},
    "health_looks": {"warnings": ""},
    "bulks": {"shared": {}},
    "orders": {"known": None},
    "bulk_cases": {"fingerprint": None},
    "typed_messages": {"text": GONE, "salt": None, "fingerprint": None, "reason": None},
    "typed_files": {"name": GONE, "content": None},
}

# Who did what, when, about which order: people of the team, instants, numbers, states, words of our own. Ids of
# Amazon's and of mails stay, by which a mail that comes again is known. Texts are the team's about itself.
KEPT: Mapping[str, str] = {
    "account_changes": "id notification store before after at heard_at subscription mode",
    "alarms": "id kind about since raised_at ended_at facts",
    "alerts": "key road state attempts made_at not_before reason",
    "anchors": "seq hash root peaks at",
    "attachments": "id message content_type size_bytes danger",
    "audits": "place at server stored gone gaps left missed",
    "authorisations": "store since code reason",
    "bulk_cases": "bulk case place state seen seen_reply goes_to reason facts reply",
    "bulks": (
        "id by store template topic lang only_mine then_close sources too_many state made_at started_at "
        "next_at stopped_by ended_at steps"
    ),
    "calendars": "layer text fetched_at failed_at reason",
    "canaries": "id mailbox sent_at arrived_at stored_at reason",
    "cases": (
        "number kind store marketplace channel amazon_case_id order_id asin lang topic risk needs_reply "
        "state assignee assigned_at assigned_by kept offered_to offered_at offer_kind offer_reason "
        "offer_facts planned_for planned_at snoozed_until escalated_at composing composing_at merged_into "
        "merged_by split_from opened_at closed_at acted_at purged_at version"
    ),
    "compensations": (
        "id case store order_id kind state currency value_minor amount_minor reason needs by at "
        "decided_by decided_at"
    ),
    "deadlines": "message case store anchor due_at state counted late_on_arrival answered_at closed_by shift",
    "duty_marks": "id store anchor",
    "handover_notes": "id handover person at",
    "handovers": (
        "id channel at stores leaving accepted_by accepted_at reminded_at escalated_at held_choice held_by"
    ),
    "health_looks": "id store at by response_rate defect_rate standing",
    "holds": "id case reason owner until by at ended_at ended_by",
    "leases": "name owner until",
    "ledger": "seq at who what store case facts hash",
    "mailboxes": "name uidvalidity uid started_at read_at",
    "mails": (
        "id mailbox uidvalidity uid arrived_at stored_at history state message_id kind notice store "
        "order_id case fingerprint"
    ),
    "manual_modes": "id scope since by reason cause facts ended_at ended_by end_reason",
    "messages": "id case mail store message_id received_at lang topic",
    "notes": "id case author post_ts at",
    "numberings": "place uidvalidity behind_uid since seen_at",
    "offers": "id case person at reason ended ended_at",
    "orders": "store order_id state reason attempts wanted_at asked_at known_at next_at delivered_by",
    "outbox": "id key place urgency state created_at not_before lease_until attempts reason",
    "overrides": "id request kind agent is_on start end stores made_at",
    "people": (
        "person agent name zone locale gone kind has_access fetched_at home_opened_at quiet_from quiet_until"
    ),
    "pings": "message stage addressee case at",
    "posts": "key channel ts case posted_at",
    "questions": "id case by at template called seen seen_reply",
    "queues": "name read_at",
    "replies": (
        "id case answers author state template edited then_close created_at not_before attempts taken_at "
        "message_id accepted_at ended_at code by_hand"
    ),
    "rma_counters": "store last",
    "rmas": "id store serial number case order_id made_by made_at",
    "rota_versions": "id in_force_from digest rules names",
    "shift_requests": (
        "id kind state by start end other other_start other_end instead_of stores note reason asks_cover "
        "channel needs_manager created_at decided_by decided_at"
    ),
    "solicitations": (
        "id store order_id marketplace case state by at not_before attempts taken_at ended_at code"
    ),
    "span_figures": "store by start names counts took",
    "summed_spans": "store start end zone changes_at summed_at",
    "switches": "name value",
    "template_versions": "id name lang version text author at retired restores",
    "typed_files": "id message content_type size_bytes",
    "typed_messages": (
        "id case store order_id marketplace kind author state covers_from covers_until created_at not_before "
        "attempts taken_at accepted_at ended_at code request_id by_hand"
    ),
    "user_groups": "handle group members seen_at",
    "warnings": "id key kind about store at facts",
}

POSTS: Mapping[str, str] = {
    "card": "again",
    "recard": "again",
    "home": "again",
    **dict.fromkeys(
        (
            *("message", "reply", "note", "notice", "copy", "ping", "due", "assigned", "taken", "woken"),
            *("escalated", "failed", "unsure", "bounced", "stuck", "offer", "handover", "handover_reminder"),
            *(
                "handover_late",
                "unstaffed",
                "brief",
                "forecast",
                "solution",
                "solution_asked",
                "solution_told",
            ),
            *("question", "merged", "took_in", "separated", "gave_back", "split", "split_off", "gone"),
            *("held_back", "typed", "typed_told"),
        ),
        "erased",
    ),
    **dict.fromkeys(
        (
            *("trouble", "group", "missed", "request", "approval", "asked", "changed", "gaps", "calendar"),
            *("shared", "teamgroup", "left"),
            *(
                "bulk",
                "warned",
                "digest",
                "anchor",
                "manual",
                "manual_told",
                "alarm",
                "withheld",
                "strayed",
                "account",
                "solicitation",
            ),
        ),
        "kept",
    ),
}
"""What becomes of a post in Slack, by the kind of its key: again (said anew, without the data), erased, or kept (it
never had a word of a buyer's, nor a name). An erased one that belongs to no case goes after the same number of days.
"""
