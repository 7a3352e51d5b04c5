"""What must hold for any input: one function a target, from bytes; it fails when something else happens."""

import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.desk.knowledge import Knowledge
from bot.domain import privacy, triage
from bot.domain.policy import Context, check
from bot.domain.sheet_reading import read_sheet
from bot.errors import ConfigError, WrongInput
from bot.mail import language, parse
from bot.settings import load_settings, shipped
from bot.settings.load import FILES
from bot.settings.phrases import load_phrases, load_topics
from bot.settings.reconcile import ReconcileSettings
from bot.settings.templates import read_template
from tests import world
from tests.fuzz.counter import COMMANDS, Counter
from tests.unit.test_mail_parse import is_sound

ARRIVED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
_PLACED = re.compile(r"^[^:\n]+(?::\d+:\d+)?: \S")
_WITHOUT_COMMENTS = re.compile(rb"^[ ]*(?:#.*)?\n", re.MULTILINE)
_COMMON = "policy/common.yaml"
_PHRASES = 1
"""So many of each list are enough: a search that waits for a thousand at each try finds nothing."""
_ENVIRON = {
    "REPLY24_DEMO_DATA": "/nowhere",
    "REPLY24_DEMO_SLACK_URL": "http://127.0.0.1:1/api/",
    "REPLY24_DEMO_SMTP_PORT": "25",
}


def mail(data: bytes) -> None:
    """Any bytes are a mail, without the safety net of `parse.read`."""
    assert is_sound(parse.interpret(data, ARRIVED))


def lint(data: bytes) -> None:
    """Findings lie in the text, triage gives known topics, masks hide all at once; none of them raises."""
    text = data.decode("utf-8", "replace")
    known = knowledge()
    for finding in check(text, Context(), known.phrases):
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.excerpt == text[finding.start : finding.end]
    said = triage.triage(text, language.of(text, None), known.topics)
    assert said.topic in triage.TOPICS
    assert set(said.risk) <= set(triage.RISKS)
    assert not privacy.hide(privacy.hide(text).text).counts


def settings(data: bytes) -> None:
    """A file of settings (the first byte chooses which) is right, or each of its faults names its place."""
    names = sorted(_files())
    name, text = names[(data[0] if data else 0) % len(names)], data[1:]
    with tempfile.TemporaryDirectory() as made:
        check_file(Path(made) / "config", name, text)


def check_file(folder: Path, name: str, text: bytes) -> None:
    """What must hold for the settings in `folder`, with `text` in place of the file `name`."""
    for other, content in _files().items():
        if other == name or _are_read_together(other, name):
            path = folder / other
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if other == name else content)
    try:
        if name.startswith("policy/"):
            load_phrases(folder)
        elif name == "topics.yaml":
            load_topics(folder / name)
        else:
            load_settings(folder, _ENVIRON)
    except ConfigError as why:
        unplaced = [fault for fault in why.faults if not _PLACED.match(fault)]
        if unplaced or not why.faults:
            raise AssertionError(unplaced) from why


def _are_read_together(one: str, name: str) -> bool:
    """Whether a fault of one file may be due to the other: languages need only what they have in common."""
    return (one in FILES and name in FILES) or (one == _COMMON and name.startswith("policy/"))


def template(data: bytes) -> None:
    """A template is right, and then what is written of it reads back the same; or each fault names its place."""
    text = data.decode("utf-8", "replace")
    found, faults = read_template("damaged", "de", text, "damaged/de.txt")
    assert (found is None) == bool(faults)
    assert all(_PLACED.match(str(fault)) for fault in faults)


def sheet(data: bytes) -> None:
    """A report is rows of text, or a sentence that says what is wrong."""
    layout = ReconcileSettings().layout()
    with suppress(WrongInput):
        for row in read_sheet(data, layout.names()).rows:
            assert all(isinstance(cell, str) for cell in row.cells)


def commands(data: bytes) -> None:
    """What a person types behind a command (the first byte chooses which) is done, or refused by our own words."""
    typed = data[1:].decode("utf-8", "replace")
    answers = counter().type(COMMANDS[(data[0] if data else 0) % len(COMMANDS)], typed)
    assert answers or counter().slack.sent


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parse": mail,
    "lint": lint,
    "settings": settings,
    "template": template,
    "sheet": sheet,
    "commands": commands,
}


def seeds(target: str) -> list[bytes]:
    """Good inputs to begin with."""
    data = world.ROOT / "tests" / "data"
    if target == "parse":
        return [path.read_bytes() for path in sorted((data / "mails").glob("*.eml"))]
    if target == "settings":
        return [bytes([number]) + _files()[name] for number, name in enumerate(sorted(_files()))]
    if target == "template":
        return [path.read_bytes() for path in sorted(shipped("templates").glob("*/*.txt"))]
    if target == "commands":
        return [
            bytes([number]) + b"1001 find katrin template:x <@U0ANNA> nordlicht week" for number in range(14)
        ]
    if target == "sheet":
        return [b"Order ID,Received at\n302-1234567-1234567,2026-11-25 09:00\n"]
    return [
        parse.read(path.read_bytes(), ARRIVED).text.encode() for path in (data / "mails").glob("golden*.eml")
    ]


@cache
def knowledge() -> Knowledge:
    """The shipped one."""
    return world.knowledge()


@cache
def counter() -> Counter:
    """One place to type commands at, for all inputs."""
    return Counter(knowledge())


@cache
def _files() -> dict[str, bytes]:
    """A whole folder of settings that is right, by name; without comments, and with few phrases."""
    root = shipped("config")
    names = [
        *FILES,
        "topics.yaml",
        *(f"policy/{path.name}" for path in sorted((root / "policy").glob("*.yaml"))),
    ]
    found = {name: _WITHOUT_COMMENTS.sub(b"", (root / name).read_bytes()) for name in names}
    return {name: text if name in FILES else _shortened(text) for name, text in found.items()}


def _shortened(text: bytes) -> bytes:
    """A file of phrases with the first ones of each list."""
    kept, in_row = [], 0
    for line in text.splitlines(keepends=True):
        in_row = 0 if line.rstrip().endswith((b":", b"|")) else in_row + 1
        if in_row <= _PHRASES or b": " in line:
            kept.append(line)
    return b"".join(kept)
