"""Printing: lines for people, JSON for programs."""

import json
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON: one object, or one line for each item.")]


def line(text: str = "") -> None:
    """One line of text on standard output."""
    sys.stdout.write(f"{text}\n")


def as_json(item: Mapping[str, Any]) -> None:
    """One item as a line of JSON."""
    sys.stdout.write(json.dumps(item, ensure_ascii=False) + "\n")
