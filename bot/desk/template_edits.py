"""Templates that managers write and change: each save is a version, no version is ever overwritten.

A text must pass everything that `reply24 templates check` looks at in one file, else it is refused with line and
reason. What languages have to have in common is told, not refused: nobody can save seven languages at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from bot.db.queries import ledger
from bot.db.queries import templates as template_queries
from bot.db.tables_templates import TemplateVersionRow
from bot.desk import Desk, access
from bot.desk.library import file_of, templates, templates_in
from bot.domain.template_check import differing, flaws_of_one, missing_languages, policy_flaws, sample_orders
from bot.domain.template_versions import Editable, Saved, TemplateFault, Version, Wording, changed_lines
from bot.domain.templates import LANGUAGES, OPTIONAL, VARIABLES, Template, fill, variables_of
from bot.errors import NotFound, Stale, WrongInput
from bot.settings.positions import Fault
from bot.settings.templates import is_name, read_template, read_text, written

LONGEST = 3000
"""As much as a field of Slack's takes."""


def editable(desk: Desk, name: str, lang: str | None, *, by: str) -> Editable:
    """The template for a manager to change; a language that it lacks begins as the English text.

    Without `lang` it is English, or the first language that there is. Raises NotAllowed, NotFound.
    """
    with desk.database.reading() as tx:
        access.require_manager(tx, desk, by)
        found = {one.lang: one for one in templates_in(tx, desk) if one.name == name}
        lang = lang or next((one for one in ("en", *sorted(found)) if one in found), None)
        lang = lang or _written_in(tx, desk, name)
        _require_language(lang)
        row = _newest(tx, name, lang)
        text = row.text if row else _file_text(desk, name, lang)
        model = found.get(lang) or _stored(text, name, lang)
        is_broken = model is None and text is not None
        model = model or found.get("en") or next(iter(found.values()), None)
        if model is None:
            raise NotFound(f'There is no template "{name}".', key="no_such_template", name=name)
        wording = _wording(model, lang)
        if is_broken:
            wording = replace(wording, body=(text or "").partition("\n---\n")[2].strip("\n"))
        return Editable(wording, row.version if row else 0, tuple(found), bool(row and row.retired))


def _stored(text: str | None, name: str, lang: str) -> Template | None:
    """What is not offered (a retired version) as a text to begin with; None for one that is broken."""
    return read_template(name, lang, text, "")[0] if text else None


def _wording(template: Template, lang: str) -> Wording:
    return Wording(
        name=template.name,
        lang=lang,
        title=template.title,
        title_en=template.title_en,
        title_zh=template.title_zh,
        topic=template.topic,
        fulfilment=template.fulfilment,
        marketplaces=template.marketplaces,
        body=template.source.strip("\n"),
    )


def add(desk: Desk, wording: Wording, *, by: str) -> Saved:
    """A template under a name that nothing has, or had. Raises NotAllowed, WrongInput."""
    with desk.database.reading() as tx:
        is_taken = bool(_langs_of(tx, desk, wording.name))
    if is_taken:
        raise WrongInput(f'There is a template "{wording.name}".', key="template_exists", name=wording.name)
    return save(desk, wording, seen=0, by=by)


def save(desk: Desk, wording: Wording, *, seen: int, by: str) -> Saved:
    """Store a new version of a template. `seen` is the version that `by` began with.

    Raises NotAllowed; WrongInput with `faults` (TemplateFault), or when nothing changed; Stale when somebody
    saved meanwhile.
    """
    _require_manager(desk, by)
    if not is_name(wording.name):
        raise WrongInput(f'"{wording.name}" can be no name of a template.', key="template_name")
    _require_language(wording.lang)
    text = written(_template_of(wording, _order(desk, wording.name, wording.lang)))
    return _save(desk, _Change(wording.name, wording.lang, text, "template_changed", seen, by))


def _template_of(wording: Wording, order: tuple[str, ...]) -> Template:
    lines = [line.rstrip() for line in wording.body.replace("\r\n", "\n").split("\n")]
    body = "\n".join(lines).strip("\n")
    return Template(
        name=wording.name,
        lang=wording.lang,
        title=" ".join(wording.title.split()),
        title_en=" ".join(wording.title_en.split()),
        title_zh=" ".join(wording.title_zh.split()),
        topic=wording.topic,
        needs=_needs(body, order),
        fulfilment=wording.fulfilment,
        marketplaces=wording.marketplaces,
        source=body,
    )


