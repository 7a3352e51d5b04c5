"""The page of an evidence pack: HTML to read and to print, without scripts, without anything from elsewhere.

Everything that somebody wrote is escaped, stands in an element of its own with its own direction of writing, and
characters that turn or hide text are shown as what they are not: U+FFFD.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from bot.domain.evidence import Evidence

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)

_WORDS = {
    "message_received": "A buyer message came in",
    "review_opened": "A mail came in that a person had to look at",
    "offered": "Offered to somebody on shift",
    "claimed": "Claimed",
    "released": "Given back",
    "assigned": "Assigned",
    "returned": "Went back to the queue",
    "handed_over": "Handed over at the change of shift",
    "kept": "Kept past the change of shift",
    "snoozed": "Put aside",
    "escalated": "Escalated to the managers",
    "noted": "A note was written",
    "reply_blocked": "The check of Amazon's rules refused a text; nothing was sent",
    "reply_rewritten": "A suggestion of the check was taken",
    "manager_asked": "A manager was asked to send over a warning",
    "warning_overridden": "A manager sent over a warning",
    "reply_held": "A reply was confirmed for sending after its preview",
    "reply_hurried": "Sent before the time to undo was over",
    "reply_withdrawn": "The reply was called back",
    "reply_accepted": "Amazon's mail server took the reply",
    "reply_again": "The mail server could not be reached; tried again",
    "reply_failed": "The mail server refused the reply",
    "reply_unsure": "Unknown whether the reply left; a person had to look",
    "reply_decided": "A person said whether the reply had arrived",
    "reply_bounced": "The reply came back",
    "reply_copied": "Amazon's copy of a reply typed in Seller Central came",
    "reply_confirmed": "Amazon's copy of our reply came",
    "typed_blocked": "The check of Amazon's rules refused a message by Amazon's API; nothing was sent",
    "typed_held": "A message by Amazon's API was confirmed for sending after its preview",
    "typed_withdrawn": "The message by Amazon's API was called back",
    "typed_held_back": "The message by Amazon's API was held back: manual mode",
    "typed_accepted": "Amazon took the message by its API",
    "typed_again": "Amazon's API could not be used; tried again",
    "typed_refused": "Amazon refused the message by its API",
    "typed_failed": "The message by Amazon's API was not sent",
    "typed_unsure": "Unknown whether the message by Amazon's API was sent; a person had to look",
    "typed_decided": "A person said whether the message by Amazon's API was sent",
    "no_response_needed": "Marked: no response needed",
    "reopened": "Opened again",
    "merged": "Merged into another case",
    "took_in": "Another case was merged into this one",
    "separated": "A case of its own again",
    "gave_back": "A merged case became its own again",
    "split": "Messages were split off",
    "split_off": "Split off another case",
    "rma_given": "An RMA number was given",
    "solution_asked": "A solution was proposed; a second person was asked",
    "solution_granted": "A solution was granted",
    "solution_approved": "A second person agreed to the solution",
    "solution_refused": "A second person refused the solution",
    "solution_withdrawn": "The solution was taken back",
    "pinged": "A reminder was sent",
    "held": "Personal data held for a claim or a duty",
    "hold_ended": "The hold ended",
    "purged": "Personal data were removed",
    "evidence_made": "An evidence pack was made",
}
_WORD = re.compile("(?<![a-z])[a-z]+(_[a-z]+)+")
_HASHES = frozenset({"text", "address", "manifest", "files"})
_KINDS = {
    "message": "Buyer message",
    "reply": "Reply",
    "note": "Internal note",
    "typed": "Message by Amazon's API",
}

_STYLE = """
@page { size: A4; margin: 16mm 14mm }
* { box-sizing: border-box }
body { font: 14px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #1b1f24;
  max-width: 900px; margin: 0 auto; padding: 28px 24px }
