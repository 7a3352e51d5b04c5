"""`reply24 purge`: remove buyers' personal data that are due, or say what would be."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import printing
from bot.cli.at_desk import at_desk

if TYPE_CHECKING:
    from bot.desk.purge import Report
    from bot.domain.purge import Candidate, Hold

_TABLES = (
    ("mails", "mails"),
    ("messages", "buyer messages"),
    ("attachments", "files of buyers"),
    ("replies", "replies"),
    ("drafts", "drafts, deleted"),
    ("typed_messages", "messages by Amazon's API"),
    ("typed_files", "files of these"),
    ("notes", "notes"),
    ("questions", "questions to managers"),
    ("compensations", "remarks on what buyers got"),
    ("handover_notes", "notes of handovers"),
)
_OTHERS = (
    "Not in reach of this program, so see to it yourself: what people typed or uploaded in threads "
    "(Slack: Settings, Message retention), the mails in the mailboxes themselves, backups of the database."
)


def register(app: typer.Typer) -> None:
    """The command that removes personal data."""
    app.command()(purge)


def purge(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be removed; change nothing.")
    ] = False,
    as_json: printing.AsJson = False,
) -> None:
    """Remove personal data whose days are over. Slack's copies go while `reply24 run` is running."""
    from bot.desk import purge as desk_purge

    with at_desk() as desk:
        found = desk_purge.purge(desk, dry_run=dry_run)
    if as_json:
        printing.as_json(report_json(found, dry_run=dry_run))
    else:
        for line in report_lines(found, dry_run=dry_run):
            printing.line(line)
    if found.failed:
        raise typer.Exit(1)


def report_lines(found: "Report", *, dry_run: bool) -> list[str]:
    """The report for people."""
    done = "would be removed" if dry_run else "removed"
    head = f"Personal data older than {found.keep_days} days, {done}: {len(found.cases)} cases"
    rows = [f"  {words:28} {found.rows[table]:6}" for table, words in _TABLES if found.rows.get(table)]
    erased, again = found.posts.get("erased", 0), found.posts.get("again", 0)
    posts = (
        [f"  posts in Slack               {erased:6} to delete, {again} cards to say anew"]
        if found.posts
        else []
    )
    people = (
        [f"  posts of people in threads   {found.by_people:6} that no bot can delete"]
        if found.by_people
        else []
    )
    held = [f"Held: case {one.case}, {_holds(one.held)}" for one in found.held]
    waits = [f"Overdue, but a buyer waits for an answer: case {one.case}" for one in found.waiting]
    failed = [f"Failed, the log says more: case {number}" for number in found.failed]
    return [head, *rows, *posts, *people, *held, *waits, *failed, _OTHERS]


def _holds(found: "tuple[Hold, ...]") -> str:
    return "; ".join(f"{one.reason} until {one.until:%Y-%m-%d}, owner {one.owner}" for one in found)


def report_json(found: "Report", *, dry_run: bool) -> dict[str, Any]:
    """The report for programs."""
    from bot.cli.printing import iso

    def candidate(one: "Candidate") -> dict[str, Any]:
        holds = [
            {
                "hold": each.id,
                "case": each.case,
                "reason": each.reason,
                "owner": each.owner,
                "until": iso(each.until),
            }
            for each in one.held
        ]
        return {"case": one.case, "last_at": iso(one.last_at), "holds": holds}

    return {
        "dry_run": dry_run,
        "as_of": iso(found.as_of),
        "keep_days": found.keep_days,
        "cases": list(found.cases),
        "rows": dict(found.rows),
        "posts": {kind: found.posts.get(kind, 0) for kind in ("erased", "again")},
        "posts_by_people": found.by_people,
        "held": [candidate(one) for one in found.held],
        "waiting": [candidate(one) for one in found.waiting],
        "failed": list(found.failed),
        "not_in_reach": ["threads", "mailboxes", "backups"],
    }