def _needs(body: str, order: tuple[str, ...]) -> tuple[str, ...]:
    """What a body needs: first in the order that it had, then as it appears. Faults are told elsewhere."""
    try:
        used = [name for name in variables_of(body) if name in VARIABLES and name not in OPTIONAL]
    except Exception:  # noqa: BLE001 - whatever stops Jinja is a fault that `read_template` will name
        return ()
    kept = tuple(name for name in order if name in used)
    return kept + tuple(sorted(set(used) - set(kept), key=body.find))


def _order(desk: Desk, name: str, lang: str) -> tuple[str, ...]:
    """In which order the template has listed its variables, in this language or another."""
    twins = [one for one in templates(desk) if one.name == name]
    return next((one.needs for one in sorted(twins, key=lambda one: one.lang != lang)), ())


def restore(desk: Desk, name: str, lang: str, version: int, *, seen: int, by: str) -> Saved:
    """Go back to an older version, 0 for the file: its text becomes a new version.

    Raises as `save` does; NotFound if there is no such version.
    """
    _require_manager(desk, by)
    with desk.database.reading() as tx:
        old = {row.version: row.text for row in template_queries.versions(tx, name, lang)}
    text = old.get(version) if version else _file_text(desk, name, lang)
    if text is None:
        raise NotFound(f"{name}/{lang} has no version {version}.", key="no_such_version", version=version)
    return _save(desk, _Change(name, lang, text, "template_restored", seen, by, restores=version))


def retire(desk: Desk, name: str, lang: str, *, seen: int, by: str) -> None:
    """Offer the template in this language no more; its versions stay, and can be gone back to.

    Raises NotAllowed, NotFound, Stale.
    """
    with desk.database.writing() as tx:
        access.require_manager(tx, desk, by)
        row = _newest(tx, name, lang)
        text = row.text if row else _file_text(desk, name, lang)
        if text is None:
            raise NotFound(f'There is no template "{name}".', key="no_such_template", name=name)
        if not (row and row.retired):
            _add(tx, desk, _Change(name, lang, text, "template_retired", seen, by, retired=True))


@dataclass(frozen=True, slots=True)
class _Change:
    name: str
    lang: str
    text: str = field(repr=False)
    what: str
    seen: int
    by: str
    retired: bool = False
    restores: int | None = None


def _save(desk: Desk, change: _Change) -> Saved:
    """Check first: filling and judging a text takes longer than a transaction should."""
    name, lang = change.name, change.lang
    template, faults = checked(desk, name, lang, change.text)
    if template is None:
        raise WrongInput(
            f"The template {name}/{lang} was not saved: {'; '.join(one.text for one in faults)}",
            key="template_faults",
            faults=faults,
        )
    with desk.database.writing() as tx:
        newest = _newest(tx, name, lang)
        stands = newest.text if newest else _file_text(desk, name, lang)
        if stands == change.text and not (newest and newest.retired):
            raise WrongInput("Nothing was changed.", key="template_unchanged")
        version = _add(tx, desk, change if stands else replace(change, what="template_added"))
        every = templates_in(tx, desk)
    return Saved(
        name=name,
        lang=lang,
        version=version,
        sample=fill(template, sample_orders(lang)["full"]).text,
        missing_languages=missing_languages(name, every),
        differs=differing(template, every),
    )


def _add(tx: Session, desk: Desk, change: _Change) -> int:
    now, newest = desk.now(), _newest(tx, change.name, change.lang)
    version = (newest.version if newest else 0) + 1
    is_added = version == change.seen + 1 and template_queries.add(
        tx,
        name=change.name,
        lang=change.lang,
        version=version,
        text=change.text,
        author=change.by,
        at=now,
        retired=change.retired,
        restores=change.restores,
    )
    if not is_added:
        raise Stale(
            f"{change.name}/{change.lang} was changed meanwhile.",
            key="template_changed_meanwhile",
            who=newest.author if newest else None,
        )
    ledger.record(
        tx,
        now,
        change.by,
        change.what,
        template=change.name,
        lang=change.lang,
        version=version,
        restores=change.restores,
    )
    return version


