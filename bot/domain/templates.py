"""Reply templates: what one may contain, and how it is filled in.

A reply has three parts, thanks, problem and solution (founding text, "致谢、问题确认、解决方案"); a
template marks them as Jinja blocks. All that a template may use is `{{ variable }}`, `{% if %}`,
comparing with `==` or `!=`, and the filters in FILTERS. A list of what is allowed can be read in a minute, a list
of dangers is never complete; the sandbox stays as the second wall. Values are data: whatever they
contain is never evaluated. Reading the files: `bot/settings/templates.py`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.domain.marketplaces import MARKETPLACES
from bot.errors import ConfigError, NotFound, WrongInput

PARTS = ("thanks", "problem", "solution")
VARIABLES = (
    "buyer_name",
    "agent_name",
    "store_name",
    "order_id",
    "product",
    "part_name",
    "carrier",
    "tracking",
    "ship_date",
    "promised_date",
    "replacement_date",
    "due_date",
    "rma",
    "refund_amount",
    "refund_date",
    "invoice_date",
    "answer",
)
OPTIONAL = frozenset({"buyer_name", "agent_name"})
"""What may be absent without anything missing: it is empty then, so ask `{% if buyer_name %}` first."""
FILTERS = frozenset({"trim", "upper", "lower", "capitalize"})
SHIPPED_LANGUAGES = ("en", "de", "fr", "es", "it", "ja", "zh")
LANGUAGES = tuple(sorted({*SHIPPED_LANGUAGES, *(place.language for place in MARKETPLACES.values())}))

_MANY_LINES = frozenset({"answer"})
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Block,
    nodes.If,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)
# No autoescape: a reply is plain text, and "&" must reach the buyer as "&".
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong in the body of a template. `line` (of the file) and `column` count from 1.

    `rule` is set when it is the policy check that minds.
    """

    file: str
    line: int
    column: int
    text: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: body: {self.text}"


