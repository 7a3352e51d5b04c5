"""`reply24 check`, `manifest`, `triage` and `lint`: they look and tell.

The last two need no configuration: without phrases of the team they take the shipped ones.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import printing

if TYPE_CHECKING:
    from bot.cli.texts_in import Fields
    from bot.domain.policy import Attachment, Phrases
    from bot.settings.shape import SlackSettings
    from bot.work.check import Check

File = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="JSON lines, or one plain text; - or nothing is standard input."),
]


def register(app: typer.Typer) -> None:
    """Commands that look and tell."""
    for command in (check, manifest, triage, lint):
        app.command()(command)


def check(as_json: printing.AsJson = False) -> None:
    """Look at everything that the bot needs, and say what is wrong and how to mend it."""
    from bot.log import set_up
    from bot.settings import config_folder
    from bot.work.check import look

    set_up("error")
    is_wrong = False
    for found in look(config_folder(os.environ), os.environ):
        is_wrong |= found.state == "wrong"
        if as_json:
            printing.as_json(asdict(found))
        else:
            _print_check(found)
    if is_wrong:
        raise typer.Exit(1)


_STATES = {"ok": "ok", "warn": "warn", "wrong": "WRONG", "skipped": "-"}


def _print_check(found: "Check") -> None:
    printing.line(f"{_STATES[found.state]:<7}{found.name:<28}{found.found}")
    if found.mend:
        printing.line(f"{'':<7}{'':<28}mend: {found.mend}")


def manifest(
    http: Annotated[str, typer.Option(metavar="URL", help="The bot's public address, for mode http.")] = "",
    as_json: printing.AsJson = False,
) -> None:
    """Print the manifest that the Slack app is made from (api.slack.com/apps > From a manifest)."""
    import json

    from bot.errors import ConfigError
    from bot.slack.manifest import manifest as manifest_of

    slack = _slack_settings()
    if http and not http.startswith("https://"):
        raise typer.BadParameter(f'"{http}": Slack calls https:// addresses only', param_hint="--http")
    if slack.mode == "http" and not http:
        raise ConfigError(
            "slack.mode is http: Slack needs the bot's address, reply24 manifest --http https://..."
        )
    made = manifest_of(slack, http or None)
    if as_json:
        printing.as_json(made)
    else:
        printing.line(json.dumps(made, indent=2, ensure_ascii=False))


def _slack_settings() -> "SlackSettings":
    """The team's, or the defaults where no settings are yet: the app is what people begin with."""
    from bot.settings import config_folder, load_settings
    from bot.settings.shape import SlackSettings

    folder = config_folder(os.environ)
    if folder.is_dir() or "REPLY24_CONFIG" in os.environ:
        return load_settings(folder, os.environ).slack
    sys.stderr.write(f"{folder}: is not there, so the commands have their own names\n")
    return SlackSettings(review_channel="amz-review", escalation_channel="amz-leads")


def triage(file: File = None, as_json: printing.AsJson = False) -> None:
    """Say what buyers want: {id, text} on each line, {id, topic, risk, needs_reply, lang, why} out."""
    from bot.cli.texts_in import optional_text
    from bot.domain.marketplaces import MARKETPLACES
    from bot.domain.triage import triage as guess
    from bot.mail import language
    from bot.settings.phrases import load_topics

    rules = load_topics(phrases_in_use() / "topics.yaml")

    def answer(asked: "Fields") -> "Fields":
        site = MARKETPLACES.get(optional_text(asked, "marketplace") or "")
        lang = optional_text(asked, "lang") or language.of(asked["text"], site.language if site else None)
        found = guess(asked["text"], lang, rules)
        return {
            "id": asked.get("id"),
            "topic": found.topic,
            "risk": list(found.risk),
            "needs_reply": found.needs_reply,
            "lang": lang,
            "why": list(found.why),
        }

    _answer_all(file, answer, None if as_json else _print_triage)


def lint(file: File = None, as_json: printing.AsJson = False) -> None:
    """Say what in replies breaks Amazon's rules: {id, text, marketplace, lang, attachments} on each line.

    A plain text ends with 1 if it must not be sent.
    """
    from bot.settings.phrases import load_phrases

    phrases = load_phrases(phrases_in_use())
    _answer_all(file, lambda asked: _linted(asked, phrases), None if as_json else _print_lint)


def _linted(asked: "Fields", phrases: "Phrases") -> "Fields":
    from bot.cli.texts_in import optional_text
    from bot.domain import policy
    from bot.mail import language

    lang = optional_text(asked, "lang")
    context = policy.Context(
        marketplace=optional_text(asked, "marketplace"),
        lang=lang,
        detected_lang=language.of(asked["text"], lang) if lang else None,
        order_id=optional_text(asked, "order_id"),
        attachments=tuple(_attachments(asked.get("attachments") or [])),
    )
    findings = policy.check(asked["text"], context, phrases)
    return {
        "id": asked.get("id"),
        "verdict": policy.verdict(findings),
        "findings": [asdict(one) for one in findings],
    }


def _attachments(given: Any) -> "Iterator[Attachment]":
    """Names, or objects with name, content_type and size. Raises WrongInput."""
    from bot.domain.policy import Attachment
    from bot.errors import WrongInput

    for one in given if isinstance(given, list) else [given]:
        file = {"name": one} if isinstance(one, str) else one
        if not isinstance(file, dict) or not isinstance(file.get("name"), str):
            raise WrongInput('attachments: expected names, or objects such as {"name": "invoice.pdf"}')
        kind, size = file.get("content_type") or "", file.get("size") or 0
        if not isinstance(kind, str) or not isinstance(size, int):
            raise WrongInput("attachments: expected content_type as text and size as a number of bytes")
        yield Attachment(file["name"], kind, size)


def _answer_all(
    file: Path | None, answer: "Callable[[Fields], Fields]", show: "Callable[[Fields], None] | None"
) -> None:
    """Answer all that was given; a plain text is answered by `show`, for people, if there is one."""
    from bot.cli.texts_in import answers, read

    given = read(file)
    is_wrong = False
    for found in answers(given, answer):
        is_wrong |= "error" in found or (given.is_plain and found.get("verdict") == "block")
        if "error" in found and given.is_plain and show:
            sys.stderr.write(f"{file or 'standard input'}: {found['error']}\n")
        elif given.is_plain and show:
            show(found)
        else:
            printing.as_json(found)
    if is_wrong:
        raise typer.Exit(1)


def _print_triage(found: "Fields") -> None:
    printing.line(f"topic        {found['topic']}")
    printing.line(f"risk         {', '.join(found['risk']) or 'none'}")
    printing.line(f"needs reply  {'yes' if found['needs_reply'] else 'no'}")
    printing.line(f"language     {found['lang'] or 'not known'}")
    for why in found["why"]:
        printing.line(f"because      {why}")


def _print_lint(found: "Fields") -> None:
    printing.line(found["verdict"])
    for one in found["findings"]:
        excerpt = " ".join(one["excerpt"].split())
        where = f' at {one["start"]}: "{excerpt}"' if excerpt else ""
        printing.line(f"  {one['severity']:<6}{one['rule']}{where}")
        printing.line(f"        {one['why']} {one['suggestion']}")


def phrases_in_use() -> Path:
    """The folder of the policy phrases and topic rules: the team's, or the shipped ones."""
    from bot.cli.running import phrases_folder
    from bot.settings import config_folder

    return phrases_folder(config_folder(os.environ))
