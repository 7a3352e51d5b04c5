"""Every regular expression of the program, and texts that would make a bad one backtrack for ever.

A text is made from the pattern itself: what a repeated part matches, many times over, behind what leads there, with an
end that can't match. Each pattern is tried in a process that the kernel ends when it uses too much processor time.
"""

import ast
import importlib
import json
import os
import pkgutil
import re
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as known  # type: ignore[attr-defined] # the library's own names of its parts
from re import _parser as parser  # type: ignore[attr-defined] # the same
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LENGTH = 16_000
"""Characters of a text. What grows with the square of it takes seconds, what grows with it some milliseconds."""
SECONDS = 1
AT_ONE_PLACE = (
    ("bot/domain/letter.py", "_HELLO"),
    ("bot/mail/mime.py", "_TYPE"),
    ("bot/mail/authentication.py", "_SERVER"),
)
"""Patterns that are tried at the beginning of a text only; searched for, they would be slow."""
MANY = 300
"""A part that may be repeated so often makes a pattern worth an attack."""
_ENDS = ("", "\x00", "\n\x00", "!")
_LIKE = {
    known.CATEGORY_DIGIT: "0",
    known.CATEGORY_SPACE: " ",
    known.CATEGORY_WORD: "a",
    known.CATEGORY_NOT_DIGIT: "a",
    known.CATEGORY_NOT_SPACE: "a",
    known.CATEGORY_NOT_WORD: " ",
}
_REPEATS = (known.MAX_REPEAT, known.MIN_REPEAT, known.POSSESSIVE_REPEAT)


def patterns() -> dict[str, re.Pattern[Any]]:
    """`file:line` -> each pattern that is compiled when the modules are imported, or stands in a call of `re`."""
    found: dict[str, re.Pattern[Any]] = {}
    really = re.compile

    def compile_and_note(pattern: Any, flags: Any = 0) -> re.Pattern[Any]:
        made = really(pattern, flags)
        frame = sys._getframe(1)
        if frame.f_code.co_filename.startswith(f"{ROOT}/bot/"):
            place = f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_lineno}"
            found[place if place not in found else f"{place}:{len(found)}"] = made
        return made

    re.compile = compile_and_note  # type: ignore[assignment] # put back below
    try:
        for module in pkgutil.walk_packages([str(ROOT / "bot")], "bot."):
            if ".migrations." not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    finally:
        re.compile = really
    seen = {pattern.pattern for pattern in found.values()}
    return found | {place: one for place, one in _inline() if one.pattern not in seen}


def _inline() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns that are written where they are used: `re.sub(r"...", ...)`."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_ours = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")
            if is_ours and node.args and isinstance(node.args[0], ast.Constant):
                yield f"{path.relative_to(ROOT)}:{node.lineno}:inline", re.compile(node.args[0].value)


def attacks(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Texts of about `length` characters that are bad for this pattern, if any is."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    pumps = set(_pumps(tree, ""))
    pairs = pumps | {("", _sample(tree)), *(("", one) for one in _alphabet(tree))} if pumps else set()
    for lead, pump in sorted(pairs):
        if pump:
            for end in _ENDS:
                yield (lead + pump * (length // len(pump)))[:length] + end
        if lead:
            yield (lead * (length // len(lead)))[:length] + "\x00"


def _pumps(tree: Iterable[Any], lead: str) -> Iterator[tuple[str, str]]:
    """(what leads there, what is repeated) of each repeated part."""
    for kind, about in tree:
        for inner in _inside(kind, about):
            if kind in _REPEATS and about[1] > MANY:
                yield lead, _sample(inner)
                yield "", lead + _sample(inner)
            yield from _pumps(inner, lead)
        lead += _sample([(kind, about)])


def _inside(kind: Any, about: Any) -> list[Any]:
    if kind in _REPEATS:
        return [about[2]]
    if kind is known.SUBPATTERN:
        return [about[3]]
    if kind is known.BRANCH:
        return list(about[1])
    if kind in (known.ASSERT, known.ASSERT_NOT):
        return [about[1]]
    return [about] if kind is known.ATOMIC_GROUP else []


def _sample(tree: Iterable[Any]) -> str:
    """A short text that a part matches, or nearly."""
    said = ""
    for kind, about in tree:
        if kind is known.LITERAL:
            said += chr(about)
        elif kind is known.NOT_LITERAL:
            said += "a" if about != ord("a") else "b"
        elif kind is known.ANY:
            said += "a"
        elif kind is known.IN:
            said += _one_of(about)
        elif kind in _REPEATS:
            said += _sample(about[2]) * max(1, min(about[0], 20))
        elif kind is not known.ASSERT_NOT:
            inner = _inside(kind, about)
            said += _sample(inner[0]) if inner else ""
    return said


def _one_of(choices: list[Any]) -> str:
    if choices[0][0] is known.NEGATE:
        outside = re.compile("[^" + "".join(map(re.escape, filter(None, map(_char, choices[1:])))) + "]")
        return next((one for one in "a0 .-x\n" if outside.match(one)), "\u4e00")
    return next(filter(None, map(_char, choices)), "a")


def _char(choice: Any) -> str:
    kind, about = choice
    if kind is known.CATEGORY:
        return _LIKE.get(about, "a")
    return chr(about[0] if kind is known.RANGE else about) if kind in (known.LITERAL, known.RANGE) else ""


def _alphabet(tree: Iterable[Any]) -> set[str]:
    """Single characters that the pattern looks at."""
    found = set()
    for kind, about in tree:
        if kind is known.IN:
            found |= {one for choice in about if (one := _char(choice))}
        for inner in _inside(kind, about):
            found |= _alphabet(inner)
        found.add(_sample([(kind, about)])[:1])
    return {one for one in found if one}


def is_slow(pattern: re.Pattern[Any]) -> bool:
    """Whether some text costs more than SECONDS of processor time."""
    child = os.fork()
    if child == 0:
        try:
            _try_all(pattern)
        except BaseException:  # noqa: BLE001 - the child must not go on as if it were the parent
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _try_all(pattern: re.Pattern[Any]) -> None:
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    for text in attacks(pattern, LENGTH):
        given: Any = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
        resource.setrlimit(resource.RLIMIT_CPU, (_used() + SECONDS, hard))
        for _ in pattern.finditer(given):
            pass


def _used() -> int:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return int(spent.ru_utime + spent.ru_stime) + 1


def print_slow() -> None:
    """The places of the slow patterns and how many were tried, as JSON."""
    tried = patterns()
    for file, name in AT_ONE_PLACE:
        only = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), name)
        tried = {place: pattern for place, pattern in tried.items() if pattern is not only}
    slow = [f"{place} {pattern.pattern!r:.160}" for place, pattern in tried.items() if is_slow(pattern)]
    sys.stdout.write(json.dumps({"tried": len(tried), "slow": slow}))
