"""The commands that need no configuration: mail parse, triage, lint, templates check, manifest."""

import json
import shutil
import subprocess
import sys

import pytest

from bot.sandbox.slack.offer import offer_from
from tests.e2e.cli_runs import reply24
from tests.world import ROOT

MAILS = ROOT / "tests" / "data" / "mails"


def test_help_names_every_command_and_an_unknown_one_is_wrong_usage(tmp_path):
    shown = reply24("--help", folder=tmp_path)
    assert shown.code == 0
    wanted = ("run", "check", "manifest", "mail", "triage", "lint", "templates", "sla", "ledger", "db")
    assert all(f" {command} " in shown.out for command in wanted)
    assert reply24("dance", folder=tmp_path).code == 2


def test_no_command_loads_the_database_library_before_it_is_needed(tmp_path):
    loaded = (
        "import sys, bot.cli; print(sorted({'sqlalchemy', 'slack_bolt', 'imapclient'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_mails_are_one_line_of_json_each_and_a_missing_file_stops_no_other(tmp_path):
    shutil.copy(MAILS / "apple_french.eml", tmp_path / "a.eml")
    done = reply24(
        "mail", "parse", "gone.eml", "a.eml", "-", "--json", folder=tmp_path, stdin=b"Subject: Hi\n\nHello"
    )
    assert done.code == 1
    assert done.err.startswith("gone.eml: can't be read")
    first, second = done.json_lines()
    assert (first["file"], first["kind"], first["marketplace"], first["lang"]) == (
        "a.eml",
        "buyer_message",
        "FR",
        "fr",
    )
    assert first["text"] == "Oui, je confirme le retour."
    assert first["received_at"] == "2026-11-23T14:05:10Z"
    assert (second["file"], second["kind"]) == ("-", "other")


def test_a_mail_for_people_can_not_steer_the_terminal(tmp_path):
    raw = b"From: a@b.example\nSubject: x\n\nred \x1b[31m text\n"
    done = reply24("mail", "parse", "-", folder=tmp_path, stdin=raw)
    assert done.code == 0
    assert "kind" in done.out
    assert "\x1b" not in done.out


def test_triage_answers_each_line_and_a_bad_one_with_its_number(tmp_path):
    lines = [
        json.dumps({"id": "a", "text": "Where is my parcel? It should have been here on Monday."}),
        "no json {",
        json.dumps({"id": "b", "text": "\ud83d"}),
        "",
        json.dumps({"id": "c", "text": "Vielen Dank, das hat sich erledigt!"}),
    ]
    done = reply24("triage", "--json", folder=tmp_path, stdin="\n".join(lines))
    assert done.code == 1
    parcel, no_json, half, thanks = done.json_lines()
    assert (parcel["id"], parcel["topic"], parcel["needs_reply"], parcel["lang"]) == (
        "a",
        "delivery",
        True,
        "en",
    )
    assert parcel["risk"] == []
    assert parcel["why"]
    assert no_json["line"] == 2
    assert no_json["error"].startswith("is not JSON")
    assert half["line"] == 3
    assert (thanks["id"], thanks["topic"], thanks["needs_reply"]) == ("c", "thanks", False)


def test_lint_speaks_the_contract_and_a_finding_is_no_failure_of_a_batch(tmp_path):
    reply = {
        "id": 7,
        "text": "Hello, write to anna@shop.example",
        "marketplace": "DE",
        "lang": "en",
        "attachments": [
            "label.pdf",
            {"name": "run.exe", "content_type": "application/x-msdownload", "size": 10},
        ],
    }
    (tmp_path / "in.jsonl").write_text(json.dumps(reply) + "\n", encoding="utf-8")
    done = reply24("lint", "in.jsonl", "--json", folder=tmp_path)
    assert done.code == 0
    found = done.json()
    assert (found["id"], found["verdict"]) == (7, "block")
    assert set(found["findings"][0]) == {"rule", "severity", "start", "end", "excerpt", "why", "suggestion"}
    address = next(one for one in found["findings"] if one["rule"] == "email_address")
    assert reply["text"][address["start"] : address["end"]] == address["excerpt"] == "anna@shop.example"
    assert "attachment_bad" in {one["rule"] for one in found["findings"]}


def test_a_plain_text_that_must_not_be_sent_ends_with_1(tmp_path):
    done = reply24("lint", folder=tmp_path, stdin="{buyer_name}, write me on WhatsApp")
    assert done.code == 1
    assert done.out.startswith("block\n")
    assert "messaging_app" in done.out
    assert "placeholder_left" in done.out


def test_templates_with_faults_are_named_with_their_place(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(ROOT / "templates" / "thanks", folder / "thanks")
    broken = folder / "thanks" / "en.txt"
    text = broken.read_text(encoding="utf-8")
    broken.write_text(text.replace("topic: thanks", "topic: thank"), encoding="utf-8")
    assert "topic: thanks" in text
    done = reply24("templates", "check", "--templates", "mine", "--json", folder=tmp_path)
    assert done.code == 1
    found = done.json()
    assert found["templates"] == 6
    assert any(one.startswith("mine/thanks/en.txt:") and "topic" in one for one in found["faults"])


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param(("--http", "https://bot.example"), 0, id="with an address"),
        pytest.param(("--http", "http://bot.example"), 2, id="Slack calls no plain http"),
    ],
)
def test_the_manifest_is_what_slack_takes(tmp_path, options, code):
    done = reply24("manifest", *options, folder=tmp_path)
    assert done.code == code
    if code == 0:
        assert offer_from(json.loads(done.out)).has_command("/reply24")