@dataclass(frozen=True, slots=True)
class Template:
    """One reply in one language. `source` is the body; it begins on line `first_line` of `file`.

    `needs` are the variables without which the reply can't go. `marketplaces` empty means all.
    """

    name: str
    lang: str
    title: str
    title_en: str
    title_zh: str
    topic: str
    needs: tuple[str, ...]
    fulfilment: str = "any"
    marketplaces: tuple[str, ...] = ()
    source: str = field(default="", repr=False)
    file: str = ""
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """All templates that work, in the order of name and language."""

    templates: tuple[Template, ...]

    def __iter__(self) -> Iterator[Template]:
        return iter(self.templates)

    def __len__(self) -> int:
        return len(self.templates)

    @property
    def names(self) -> tuple[str, ...]:
        """Each name once, sorted."""
        return tuple(sorted({template.name for template in self.templates}))

    def get(self, name: str, lang: str) -> Template:
        """The template of this name in this language. Raises NotFound."""
        for template in self.templates:
            if (template.name, template.lang) == (name, lang):
                return template
        languages = [template.lang for template in self.templates if template.name == name]
        if languages:
            raise NotFound(f'The template "{name}" has no language "{lang}"; it has {", ".join(languages)}.')
        raise NotFound(f'There is no template "{name}".{did_you_mean(name, self.names)}')


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with values in it. A variable in `missing` shows as `{carrier}` in the text."""

    text: str = field(repr=False)
    missing: tuple[str, ...]
    parts: dict[str, str] = field(repr=False)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence ` Did you mean "carrier"?`, or all choices if nothing is near."""
    choices = list(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else f" Expected one of: {', '.join(choices)}."


def compile_template(template: Template) -> Template:
    """The template itself, if its body is right. Raises ConfigError with a line for each flaw."""
    _compiled(template)
    return template


def fill(template: Template, values: Mapping[str, str]) -> Filled:
    """The reply with `values` in it; what is missing or blank shows as `{carrier}` and is named.

    Values are put in as they are, but line breaks become spaces in all of them save `answer`, and
    space at the ends goes. Raises ConfigError if the template is wrong.
    """
    compiled = _compiled(template)
    texts = {name: _clean(name, values.get(name, "")) for name in variables_of(template.source)}
    missing = tuple(name for name in template.needs if texts.get(name) == "")
    texts |= {name: f"{{{name}}}" for name in missing}
    context = compiled.new_context(dict(texts))
    parts = {part: _tidy("".join(compiled.blocks[part](context))) for part in PARTS}
    return Filled(_tidy(compiled.render(texts)), missing, parts)


def render(template: Template, values: Mapping[str, str]) -> str:
    """The finished text. Raises WrongInput that names what is missing."""
    filled = fill(template, values)
    if filled.missing:
        raise WrongInput(
            f'The template "{template.name}" ({template.lang}) is not complete: {", ".join(filled.missing)} '
            "must be filled in. Type what is missing, or choose another template."
        )
    return filled.text


def written_date(day: date, lang: str) -> str:
    """A day as people write it in `lang`, to be a value: `24. November 2026`; ISO where we don't know how."""
    if lang in ("ja", "zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    if lang not in _DATE_FORMS:
        return day.isoformat()
    number = "1er" if (lang, day.day) == ("fr", 1) else str(day.day)
    return _DATE_FORMS[lang].format(day=number, month=_MONTHS[lang].split()[day.month - 1], year=day.year)


_DATE_FORMS = {
    "en": "{month} {day}, {year}",
    "de": "{day}. {month} {year}",
    "fr": "{day} {month} {year}",
    "es": "{day} de {month} de {year}",
    "it": "{day} {month} {year}",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}


@lru_cache(maxsize=1024)
def variables_of(source: str) -> tuple[str, ...]:
    """Names of all variables that a body uses, sorted. Raises jinja2's TemplateSyntaxError."""
    return tuple(sorted({node.name for node in _ENVIRONMENT.parse(source).find_all(nodes.Name)}))


@lru_cache(maxsize=1024)
def conditions_of(source: str) -> Mapping[str, tuple[str, ...]]:
    """The variables on which it depends together what a body says, each with the words that it is compared with.

    Of what is asked about alone only what an order may lack is among them: the rest is always there.
    """
    tree, asked = _ENVIRONMENT.parse(source), dict[str, set[str]]()
    for one in tree.find_all(nodes.If):
        inside = [one, *one.find_all(nodes.If)]
        is_alone = len(inside) == 1 and isinstance(one.test, nodes.Name)
        if not is_alone or (isinstance(one.test, nodes.Name) and one.test.name in OPTIONAL):
            asked |= {name: asked.get(name, set()) for each in inside for name in _names_in(each.test)}
    for compare in tree.find_all(nodes.Compare):
        names = _names_in(compare)
        words = {one.value for one in compare.find_all(nodes.Const) if isinstance(one.value, str)}
        for name in names:
            asked.setdefault(name, set()).update(words, {_ALIKE} if len(names) > 1 else ())
    return {name: tuple(sorted(asked[name])) for name in sorted(asked)}


_ALIKE = "Sample"
"""What two variables that are compared with each other both are, to see what is said then."""


def _names_in(node: nodes.Node) -> set[str]:
    return {one.name for one in (node, *node.find_all(nodes.Name)) if isinstance(one, nodes.Name)}


@lru_cache(maxsize=1024)
def _compiled(template: Template) -> Compiled:
    flaws = flaws_of(template)
    if flaws:
        raise ConfigError(*map(str, flaws))
    return _ENVIRONMENT.from_string(template.source)


def flaws_of(template: Template) -> tuple[Flaw, ...]:
    """Everything that is wrong with the body of a template, in the order of its lines."""
    try:
        tree = _ENVIRONMENT.parse(template.source)
        flaws = [*_forbidden(template, tree), *_unknown(template, tree)] or [*_without_parts(template, tree)]
        if not flaws:
            # Only now: compiling works out constants, and 'a' * 10 ** 9 would be one.
            _ENVIRONMENT.compile(tree)
    except TemplateSyntaxError as why:
        return (_flaw(template, why.lineno, "", f"{(why.message or 'not valid Jinja').rstrip('.')}."),)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as why:
        # A number of 5,000 digits and hundreds of nested ifs stop Python itself, not Jinja.
        text = f"too big or too deeply nested to be a template ({type(why).__name__})."
        return (_flaw(template, 1, "", text),)
    return tuple(sorted(flaws, key=lambda flaw: (flaw.line, flaw.column)))


def _forbidden(template: Template, node: nodes.Node) -> Iterator[Flaw]:
    if not isinstance(node, _ALLOWED):
        yield _flaw(template, node.lineno, "", f"{_NAMES.get(type(node), type(node).__name__)} {_ONLY}")
        return
    if isinstance(node, nodes.Compare) and any(operand.op not in ("eq", "ne") for operand in node.ops):
        yield _flaw(template, node.lineno, "", f"a comparison other than == and != {_ONLY}")
    if isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.args or node.kwargs):
        hint = did_you_mean(node.name, sorted(FILTERS))
        yield _flaw(template, node.lineno, node.name, f'the filter "{node.name}" is not allowed.{hint}')
        return
    for child in node.iter_child_nodes():
        yield from _forbidden(template, child)


_ONLY = "is not allowed; use only {{ variable }}, {% if variable %} and the blocks thanks, problem, solution."
_NAMES: dict[type[nodes.Node], str] = {
    nodes.Call: "calling something",
    nodes.Getattr: "reaching into a value (a.b)",
    nodes.Getitem: "reaching into a value (a[b])",
    nodes.For: "a loop",
    nodes.Macro: "a macro",
    nodes.CallBlock: "a call block",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Test: 'a test ("is ...")',
    nodes.CondExpr: 'an "if" inside {{ }}',
    nodes.Mul: 'the operator "*"',
    nodes.Pow: 'the operator "**"',
}


def _unknown(template: Template, tree: nodes.Template) -> Iterator[Flaw]:
    for node in tree.find_all(nodes.Name):
        if node.name not in VARIABLES:
            hint = did_you_mean(node.name, VARIABLES)
            yield _flaw(template, node.lineno, node.name, f'unknown variable "{node.name}".{hint}')
        elif node.name not in template.needs and node.name not in OPTIONAL:
            yield _flaw(
                template,
                node.lineno,
                node.name,
                f'"{node.name}" is used here but is not listed in needs. Add it.',
            )


def _without_parts(template: Template, tree: nodes.Template) -> Iterator[Flaw]:
    outer = [node for node in tree.body if isinstance(node, nodes.Block)]
    for block in tree.find_all(nodes.Block):
        if block.name not in PARTS:
            hint = did_you_mean(block.name, PARTS)
            yield _flaw(template, block.lineno, block.name, f'unknown part "{block.name}".{hint}')
        elif not any(block is node for node in outer):
            yield _flaw(
                template, block.lineno, block.name, f'the part "{block.name}" stands inside something else.'
            )
        elif not _has_words(block):
            yield _flaw(template, block.lineno, block.name, f'the part "{block.name}" is empty.')
    names = [block.name for block in outer if block.name in PARTS]
    for part in PARTS:
        if part not in names:
            text = f'the part "{part}" is missing; write {{% block {part} %}} ... {{% endblock %}}.'
            yield _flaw(template, 1, "", text)
    if sorted(names) == sorted(PARTS) and tuple(names) != PARTS:
        yield _flaw(template, outer[0].lineno, names[0], "the parts must come as thanks, problem, solution.")


def _has_words(block: nodes.Block) -> bool:
    written = "".join(data.data for data in block.find_all(nodes.TemplateData))
    return bool(written.strip()) or any(block.find_all(nodes.Name))


def _flaw(template: Template, lineno: int, word: str, text: str) -> Flaw:
    """The flaw at `word` in line `lineno` of the body; at the line's first character if it is not there."""
    lines = template.source.split("\n")
    line = lines[lineno - 1] if 0 < lineno <= len(lines) else ""
    found = re.search(rf"\b{re.escape(word)}\b", line) if word else re.search(r"\{[{%]", line)
    column = found.start() + 1 if found else 1
    return Flaw(template.file, template.first_line + lineno - 1, column, text)


def _clean(name: str, value: str) -> str:
    return _tidy(value) if name in _MANY_LINES else " ".join(value.split())


def _tidy(text: str) -> str:
    """At most one blank line in a row, no space at the end of a line, nothing around the text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
