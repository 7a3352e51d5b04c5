"""Reads the folder of settings. Every fault of every file is told at once, with file, line, column and key.

Each file holds the sections of the tree that FILES gives it, so the key in a fault is the key in the
tree. Texts may name environment variables, `${NAME}`, for what differs from machine to machine.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

import bot
from bot.errors import ConfigError
from bot.settings.checks import crossing_faults
from bot.settings.environment import Environ, database_url, environment_faults, filled_in
from bot.settings.hints import did_you_mean
from bot.settings.positions import Document, Fault, Keys, dotted, read_yaml
from bot.settings.rota import rota_of
from bot.settings.rota_checks import calendar_texts
from bot.settings.shape import MailboxSettings, Settings
from bot.settings.wording import shape_faults

FILES = {
    "stores.yaml": ("stores",),
    "mailboxes.yaml": ("mailboxes", "outgoing"),
    "agents.yaml": ("agents", "groups"),
    "slack.yaml": ("slack",),
    "thresholds.yaml": ("thresholds",),
    "amazon.yaml": ("amazon",),
    "rota.yaml": ("rota",),
    "notify.yaml": ("notify",),
    "solutions.yaml": ("solutions",),
    "digests.yaml": ("digests",),
    "reconcile.yaml": ("reconcile",),
    "health.yaml": ("health",),
    "records.yaml": ("records",),
}
OPTIONAL = frozenset(
    (
        "thresholds.yaml",
        "amazon.yaml",
        "rota.yaml",
        "notify.yaml",
        "solutions.yaml",
        "digests.yaml",
        "reconcile.yaml",
        "health.yaml",
        "records.yaml",
    )
)
OPTIONAL_SECTIONS = frozenset(("groups",))
PHRASES = "topics.yaml"
_MOST_BYTES = 1_000_000
"""No file of settings is larger: what is, is something else."""


def shipped(name: str) -> Path:
    """The folder `name` (config, templates) that came with the program, in a checkout or in a wheel."""
    package = Path(bot.__file__).resolve().parent
    inside = package / "_shipped" / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True, slots=True)
class _Sections:
    """The sections of all files together, and which file each came from."""

    tree: dict[str, Any]
    where: dict[str, Document]

    def fault(self, keys: Keys, text: str) -> Fault:
        return self.where[str(keys[0])].fault(keys, text)


def load_settings(folder: Path, environ: Environ) -> Settings:
    """The settings in `folder`, checked. Raises ConfigError with one line for each fault.

    A relative path in a file starts at the folder above `folder`; that of an SQLite database in
    REPLY24_DATABASE_URL starts at the working folder. Nothing is created, no server is asked.
    """
    faults = list(environment_faults(environ))
    if not folder.is_dir():
        advice = f"is no folder. Copy the examples: cp -r {shipped('config')} {folder}"
        raise ConfigError(*map(str, faults), f"{folder}: {advice}")
    faults += _misplaced_files(folder)
    present = [name for name in FILES if (folder / name).is_file()]
    documents = {name: read_yaml(folder / name, str(folder / name)) for name in present}
    faults += [fault for document in documents.values() for fault in document.faults]
    sections = _joined(documents, faults)
    faults += _fill_in(sections, environ)
    found = crossing_faults(sections.tree)
    texts = calendar_texts(sections.tree, folder.resolve().parent, found)
    faults += [sections.fault(keys, text) for keys, text in found]
    settings = _validated(sections, folder, environ, faults)
    if settings is None or faults:
        rank = {str(folder / name): number for number, name in enumerate(FILES)}
        faults.sort(key=lambda fault: (rank.get(fault.file, -1), fault.line, fault.column))
        raise ConfigError(*map(str, faults))
    return settings.model_copy(update={"rota": rota_of(settings.shifts, settings.agents, texts)})


def _misplaced_files(folder: Path) -> Iterator[Fault]:
    others = [path for path in folder.iterdir() if path.name not in FILES]
    names = [path.name for path in others]
    for name in FILES:
        if (folder / name).is_file():
            continue
        near = get_close_matches(name, names, n=1, cutoff=0.85)
        holder = None if near else next(_holding(others, FILES[name]), None)
        if near:
            text = f'nobody reads this file. Did you mean "{name}"? Rename it'
            yield Fault(str(folder / near[0]), 0, 0, text)
        elif holder is not None:
            path, key = holder
            text = f"nobody reads this file, but it has the key {key}, which stands in {name}"
            yield Fault(str(path), 0, 0, f"{text}. Rename it to {name}, or move it to another folder")
        elif name not in OPTIONAL:
            copy = f"Copy the example and change it: cp {shipped('config') / name} {folder / name}"
            yield Fault(str(folder / name), 0, 0, f"this file is missing. {copy}")
    yield from _unread_phrases(folder)


def _holding(others: Iterable[Path], sections: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """The files, with the key, that are settings under a name that nobody looks for, such as rota-2027.yaml."""
    for path in sorted(others):
        if path.name == PHRASES or not path.is_file() or path.stat().st_size > _MOST_BYTES:
            continue
        value = read_yaml(path, str(path)).value
        yield from ((path, key) for key in sections if isinstance(value, dict) and key in value)


def _unread_phrases(folder: Path) -> Iterator[Fault]:
    """Phrases of the team's own that would not count: those that came with the program would, without a word."""
    own = folder / "policy"
    if not own.is_dir():
        return
    if not (folder / PHRASES).is_file():
        text = f"this file is missing, and without it nobody reads {own}"
        copy = f"Copy it too: cp {shipped('config') / PHRASES} {folder / PHRASES}"
        yield Fault(str(folder / PHRASES), 0, 0, f"{text}. {copy}")
    for path in sorted(own.glob("*.yml")):
        yield Fault(str(path), 0, 0, f'nobody reads this file. Did you mean "{path.stem}.yaml"? Rename it')