def checked(desk: Desk, name: str, lang: str, text: str) -> tuple[Template | None, tuple[TemplateFault, ...]]:
    """The template that a text is, if nothing is wrong with it; else all that is."""
    template, wrong = read_template(name, lang, text, f"{name}/{lang}")
    first = text.split("\n---\n", 1)[0].count("\n") + 3
    if template is None:
        return None, tuple(_fault(one, first) for one in wrong)
    flaws = [
        *flaws_of_one(template),
        *policy_flaws(template, desk.knowledge.phrases, desk.knowledge.language_of),
    ]
    found = {
        TemplateFault("body", max(1, one.line - template.first_line + 1), one.text, one.rule) for one in flaws
    }
    if len(template.source) > LONGEST:
        found.add(TemplateFault("body", 1, f"has {len(template.source)} characters; at most {LONGEST} fit"))
    faults = tuple(sorted(found, key=lambda one: (one.line, one.rule, one.text)))
    return (None if faults else template), faults


def _fault(fault: Fault, first_line: int) -> TemplateFault:
    part = str(fault.keys[0]) if fault.keys else "body"
    return TemplateFault(part, max(1, fault.line - first_line + 1) if part == "body" else 0, fault.text)


def written_in(desk: Desk, name: str) -> str:
    """English, or else the first language in which there is, or was, something under this name."""
    with desk.database.reading() as tx:
        return _written_in(tx, desk, name)


def _written_in(tx: Session, desk: Desk, name: str) -> str:
    langs = _langs_of(tx, desk, name)
    return "en" if "en" in langs else next(iter(langs), "en")


def _langs_of(tx: Session, desk: Desk, name: str) -> tuple[str, ...]:
    """The languages in which there is something under this name, be it broken or retired."""
    stored = {row.lang for row in template_queries.newest(tx) if row.name == name}
    return tuple(one for one in LANGUAGES if one in stored or _file_text(desk, name, one) is not None)


def history(desk: Desk, name: str, lang: str, *, by: str) -> tuple[Version, ...]:
    """All versions of a template in one language, the newest first, down to the file. Raises NotAllowed, NotFound."""
    file = _file_text(desk, name, lang)
    with desk.database.reading() as tx:
        access.require_manager(tx, desk, by)
        rows = template_queries.versions(tx, name, lang)
    if file is None and not rows:
        raise NotFound(f'There is no template "{name}".', key="no_such_template", name=name)
    found = [Version(0, "file")] if file is not None else []
    before = file
    for row in rows:
        gone, new = changed_lines(before or "", row.text)
        found.append(Version(row.version, _what(row, before), row.author, row.at, row.restores, gone, new))
        before = row.text
    return tuple(reversed(found))


def _what(row: TemplateVersionRow, before: str | None) -> str:
    if row.retired:
        return "retired"
    if row.restores is not None:
        return "restored"
    return "changed" if before is not None else "added"


def exported(desk: Desk) -> tuple[dict[str, str], tuple[str, ...]]:
    """Every template as a file, by path such as damaged/de.txt; and the paths of those that are retired.

    What nobody changed is the file as it stands, byte for byte; the rest is the newest version.
    """
    with desk.database.reading() as tx:
        rows = template_queries.newest(tx)
    files = {
        f"{one.name}/{one.lang}.txt": _file_text(desk, one.name, one.lang) for one in desk.knowledge.templates
    }
    files |= {f"{row.name}/{row.lang}.txt": None if row.retired else row.text for row in rows}
    kept = {path: text for path, text in sorted(files.items()) if text is not None}
    return kept, tuple(sorted(f"{row.name}/{row.lang}.txt" for row in rows if row.retired))


def _newest(tx: Session, name: str, lang: str) -> TemplateVersionRow | None:
    rows: Sequence[TemplateVersionRow] = template_queries.versions(tx, name, lang)
    return rows[-1] if rows else None


def _file_text(desk: Desk, name: str, lang: str) -> str | None:
    """The text of the template's file; None if there is none that can be read."""
    if not is_name(name) or lang not in LANGUAGES:
        return None
    path = desk.settings.templates_folder / name / f"{lang}.txt"
    text = read_text(path, file_of(desk, name, lang)) if path.is_file() else None
    return text if isinstance(text, str) else None


def _require_manager(desk: Desk, by: str) -> None:
    with desk.database.reading() as tx:
        access.require_manager(tx, desk, by)


def _require_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise WrongInput(
            f'There is no language "{lang}" for templates.',
            key="template_language",
            langs=", ".join(LANGUAGES),
        )
