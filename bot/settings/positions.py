"""One YAML file, read so that each fault can name its line and column.

YAML 1.2: `17:30`, `no` and dates stay the text that was typed. A key that is given twice is a
fault, and the walk goes on: all faults of a file are told at once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from bot.settings.hints import SECRET

Keys = tuple[str | int, ...]

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_MOST_VALUES = 100_000
"""Of a file, aliases written out: nine lines of them can mean more than the memory holds."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: `file:line:column: key: text`. Line and column count from 1; 0 = none."""

    file: str
    line: int
    column: int
    text: str
    keys: Keys = field(default=(), compare=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        line = ": ".join(part for part in (place, dotted(self.keys), self.text) if part)
        return SECRET.sub("[a secret]", line)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's plain values (text, numbers, lists, dicts), where each of its keys stands, and its faults.

    `value` is None when the file could not be read at all; an empty file is an empty dict.
    """

    name: str
    value: object = None
    places: Mapping[Keys, tuple[int, int]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def fault(self, keys: Keys, text: str) -> Fault:
        """A fault at `keys`, or at the nearest key above it that the file has."""
        known = keys
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (1, 1))
        return Fault(self.name, line, column, text, keys)


def dotted(keys: Keys) -> str:
    """`stores.acme-us.channels.DE`, as faults and README spell a key."""
    return ".".join(str(key) for key in keys)


def read_yaml(path: Path, name: str) -> Document:
    """The file at `path`, called `name` in faults. Never raises for what is wrong in the file."""
    secrets: list[Fault] = []
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        secrets += _pasted_secrets(text, name)
        reader = YAML(typ="safe", pure=True)
        walk = _Walk(reader, name)
        root = reader.compose(text)
        value = None if root is None else walk.value_of(root, ())
        value = {} if value is None and not walk.faults else value  # `~` is as empty as nothing
    except (YAMLError, UnicodeDecodeError, OSError, RecursionError) as why:
        return Document(name, faults=(*secrets, _unreadable(name, text, why)))
    return Document(name, value, walk.places, (*secrets, *walk.faults))


def _pasted_secrets(text: str, name: str) -> Iterator[Fault]:
    """Secrets anywhere in the text, comments included. They are never repeated."""
    advice = (
        "a secret was pasted here. Put it into an environment variable, name that variable in the key that "
        "ends in _env, and replace the secret if anybody else could read this file"
    )
    for number, line in enumerate(text.splitlines(), start=1):
        for match in SECRET.finditer(line):
            yield Fault(name, number, match.start() + 1, advice)


class _Walk:
    """Turns YAML nodes into plain values and notes the place of each key on the way."""

    def __init__(self, reader: YAML, name: str) -> None:
        self.places: dict[Keys, tuple[int, int]] = {}
        self.faults: list[Fault] = []
        self._reader = reader
        self._name = name
        self._inside: list[Node] = []
        self._left = _MOST_VALUES

    def value_of(self, node: Node, keys: Keys) -> object:
        self.places.setdefault(keys, _place(node))
        self._left -= 1
        if self._left < 0:
            problem = f"its *aliases mean more than {_MOST_VALUES:,} values; write out what is meant"
            raise MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        if isinstance(node, ScalarNode):
            return self._scalar_of(node, keys)
        if node in self._inside:
            self._fault(node, keys, "this *alias refers to the very value that it is part of")
            return None
        self._inside.append(node)
        if isinstance(node, MappingNode):
            value: object = self._mapping_of(node, keys)
        else:
            value = [self.value_of(item, (*keys, index)) for index, item in enumerate(node.value)]
        self._inside.pop()
        return value

    def _scalar_of(self, node: ScalarNode, keys: Keys) -> object:
        if node.tag == _TIMESTAMP:
            return node.value
        try:
            return self._reader.constructor.construct_object(node)
        except (ValueError, TypeError, LookupError, AttributeError) as why:  # what the library lets through
            text = f"{node.value[:40]!r} can't be read as {str(node.tag).rpartition(':')[2]} ({type(why).__name__})"
            self._fault(node, keys, text)
            return None

    def _mapping_of(self, node: MappingNode, keys: Keys) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = (*keys, key)
            if key in found:
                line = self.places[inner][0]
                self._fault(key_node, inner, f"this key is given twice (first on line {line}); keep one")
                continue
            self.places[inner] = _place(key_node)
            found[key] = self.value_of(value_node, inner)
        return found

    def _fault(self, node: Node, keys: Keys, text: str) -> None:
        self.faults.append(Fault(self._name, *_place(node), text, keys))


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def place_of(why: MarkedYAMLError) -> tuple[int, int]:
    """Line and column of what is no YAML, where it opens if it is never closed; 0, 0 if nobody knows."""
    is_open = re.search("end of stream|stream end|simple key", f"{why.problem} {why.context}") is not None
    mark = (why.context_mark if is_open else None) or why.problem_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


_NEAR_LINES = 2
_SLIPS = (
    (re.compile(r"^ *+(?:- ++)?[-\w]++ *+(?P<here>：)"), 'a full-width "："; write ":" and a space'),
    (re.compile(r"^ *+(?:- ++)?[-\w]++:(?P<here>[^\s\d/\\])"), "a space is missing behind the colon"),
    (
        re.compile(r"^ *+(?:- ++)?+(?:[-\w]++:)?+ *+(?P<here>[^\S ])"),
        "a tab or a full-width space; type ordinary spaces",
    ),
)


def _slip_before(text: str, line: int) -> tuple[int, int, str] | None:
    """Line, column and advice of a slip of the keyboard in `line` or right above: YAML stumbles over what follows."""
    written = [
        (number, words) for number, words in enumerate(text.split("\n")[:line], start=1) if words.strip()
    ]
    for number, words in reversed(written[-_NEAR_LINES:]):
        for slip, advice in _SLIPS:
            if found := slip.search(words.rstrip()):
                return number, found.start("here") + 1, advice
    return None


def _indented_otherwise(why: MarkedYAMLError) -> str | None:
    """What the library calls a missing end of a block, for people."""
    if not str(why.problem).startswith("expected <block end>") or why.context_mark is None:
        return None
    return (
        f"this line is indented otherwise than line {why.context_mark.line + 1}, with which its block begins"
    )


def _unreadable(name: str, text: str, why: Exception) -> Fault:
    if isinstance(why, UnicodeDecodeError):
        return Fault(name, 0, 0, f"is not UTF-8 text (byte {why.start + 1}); save it as UTF-8")
    if isinstance(why, OSError):
        return Fault(name, 0, 0, f"can't be read: {why.strerror}")
    if isinstance(why, RecursionError):
        return Fault(name, 0, 0, "its values lie too deep within each other")
    problem = getattr(why, "problem", None) or str(why).splitlines()[0]
    advice = f"not valid YAML: {problem}; check the indentation, colons and quotes here"
    if not isinstance(why, MarkedYAMLError):
        return Fault(name, 0, 0, advice)
    line, column = place_of(why)
    if slip := _slip_before(text, line):
        return Fault(name, slip[0], slip[1], f"not valid YAML: {slip[2]}")
    if otherwise := _indented_otherwise(why):
        advice = f"not valid YAML: {otherwise}; check its spaces, and the quotes above"
    return Fault(name, line, column, advice)
