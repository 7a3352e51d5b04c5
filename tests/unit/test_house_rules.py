"""House rules that no other tool checks: sizes, names, docstrings, texts, ids, what may not be in a file.

Each rule collects everything that breaks it and says where, so one run tells all.
"""

import ast
import io
import re
import string
import subprocess
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from bot.settings import (
    api,
    breaker,
    digests,
    health,
    notify,
    peak,
    queues,
    reconcile,
    records,
    rota_shape,
    shape,
    solutions,
)
from bot.settings.strict import Strict

ROOT = Path(__file__).resolve().parents[2]
BOT = ROOT / "bot"
SLACK = BOT / "slack"
GENERATED = BOT / "db/migrations/versions"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked() -> tuple[Path, ...]:
    """All files of the repository, those that are not yet committed included."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=False).stdout.decode().split("\0")
    found = [ROOT / name for name in listed if name] or [*BOT.rglob("*"), *(ROOT / "tests").rglob("*")]
    return tuple(path for path in found if path.is_file() and "__pycache__" not in path.parts)


@cache
def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), str(path))


def python_files(folder: Path) -> list[Path]:
    inside = (path for path in tracked() if path.suffix == ".py" and path.is_relative_to(folder))
    return [path for path in inside if not path.is_relative_to(GENERATED)]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, Function))


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def own_lines_of(function: Function) -> int:
    """Without the functions inside it, such as the handlers in a `register`: they are counted by themselves."""
    inside = [node for node in function.body if isinstance(node, Function)]
    return lines_of(function) - sum(map(lines_of, inside))


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name}: {own_lines_of(node)} lines, up to {limit}"
        for folder, limit in ((BOT, 40), (ROOT / "tests", 60))
        for path in python_files(folder)
        for node in functions(path)
        if own_lines_of(node) > limit
    ]
    assert not long, "which part is a thing of its own?\n" + "\n".join(long)


def is_table(path: Path) -> bool:
    """Whether nine tenths of the file are literals that stand at its top level: data, not code."""
    body = tree_of(path).body
    literals = [
        node for node in body if isinstance(node, ast.Assign | ast.AnnAssign) and is_literal(node.value)
    ]
    return sum(map(lines_of, literals)) >= 0.9 * sum(map(lines_of, body))


def is_literal(node: ast.expr | None) -> bool:
    code = (ast.Lambda, ast.Await, ast.Yield, ast.GeneratorExp, ast.DictComp, ast.ListComp, ast.SetComp)
    return node is not None and not any(isinstance(inner, code) for inner in ast.walk(node))


def test_files_have_one_subject() -> None:
    long = []
    for folder, limit in ((BOT, 400), (ROOT / "tests", 600)):
        for path in python_files(folder):
            count = text_of(path).count("\n")
            if count > limit and not is_table(path):
                long.append(f"{named(path)}: {count} lines, up to {limit}")
    assert not long, "which subject deserves a file of its own?\n" + "\n".join(long)


@pytest.mark.parametrize(("name", "limit"), [("README.md", 250), ("bot/README.md", 150)])
def test_pages_for_people_stay_short(name: str, limit: int) -> None:
    assert text_of(ROOT / name).count("\n") <= limit


def test_comments_are_few() -> None:
    comments = code = 0
    for path in python_files(BOT):
        for token in tokenize.generate_tokens(io.StringIO(text_of(path)).readline):
            comments += token.type == tokenize.COMMENT
            code += token.type == tokenize.NEWLINE
    assert comments <= 0.12 * code, f"{comments} comments on {code} lines of code; which of them say why?"


def test_exceptions_from_the_rules_are_narrow_and_have_a_reason() -> None:
    narrow = re.compile(r"# (noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[a-z-]+\]) +\S")
    wide = []
    for path in (*python_files(BOT), *python_files(ROOT / "tests")):
        for token in tokenize.generate_tokens(io.StringIO(text_of(path)).readline):
            exception = token.type == tokenize.COMMENT and re.match(r"# ?(noqa|type: ?ignore)", token.string)
            if exception and not narrow.match(token.string):
                wide.append(f"{named(path)}:{token.start[0]} {token.string}")
    assert not wide, 'expected such as "# noqa: S105 - an address":\n' + "\n".join(wide)


def test_each_module_says_what_lives_in_it() -> None:
    silent = [named(path) for path in python_files(BOT) if not ast.get_docstring(tree_of(path))]
    assert not silent, "modules without a docstring:\n" + "\n".join(silent)


def test_each_public_function_of_the_inner_rooms_says_what_it_does() -> None:
    silent = [
        f"{named(path)}:{node.lineno} {node.name}"
        for room in ("domain", "desk", "db/queries")
        for path in python_files(BOT / room)
        for node in tree_of(path).body
        if isinstance(node, Function) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not silent, "functions without a docstring:\n" + "\n".join(silent)


EMPTY_WORDS = frozenset(
    ("util", "utils", "helper", "helpers", "manager", "service", "processor", "data", "info", "item", "obj")
) | {"base", "common", "misc"}
EMPTY_CLASS_WORDS = {"Util", "Utils", "Helper", "Helpers", "Manager", "Service", "Processor", "Handler"}

# What others call so: aiosmtpd, html.parser, SQLAlchemy, websockets their hooks, Slack its method `users.info`.
SAID_BY_OTHERS = re.compile(
    r"handle_[A-Z]+|handle_(data|\w+tag)|process_(bind_param|result_value|request)|info"
)


def test_no_repeat_of_a_pattern_is_printed_as_a_number() -> None:
    """`rf"[0-9]{0,20}"` says "(0, 20)": within an f-string, braces of a pattern are doubled."""
    printed = [
        f"{named(path)}:{node.lineno}"
        for path in python_files(BOT)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FormattedValue)
        and (isinstance(node.value, ast.Tuple) or type(getattr(node.value, "value", None)) is int)
    ]
    assert not printed


def test_names_say_something() -> None:
    empty = []
    for path in (*python_files(BOT), *python_files(ROOT / "tests")):
        if path.stem in EMPTY_WORDS or path.stem.startswith(("utils_", "helper_")):
            empty.append(named(path))
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                bad = EMPTY_CLASS_WORDS & set(re.findall(r"[A-Z][a-z0-9]+", node.name))
            elif isinstance(node, Function):
                stem = node.name.strip("_")
                bad = {stem} & EMPTY_WORDS or stem.startswith(("do_", "process_", "handle_"))
            else:
                continue
            if bad and not SAID_BY_OTHERS.fullmatch(node.name):
                empty.append(f"{named(path)}:{node.lineno} {node.name}")
    assert not empty, "names that say nothing:\n" + "\n".join(empty)


OTHER_WORDS = re.compile(
    r"(?<![a-z])(tickets?|enquir(y|ies)|inquir(y|ies)|roster|breached|audit log|kill switch)(?![a-z])",
    re.IGNORECASE,
)


def test_one_thing_has_one_word_and_no_work_is_left() -> None:
    """In names and comments; what stands in texts may be a buyer's word. A sandbox speaks as Slack does."""
    found = []
    for path in python_files(BOT):
        for token in tokenize.generate_tokens(io.StringIO(text_of(path)).readline):
            if token.type not in (tokenize.COMMENT, tokenize.NAME):
                continue
            left = re.search(r"\b(TODO|FIXME|XXX|HACK)\b", token.string)
            if left or (OTHER_WORDS.search(token.string) and not path.is_relative_to(BOT / "sandbox")):
                found.append(f"{named(path)}:{token.start[0]} {token.string}")
    assert not found, "words that are not ours, or work left over:\n" + "\n".join(found)


