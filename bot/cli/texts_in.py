"""Texts that a command is given: JSON lines, or one plain text. A bad line is answered, the others go on."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import WrongInput

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """What was given. `is_plain`: one text for a person's eyes, not lines of JSON."""

    is_plain: bool
    lines: tuple[tuple[int, bytes], ...]


def read(file: Path | None) -> Given:
    """The text of `file`, or of standard input. Raises WrongInput when it can't be read."""
    try:
        raw = file.read_bytes() if file and str(file) != "-" else sys.stdin.buffer.read()
    except OSError as why:
        raise WrongInput(
            f"{file}: can't be read ({why.strerror}). Give a file, or nothing for standard input"
        ) from why
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    lines = tuple((number, line) for number, line in enumerate(raw.split(b"\n"), start=1) if line.strip())
    # A reply may begin with a brace, as in {buyer_name}; an object begins with a brace and a quotation mark.
    if any(_begins_an_object(line) for _number, line in lines):
        return Given(False, lines)
    return Given(True, ((1, raw),) if lines else ())


def _begins_an_object(line: bytes) -> bool:
    return line.lstrip().startswith(b"{") and line.lstrip()[1:].lstrip().startswith((b'"', b"}"))


def answers(given: Given, answer: Callable[[Fields], Fields]) -> Iterator[Fields]:
    """The answer to each, in order; `{"line": n, "error": ...}` for what is none."""
    for number, line in given.lines:
        try:
            yield answer(_plain_text(line) if given.is_plain else _object_in(line))
        except WrongInput as why:
            yield {"line": number, "error": str(why)}


def _plain_text(raw: bytes) -> Fields:
    return {"id": None, "text": _decoded(raw)}


def _object_in(line: bytes) -> Fields:
    text = _decoded(line)
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as why:
        raise WrongInput("holds half a character (a lone surrogate); expected whole ones") from why
    except (ValueError, RecursionError) as why:
        raise WrongInput(f"is not JSON ({why}); expected one object on the line") from why
    if not isinstance(found, dict):
        raise WrongInput('is no object; expected {"id": ..., "text": ...}')
    if not isinstance(found.get("text"), str):
        raise WrongInput("has no text; expected the key text, with the text itself in quotes")
    return found


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as why:
        raise WrongInput(f"is not UTF-8 (byte {why.start + 1}); save it as UTF-8") from why


def optional_text(given: Fields, key: str) -> str | None:
    """The text at `key`, or None. Raises WrongInput when it is something else."""
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise WrongInput(f"{key} is {json.dumps(value)[:40]}; expected text in quotes, or null")
    return value or None