def _joined(documents: Mapping[str, Document], faults: list[Fault]) -> _Sections:
    sections = _Sections({}, {})
    for name, document in documents.items():
        known = FILES[name]
        if isinstance(document.value, dict):
            found = _sections_of(document, name, faults)
            sections.tree.update(found)
            sections.where.update(dict.fromkeys(found, document))
        elif document.value is not None:
            text = f"expected the key {' and '.join(known)}, with all else below it"
            faults.append(document.fault((), text))
    return sections


def _sections_of(document: Document, name: str, faults: list[Fault]) -> dict[str, Any]:
    """The sections that this file holds; what is missing or stands beside them is a fault."""
    known, given = FILES[name], cast("dict[str, Any]", document.value)
    for key in given:
        if key not in known:
            text = f"unknown key.{did_you_mean(key, known)} (expected: {', '.join(known)})"
            faults.append(document.fault((key,), text))
    if name in OPTIONAL:
        return {key: given[key] for key in known if given.get(key) is not None}
    for key in known:
        if key not in given and key not in OPTIONAL_SECTIONS:
            faults.append(document.fault((key,), "this key is needed and is missing"))
    return {key: given[key] for key in known if key in given and (given[key] or key not in OPTIONAL_SECTIONS)}


def _fill_in(sections: _Sections, environ: Environ) -> list[Fault]:
    found: list[tuple[Keys, str]] = []
    for key, value in sections.tree.items():
        sections.tree[key] = filled_in(value, (key,), environ, found)
    return [sections.fault(keys, text) for keys, text in found]


def _validated(sections: _Sections, folder: Path, environ: Environ, faults: list[Fault]) -> Settings | None:
    base = folder.resolve().parent
    beside = base / "templates"
    rest = {
        "folder": folder.resolve(),
        "database_url": database_url(environ),
        "templates_folder": beside if beside.is_dir() else shipped("templates"),
        "places": _env_places(sections),
    }
    try:
        settings = Settings.model_validate({**sections.tree, **rest})
    except ValidationError as error:
        told = {fault.keys for fault in faults}
        found = [(keys, text) for keys, text in shape_faults(error) if keys[0] in sections.where]
        faults += [sections.fault(keys, text) for keys, text in found if keys not in told]
        return None
    boxes = {name: _based(box, base) for name, box in settings.mailboxes.items()}
    return settings.model_copy(update={"mailboxes": boxes})


def _based(box: MailboxSettings, base: Path) -> MailboxSettings:
    return box.model_copy(update={"path": box.path and base / box.path.expanduser()})


def _env_places(sections: _Sections) -> dict[str, str]:
    return {
        dotted(keys): f"{document.name}:{line}"
        for document in sections.where.values()
        for keys, (line, _column) in document.places.items()
        if keys and str(keys[-1]).endswith("_env")
    }
