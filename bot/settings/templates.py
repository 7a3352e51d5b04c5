"""Reads the folder of reply templates: `<name>/<lang>.txt`, front matter between `---` lines, then the body.

A template that is wrong is left out and each of its faults is told, with file, line and column; the
others work. What a body may contain: `bot/domain/templates.py`. Texts that managers keep in the database have
the same form: `read_template` reads one, `written` makes one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.domain.templates import (
    LANGUAGES,
    VARIABLES,
    Template,
    TemplateSet,
    did_you_mean,
    flaws_of,
    variables_of,
)
from bot.domain.triage import TOPICS
from bot.settings.hints import shown
from bot.settings.positions import Document, Fault, Keys, place_of
from bot.settings.strict import Strict
from bot.settings.values import MarketplaceCode

# Lets the body of a file be looked at although its front matter is wrong.
_UNKNOWN_HEAD: dict[str, Any] = {"title": "", "title_en": "", "title_zh": "", "topic": "", "needs": VARIABLES}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_NAME = 60


def _known_topic(topic: str) -> str:
    if topic not in TOPICS:
        raise ValueError(f'unknown topic "{topic}".{did_you_mean(topic, TOPICS)}')
    return topic


def _known_variable(name: str) -> str:
    if name not in VARIABLES:
        raise ValueError(f'unknown variable "{name}".{did_you_mean(name, VARIABLES)}')
    return name


Title = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]


class FrontMatter(Strict):
    """What stands between the `---` lines. Titles are for pickers; `needs` must be there before sending."""

    title: Title
    title_en: Title
    title_zh: Title
    topic: Annotated[str, AfterValidator(_known_topic)]
    needs: tuple[Annotated[str, AfterValidator(_known_variable)], ...]
    fulfilment: Literal["any", "amazon", "merchant"] = "any"
    marketplaces: tuple[MarketplaceCode, ...] = Field(default=())


@dataclass(frozen=True, slots=True)
class _File:
    """One file, cut in two. `head` has as many lines before it as the file has."""

    name: str
    head: str
    body: str
    first_line: int


def load_templates(root: Path) -> tuple[TemplateSet, tuple[Fault, ...]]:
    """All templates below `root` that work, and every fault of those that don't. Never raises for a file."""
    if not root.is_dir():
        return TemplateSet(()), (Fault(str(root), 0, 0, "is no folder; expected <name>/<lang>.txt below it"),)
    found: list[Template] = []
    faults: list[Fault] = []
    for path in sorted(root.rglob("*")):
        name = f"{root.name}/{path.relative_to(root).as_posix()}"
        if path.is_dir() or path.name == "README.md" or path.name.startswith("."):
            continue
        template, wrong = _template_of(path, name, path.relative_to(root).parts)
        faults += wrong
        found += [template] if template else []
    return TemplateSet(tuple(found)), tuple(faults)


def _template_of(path: Path, file: str, parts: tuple[str, ...]) -> tuple[Template | None, list[Fault]]:
    misplaced = _misplaced(file, parts)
    if misplaced:
        return None, [misplaced]
    text = read_text(path, file)
    if isinstance(text, Fault):
        return None, [text]
    return read_template(parts[0], path.stem, text, file)


def read_text(path: Path, file: str) -> str | Fault:
    """The text of a template's file, or what is wrong with it."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as why:
        return Fault(file, 0, 0, f"is not UTF-8 text (byte {why.start + 1}); save it as UTF-8")
    except OSError as why:
        return Fault(file, 0, 0, f"can't be read: {why.strerror}")


def read_template(name: str, lang: str, text: str, file: str) -> tuple[Template | None, list[Fault]]:
    """The template that a text with front matter is, or each of its faults; `file` is what they name."""
    cut = _cut(text, file)
    if isinstance(cut, Fault):
        return None, [cut]
    document = _read_head(cut)
    front, faults = _front_matter(document)
    head = front.model_dump() if front else _UNKNOWN_HEAD
    template = Template(name=name, lang=lang, source=cut.body, file=file, first_line=cut.first_line, **head)
    faults += [Fault(file, flaw.line, flaw.column, flaw.text, ("body",)) for flaw in flaws_of(template)]
    if not faults:
        faults += _unused(template, document)
    return (None if faults else template), faults


def written(template: Template) -> str:
    """The text of a template, front matter and body, in the one form that we write."""
    head = {
        "title": _scalar(template.title),
        "title_en": _scalar(template.title_en),
        "title_zh": _scalar(template.title_zh),
        "topic": _scalar(template.topic),
        "needs": f"[{', '.join(template.needs)}]",
    }
    if template.fulfilment != "any":
        head["fulfilment"] = template.fulfilment
    if template.marketplaces:
        # Quoted: NO would be false to readers of older YAML.
        head["marketplaces"] = f"[{', '.join(map(json.dumps, template.marketplaces))}]"
    lines = [f"{key}: {value}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", template.source.strip("\n"), ""])


def _scalar(text: str) -> str:
    """A text as YAML: plain where it reads back as itself, else in quotes."""
    try:
        is_plain = YAML(typ="safe", pure=True).load(f"key: {text}\n") == {"key": text}
    except (YAMLError, ValueError):
        is_plain = False
    is_plain = is_plain and not set(text) & set("'\"?")
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def is_name(text: str) -> bool:
    """Whether a template may be called so."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None