def test_the_map_of_the_code_names_each_room() -> None:
    page = text_of(BOT / "README.md")
    rooms = {path.relative_to(BOT).parts[0].removesuffix(".py") for path in python_files(BOT)} - {"__init__"}
    missing = sorted(room for room in rooms if not re.search(rf"\b{room}\b", page))
    assert not missing, f"bot/README.md does not name: {missing}"


def test_each_setting_is_explained_in_an_example_file() -> None:
    examples = "\n".join(text_of(path) for path in sorted((ROOT / "config").glob("*.yaml")))
    keys = {
        f"{model.__name__}.{key}": key
        for models in (
            shape,
            rota_shape,
            notify,
            solutions,
            peak,
            digests,
            reconcile,
            health,
            records,
            breaker,
            api,
            queues,
        )
        for model in vars(models).values()
        if isinstance(model, type) and issubclass(model, Strict) and model is not shape.Settings
        for key in model.model_fields
    }
    unexplained = [
        full for full, key in keys.items() if not re.search(rf"^ *(# *)?(- )?{key}:", examples, re.MULTILINE)
    ]
    assert keys
    assert not unexplained, f"config/*.yaml does not show: {unexplained}"


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_text_is_there_in_english_and_chinese() -> None:
    if not (SLACK / "texts.py").exists():
        pytest.skip("bot/slack/texts.py is not there yet")
    texts: dict[str, tuple[str, str]] = dict(import_module("bot.slack.texts").TEXTS)
    wrong = [
        f"{key}: {languages}"
        for key, languages in texts.items()
        if len(languages) != 2
        or not all(text.strip() for text in languages)
        # An English text that is a single field hands on what the domain says in English.
        or not (fields_of(languages[0]) == fields_of(languages[1]) or re.fullmatch(r"\{\w+\}", languages[0]))
    ]
    assert texts
    assert not wrong, "expected (English, Chinese) with the same {fields}:\n" + "\n".join(wrong)