h1 { font-size: 25px; margin: 0 0 4px } h2 { font-size: 17px; margin: 30px 0 8px; padding-bottom: 4px;
  border-bottom: 2px solid #1b1f24; break-after: avoid }
p { margin: 4px 0 } .quiet { color: #57606a } .small { font-size: 12px }
table { width: 100%; border-collapse: collapse; margin: 8px 0 } th, td { text-align: left; vertical-align: top;
  padding: 5px 10px 5px 0; border-bottom: 1px solid #d8dee4; overflow-wrap: anywhere } th { font-size: 12px;
  color: #57606a; font-weight: 600; white-space: nowrap }
.nr { white-space: nowrap } tr { break-inside: avoid } td.at { white-space: nowrap; width: 1% }
.mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 11px; overflow-wrap: anywhere }
.text { border-left: 3px solid #8c959f; margin: 10px 0 16px; padding: 2px 0 2px 12px; break-inside: avoid }
.text.reply, .text.typed { border-color: #1a7f37 } .text.note { border-color: #bf8700 }
.text.message { border-color: #0969da }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0 }
.met { color: #1a7f37 } .missed, .open { color: #b42318 } .excused { color: #57606a } b { font-weight: 600 }
.box { background: #f6f8fa; border: 1px solid #d8dee4; border-radius: 6px; padding: 10px 14px; margin: 12px 0;
  break-inside: avoid }
@media print { body { padding: 0; font-size: 11px } h2 { font-size: 14px } }
"""


def report(found: Evidence) -> str:
    """The whole page."""
    page = _Page(found)
    body = "\n".join(
        (*page.head(), *page.cases(), *page.given(), *page.timeline(), *page.texts(), *page.proof())
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>Evidence: {_shown(found.wanted)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _shown(value: object) -> str:
    """As text of the page, without what turns, hides or means something."""
    return escape(_UNSEEN.sub("\ufffd", str(value)), quote=True)


def _when(stated: str | None) -> str:
    """An instant of the files, to the second, in UTC."""
    if stated is None:
        return "–"
    return f"{datetime.fromisoformat(stated).astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f"<th>{one}</th>" for one in head)
    lines = "".join(
        "<tr>"
        + "".join(f'<td class="at">{one}</td>' if not at else f"<td>{one}</td>" for at, one in enumerate(row))
        + "</tr>\n"
        for row in rows
    )
    return f"<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>"


class _Page:
    def __init__(self, found: Evidence) -> None:
        self._found = found

    def _who(self, person: object) -> str:
        """A person's name, with the id that the records have."""
        if person is None:
            return "–"
        name = self._found.people.get(str(person))
        return f'{_shown(name)} <span class="quiet small">{_shown(person)}</span>' if name else _shown(person)

    def head(self) -> Iterable[str]:
        found = self._found
        stores = ", ".join(_shown(name) for name in found.stores.values()) or "store not known"
        yield f"<h1>Evidence: {_shown(found.wanted)}</h1>"
        yield f'<p class="quiet">{stores} · made {found.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC by reply24</p>'
        duties = [duty for case in found.cases for duty in case["deadlines"] if duty["counted"]]
        met = sum(duty["state"] == "met" for duty in duties)
        yield (
            f'<div class="box">Cases: <b>{len(found.cases)}</b> · buyer messages to be answered within 24 hours: '
            f"<b>{len(duties)}</b> · answered in time: <b>{met}</b> · all times are UTC</div>"
        )

    def cases(self) -> Iterable[str]:
        for case in self._found.cases:
            yield f"<h2>Case {case['case']}</h2>"
            facts = (
                ("Order", case["order_id"]),
                ("Article", case["asin"]),
                ("Marketplace", case["marketplace"]),
                ("State", case["state"]),
                ("Merged into case", case["merged_into"]),
            )
            yield (
                "<p>"
                + " · ".join(f"{name} <b>{_shown(value)}</b>" for name, value in facts if value)
                + "</p>"
            )
            if case["personal_data_removed_at"]:
                gone = _when(case["personal_data_removed_at"])
                yield f'<p class="quiet">The buyer\'s personal data were removed on {gone}, as Amazon demands.</p>'
            for one in case["holds"]:
                held = f"{self._fact(one['reason'])}, {self._who(one['owner'])}, until {_when(one['until'])}"
                yield f'<p class="quiet">Personal data held: {held}</p>'
            yield _table(
                ("Received", "Due", "Answered", "Result"),
                (
                    (
                        _when(duty["received_at"]),
                        _when(duty["due_at"]),
                        _when(duty["answered_at"]),
                        f'<b class="{_shown(duty["state"])}">{_shown(duty["state"])}</b>'
                        + (" (came too late to be answered)" if duty["late_on_arrival"] else ""),
                    )
                    for duty in case["deadlines"]
                ),
            )

    def given(self) -> Iterable[str]:
        if not self._found.given:
            return
        yield "<h2>What the buyer was given</h2>"
        yield _table(
            ("When", "What", "By", "Decided by"),
            (
                (
                    _when(one["at"]),
                    _shown(one["what"].replace("_", " "))
                    + (f" <b>{_shown(one['amount'])}</b>" if one.get("amount") else "")
                    + (f" <b>{_shown(one['number'])}</b>" if one.get("number") else "")
                    + (f", {_shown(one['state'])}" if one.get("state") else ""),
                    self._who(one["by"]),
                    self._who(one.get("decided_by")),
                )
                for one in self._found.given
            ),
        )

    def timeline(self) -> Iterable[str]:
        yield "<h2>What happened</h2>"
        yield _table(
            ("When", "Who", "What", "Record"),
            (
                (
                    _when(line["at"]),
                    self._who(line["who"]),
                    f"<b>{_shown(_WORDS.get(line['what'], line['what'].replace('_', ' ')))}</b>"
                    f"{self._facts(line['facts'])}",
                    f'<span class="nr">{_shown(line["record"] or "–")}</span>',
                )
                for line in self._found.timeline
            ),
        )

    def _facts(self, facts: Mapping[str, Any]) -> str:
        """What a record says besides; hashes are in the files."""
        said = [
            f"{_shown(name.replace('_', ' '))} {self._fact(value)}"
            for name, value in facts.items()
            if name not in _HASHES and value not in (None, "", [], {}, False)
        ]
        return f'<br><span class="quiet small">{" · ".join(said)}</span>' if said else ""

    def _fact(self, value: object) -> str:
        if isinstance(value, list):
            return ", ".join(self._fact(one) for one in value)
        if isinstance(value, dict):
            return ", ".join(f"{_shown(name)} {_shown(one)}" for name, one in value.items() if one)
        if str(value) in self._found.people:
            return self._who(value)
        is_word = _WORD.fullmatch(str(value)) is not None
        return _shown(str(value).replace("_", " ") if is_word else value)

    def texts(self) -> Iterable[str]:
        yield "<h2>Texts, as far as they are kept</h2>"
        for one in self._found.texts:
            kind = _KINDS[one["kind"]]
            state = f", {_shown(one['state'])}" if one["state"] else ""
            files = ", ".join(f"{_shown(file['name'])} ({file['size_bytes']} bytes)" for file in one["files"])
            yield (
                f'<div class="text {one["kind"]}"><p class="small"><b>{kind} {one["id"]}</b>{state} · '
                f"{_when(one['at'])} · {self._who(one['who'])} · case {one['case']}</p>"
                f'<pre dir="auto">{_shown_lines(one["text"])}</pre>'
                + (f'<p class="small quiet">Files: <bdi>{files}</bdi></p>' if files else "")
                + "</div>"
            )

    def proof(self) -> Iterable[str]:
        ledger = self._found.ledger
        yield "<h2>Proof</h2>"
        yield (
            f"<p>{len(ledger['records'])} records of the ledger are in <b>records.json</b>, each with the hashes that "
            "lead from it to the head of the ledger and to the last anchor, which is posted once a day. "
            "<b>verify.py</b> checks all files of this pack; the README says how.</p>"
        )
        rows = [
            (
                name,
                f'<span class="nr">{_shown(ledger[end]["seq"])}</span>',
                *(f'<span class="mono">{_shown(ledger[end][key])}</span>' for key in ("hash", "root")),
            )
            for name, end in (("Head", "head"), ("Anchor", "anchor"))
            if ledger[end]
        ]
        yield _table(("", "Record", "Hash", "Root of the tree"), rows)


def _shown_lines(text: str) -> str:
    return "\n".join(_shown(line) for line in text.replace("\r\n", "\n").split("\n"))
