"""The templates as they are now: those of the files, and on top of them what managers keep in the database.

Whoever asks looks whether a version was added, which is one short query: a change made in one process counts
in every other at once. Every one is filled with sample orders and its replies are checked: one that is broken,
or that breaks a rule since an upgrade or a new phrase, is never offered, and its file, line and reason are told.
"""

from functools import lru_cache

from sqlalchemy.orm import Session

from bot.db.queries import templates as template_queries
from bot.db.tables_templates import TemplateVersionRow
from bot.desk import Desk
from bot.domain.policy import RULES
from bot.domain.template_check import flaws_of_one, policy_flaws
from bot.domain.templates import Template, TemplateSet
from bot.log import get_logger
from bot.settings.positions import Fault
from bot.settings.templates import read_template

log = get_logger()


def templates(desk: Desk) -> TemplateSet:
    """All templates that work, in the order of name and language."""
    with desk.database.reading() as tx:
        return templates_in(tx, desk)


def templates_in(tx: Session, desk: Desk) -> TemplateSet:
    """The same within a transaction."""
    return _stock(tx, desk)[0]


def faults(desk: Desk) -> tuple[Fault, ...]:
    """What is wrong with those that are left out: file or version, line, why."""
    with desk.database.reading() as tx:
        return _stock(tx, desk)[1]


def _stock(tx: Session, desk: Desk) -> tuple[TemplateSet, tuple[Fault, ...]]:
    state = template_queries.state(tx)
    known = desk.shelf.stock
    if known is None or known[0] != state:
        found, wrong = _put_together(tx, desk)
        known = desk.shelf.stock = (state, found, wrong)
        for fault in wrong:
            log.warning("template_left_out", file=fault.file, line=fault.line, reason=fault.text)
    return known[1], known[2]


def _put_together(tx: Session, desk: Desk) -> tuple[TemplateSet, tuple[Fault, ...]]:
    found = {(one.name, one.lang): one for one in desk.knowledge.templates}
    changed = template_queries.newest(tx)
    names = {file_of(desk, row.name, row.lang) for row in changed}
    wrong = [fault for fault in desk.knowledge.template_faults if fault.file not in names]
    for row in changed:
        found.pop((row.name, row.lang), None)
        if row.retired:
            continue
        template, its_faults = _read(row.name, row.lang, row.text, called(row))
        wrong += its_faults
        if template is not None:
            found[row.name, row.lang] = template
    for key in sorted(found):
        if flaws := _flaws(desk, found[key]):
            wrong += flaws
            del found[key]
    return TemplateSet(tuple(found[key] for key in sorted(found))), tuple(wrong)


def _flaws(desk: Desk, template: Template) -> tuple[Fault, ...]:
    """What keeps a template from being offered; a mere warning does not."""
    known = desk.knowledge.flaws
    if template not in known:
        wording = policy_flaws(template, desk.knowledge.phrases, desk.knowledge.language_of)
        blocking = [one for one in wording if RULES[one.rule].severity == "block"]
        known[template] = tuple(
            Fault(one.file, one.line, one.column, one.text) for one in (*flaws_of_one(template), *blocking)
        )
    return known[template]


@lru_cache(maxsize=4096)
def _read(name: str, lang: str, text: str, file: str) -> tuple[Template | None, tuple[Fault, ...]]:
    template, wrong = read_template(name, lang, text, file)
    return template, tuple(wrong)


def called(row: TemplateVersionRow) -> str:
    """What faults name a version by: `damaged/de version 3`."""
    return f"{row.name}/{row.lang} version {row.version}"


def file_of(desk: Desk, name: str, lang: str) -> str:
    """What faults name a template's file by."""
    return f"{desk.settings.templates_folder.name}/{name}/{lang}.txt"