def test_each_text_is_written_once() -> None:
    """Also across the files of texts, where the later would win without a word."""
    seen: dict[str, str] = {}
    twice = []
    for path in sorted(SLACK.glob("texts_*.py")):
        for table in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Dict)):
            for key in (key for key in table.keys if isinstance(key, ast.Constant)):
                place = f"{named(path)}:{key.lineno}"
                if str(key.value) in seen:
                    twice.append(f"{place} {key.value}, first in {seen[str(key.value)]}")
                seen[str(key.value)] = place
    assert not twice, "texts written twice:\n" + "\n".join(twice)


def ids_used_in(path: Path) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ids"
    }


# Modals without a button of their own: there is nothing to answer.
ONLY_READ = frozenset(
    ("MODAL_LOADING", "MODAL_ERROR", "MODAL_DETAILS", "MODAL_FULL", "MODAL_PICK", "MODAL_TAKE", "MODAL_TYPED")
)


def test_each_id_is_shown_somewhere_and_answered_somewhere() -> None:
    if not (SLACK / "app.py").exists():
        pytest.skip("bot/slack/app.py, which brings the handlers together, is not there yet")
    known = {
        node.targets[0].id: node.lineno
        for node in tree_of(SLACK / "ids.py").body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    shown: set[str] = set()
    answered: set[str] = set()
    for path in python_files(SLACK):
        is_view = path.is_relative_to(SLACK / "views") or path.name == "manifest.py"
        (shown if is_view else answered).update(ids_used_in(path))
    wrong = {name: "in no view, nor the manifest" for name in known if name not in shown}
    wrong |= {name: "nobody answers" for name in known if name not in answered | ONLY_READ}
    lines = [f"bot/slack/ids.py:{known[name]} {name}: {why}" for name, why in wrong.items()]
    assert not lines, "\n".join(lines)


UNWANTED = {
    "a path of one machine": r"(?<![\w.~-])/(?:work|root|Users|home)/\w",
    "the host of a package registry": r"pypi[.]org|pythonhosted[.]org|npmjs[.]org|deb[.]debian[.]org|proxy[.]golang",
    "what looks like a Slack token": r"xox[a-z]-\d{6,}-\w{6,}|xapp-\d-[A-Z0-9]{8,}-\w+",
    "what looks like an Amazon secret": r"Atz[ar]\|[\w-]{20,}|amzn1\.oa2-cs\.v1\.[0-9a-f]{20,}|AKIA[A-Z0-9]{16}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20,}",
}


@pytest.mark.parametrize("what", UNWANTED)
def test_no_file_contains(what: str) -> None:
    pattern = re.compile(UNWANTED[what])
    found = [
        f"{named(path)}:{text_of(path).count(chr(10), 0, match.start()) + 1} {match[0]}"
        for path in tracked()
        if path.stat().st_size < 1_000_000
        for match in pattern.finditer(text_of(path))
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


def plain(requirement: str) -> str:
    """`psycopg[binary]>=3.3` -> `psycopg`, `ruamel.yaml` -> `ruamel-yaml`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ;]", requirement)[0]).lower()


def test_the_lock_pins_all_that_the_project_asks_for_with_hashes_and_no_address() -> None:
    lock = text_of(ROOT / "requirements.lock")
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pins = re.findall(r"^([a-z0-9-]+)==[^\n]*\\\n +--hash=sha256:", lock, re.MULTILINE)
    assert "://" not in lock
    assert sorted({plain(requirement) for requirement in asked} - set(pins)) == []
    assert len(re.findall(r"^[a-z0-9-]+==", lock, re.MULTILINE)) == len(pins)
