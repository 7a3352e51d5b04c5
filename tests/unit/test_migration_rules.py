"""Migrations only add what the version before can do without: during a deploy both versions work on the tables.

What takes away has to say since when nobody needs it: `CONTRACTS = "0019"` in the migration, the first revision whose
program does without. It may come two revisions later at the earliest, because programs may be one revision behind.
The rule holds from 0017 on, the first revision whose predecessor was tried beside it (tests/e2e/test_run_versions.py).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

VERSIONS = Path(__file__).parents[2] / "bot/db/migrations/versions"
SINCE = "0017"
TAKES_AWAY = {"drop_column", "drop_table", "drop_constraint", "alter_column", "rename_table"}


def scripts() -> list[Path]:
    return [path for path in sorted(VERSIONS.glob("0*.py")) if path.name[:4] >= SINCE]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def breaks(source: str) -> list[str]:
    """What in `upgrade` a program of the revision before can't do with."""
    tree = ast.parse(source)
    upgrade = next(one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")
    found = [name for name, call in calls(upgrade) if name in TAKES_AWAY and not _only_widens(call)]
    for name, call in calls(upgrade):
        if name == "add_column":
            found += [f"add_column {text}" for text in _demanding(call)]
    return found


def _only_widens(call: ast.Call) -> bool:
    """A column that takes longer texts takes those of the older program too."""
    return {one.arg: ast.unparse(one.value) for one in call.keywords} == {"type_": "sa.Text()"}


def _demanding(call: ast.Call) -> Iterator[str]:
    """Columns that must have a value and give themselves none: the older program's inserts would fail."""
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "sa.Column":
            given = {one.arg: ast.unparse(one.value) for one in node.keywords}
            if given.get("nullable") == "False" and "server_default" not in given:
                yield ast.unparse(node.args[0])


def contracts(source: str) -> str:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CONTRACTS":
            return str(ast.literal_eval(node.value))
    return ""


def faults(name: str, source: str) -> list[str]:
    found, since = breaks(source), contracts(source)
    if not found or (since and int(since) + 2 <= int(name[:4])):
        return []
    return [f"{name}: {one}; programs of the revision before still need it" for one in found]


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.stem)
def test_a_migration_leaves_the_version_before_what_it_needs(path: Path) -> None:
    assert faults(path.name, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("step", "is_fine"),
    [
        ('op.add_column("cases", sa.Column("x", sa.Text(), nullable=True))', True),
        ('op.add_column("cases", sa.Column("x", sa.Text(), nullable=False, server_default=""))', True),
        ('op.add_column("cases", sa.Column("x", sa.Text(), nullable=False))', False),
        ('op.drop_column("cases", "why")', False),
        ('op.alter_column("cases", "why", new_column_name="reason")', False),
        ('op.alter_column("cases", "why", type_=sa.Text())', True),
        ('op.alter_column("cases", "why", type_=sa.String(10))', False),
        ('op.create_table("x", sa.Column("a", sa.Integer(), nullable=False))', True),
    ],
)
def test_the_rule_itself(step: str, *, is_fine: bool) -> None:
    assert (faults("0020_x.py", f"def upgrade():\n    {step}\n") == []) is is_fine


def test_what_takes_away_says_since_when_nobody_needs_it() -> None:
    script = 'CONTRACTS = "{}"\n\ndef upgrade():\n    op.drop_column("cases", "why")\n'
    assert faults("0020_x.py", script.format("0018")) == []
    assert faults("0020_x.py", script.format("0019")) != []