def _misplaced(file: str, parts: tuple[str, ...]) -> Fault | None:
    if len(parts) != 2 or not parts[1].endswith(".txt"):
        return Fault(file, 0, 0, "nobody reads this file; expected <name>/<lang>.txt, such as damaged/de.txt")
    name, lang = parts[0], parts[1].removesuffix(".txt")
    if not _NAME.fullmatch(name):
        return Fault(file, 0, 0, f'the name "{name}" may have only a-z, 0-9 and _, and begins with a letter')
    if lang not in LANGUAGES:
        return Fault(file, 0, 0, f'unknown language "{lang}".{did_you_mean(lang, LANGUAGES)}')
    return None


def _cut(text: str, file: str) -> _File | Fault:
    lines = [line.rstrip() for line in text.split("\n")]
    if lines[0] != "---":
        return Fault(file, 1, 1, 'expected "---", then the front matter (title, topic, needs ...)')
    if "---" not in lines[1:]:
        return Fault(file, 1, 1, 'the front matter has no end; expected a second line "---" before the body')
    end = lines.index("---", 1)
    body = "\n".join(text.split("\n")[end + 1 :])
    return _File(file, "\n".join(["", *lines[1:end]]), body, end + 2)


def _read_head(cut: _File) -> Document:
    """The front matter as values and places. ruamel reads YAML 1.2: `no` and `on` stay text."""
    try:
        tree = YAML(typ="rt", pure=True).load(StringIO(cut.head))
    except MarkedYAMLError as why:
        line, column = place_of(why)
        text = f"not valid YAML: {why.problem}; check the colons and quotes here"
        return Document(cut.name, faults=(Fault(cut.name, line, column, text, _key_of(cut.head, why)),))
    except (YAMLError, ValueError, RecursionError) as why:
        problem = str(why).partition("\n")[0]
        return Document(cut.name, faults=(Fault(cut.name, 1, 1, f"not valid YAML: {problem}"),))
    if not isinstance(tree, CommentedMap):
        text = "expected keys with values: title, title_en, title_zh, topic, needs"
        return Document(cut.name, faults=(Fault(cut.name, 2, 1, text),))
    return Document(cut.name, dict(tree), dict(_places(tree)))


def _key_of(head: str, why: MarkedYAMLError) -> Keys:
    """The key whose value is no YAML, if its line begins with one. A list goes on over the lines behind its key."""
    is_in_list = (why.context or "").startswith("while parsing a flow") and why.context_mark is not None
    line = why.context_mark.line + 1 if is_in_list else place_of(why)[0]
    word, colon, _value = (head.splitlines()[line - 1 : line] or [""])[0].partition(":")
    return (word.rstrip(),) if colon and word.rstrip().isidentifier() else ()


def _places(tree: CommentedMap) -> Iterator[tuple[Keys, tuple[int, int]]]:
    for key, place in (tree.lc.data or {}).items():
        yield (str(key),), (place[0] + 1, place[1] + 1)
        value = tree[key]
        for index in range(len(value)) if isinstance(value, CommentedSeq) else ():
            line, column = value.lc.item(index)
            yield (str(key), index), (line + 1, column + 1)


def _front_matter(document: Document) -> tuple[FrontMatter | None, list[Fault]]:
    if document.faults:
        return None, list(document.faults)
    try:
        return FrontMatter.model_validate(document.value), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [document.fault(keys, text) for keys, text in map(_in_words, found)]


_EXPECTED = {
    "string_type": "text (if it is a number or true/false, put it in quotes)",
    "tuple_type": "a list, such as [order_id, carrier]",
}


def _in_words(found: ErrorDetails) -> tuple[Keys, str]:
    """pydantic's finding in our words: which key, what was expected."""
    keys: Keys = found["loc"]
    kind, given = found["type"], found["input"]
    if kind == "extra_forbidden":
        return keys, f"unknown key.{did_you_mean(str(keys[-1]), FrontMatter.model_fields)}"
    if kind == "missing":
        return keys, "this key is needed and is missing"
    if kind == "value_error":
        return keys, str(found["ctx"]["error"])
    if kind == "string_too_long":
        return keys, f"has {len(given)} characters; at most 40 fit into a picker"
    message = found["msg"].removeprefix("Input should be ").removeprefix("String should have ")
    expected = _EXPECTED.get(kind, message)
    return keys, f"expected {expected}, found {shown(given)}"


def _unused(template: Template, document: Document) -> Iterator[Fault]:
    used = variables_of(template.source)
    for index, name in enumerate(template.needs):
        if name not in used:
            yield document.fault(("needs", index), f'"{name}" is not used in the body. Use it or remove it.')
        elif name in template.needs[:index]:
            yield document.fault(("needs", index), f'"{name}" is listed twice. Remove one.')
