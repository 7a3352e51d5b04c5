"""Do the templates keep what they promise? Each one is filled with sample orders and looked at.

`check_templates` finds what a single file can't show: a language that is missing, languages that need
different values, a part that comes out empty, a reply too long for Amazon's typed messages. `flaws_of_one` is about
one template alone, `policy_flaws` about its wording.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations, islice, product

from bot.domain import policy
from bot.domain.templates import (
    OPTIONAL,
    SHIPPED_LANGUAGES,
    Filled,
    Flaw,
    Template,
    TemplateSet,
    conditions_of,
    fill,
    written_date,
)

MAX_CHARACTERS = 2000
_MOST_CONDITIONS = 200

_SAME = ("needs", "topic", "fulfilment", "marketplaces", "title_en", "title_zh")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_ANSWERS = {
    "de": "Ja, der Wasserkocher passt in die Halterung.\n\nDas Kabel ist 75 cm lang.",
    "es": "Sí, el hervidor cabe en el soporte.\n\nEl cable mide 75 cm.",
    "fr": "Oui, la bouilloire tient dans le support.\n\nLe câble mesure 75 cm.",
    "it": "Sì, il bollitore entra nel supporto.\n\nIl cavo è lungo 75 cm.",
    "ja": "はい、こちらの電気ケトルは専用スタンドに対応しております。\n\nコードの長さは75 cmです。",
    "zh": "可以，这款电热水壶能放进该支架。\n\n电源线长 75 厘米。",
}


@dataclass(frozen=True, slots=True)
class Rendering:
    """A template filled with one sample order: `full`, `minimal` or `nasty`."""

    template: Template
    sample: str
    values: Mapping[str, str]
    filled: Filled


def sample_orders(lang: str) -> dict[str, dict[str, str]]:
    """Invented values for every variable, by name of the sample.

    `full` has all, `minimal` lacks what may be absent and is short, `nasty` holds braces, Jinja syntax
    and foreign letters: it shows that values stay data, and is no text for the policy check.
    """
    past, future = written_date(date(2026, 11, 24), lang), written_date(date(2026, 12, 1), lang)
    full = {
        "buyer_name": "Robin Sample",
        "order_id": "304-1234567-7654321",
        "product": "Norvik Kettle 1.7 l",
        "carrier": "DHL",
        "tracking": "JD014600006281230701",
        "promised_date": past,
        "ship_date": future,
        "rma": "RMA-2026-0481",
        "refund_amount": "€ 24.90",
        "refund_date": past,
        "invoice_date": past,
        "answer": _ANSWERS.get(lang, "Yes, the kettle fits the holder.\n\nThe cable is 75 cm long."),
        "store_name": "Norvik Home",
        "agent_name": "Kim",
        "part_name": "2 x M4",
        "replacement_date": future,
        "due_date": future,
    }
    short = {"order_id": "111-1111111-1111111", "product": "T1", "tracking": "1", "refund_amount": "1 €"}
    minimal = {
        name: value for name, value in full.items() if name not in ("buyer_name", "agent_name")
    } | short
    nasty = {name: f"{{{{ 7 * 7 }}}} {name} {{% if %}} Ünï 李 <&> {{#" for name in full}
    return {"full": full, "minimal": minimal, "nasty": nasty}


def renderings(
    templates: Iterable[Template], samples: tuple[str, ...] = ("full", "minimal")
) -> Iterator[Rendering]:
    """Every template filled with every one of the named samples."""
    for template in templates:
        orders = sample_orders(template.lang)
        for sample in samples:
            yield Rendering(template, sample, orders[sample], fill(template, orders[sample]))


def _by_condition(template: Template) -> Iterator[Rendering]:
    """The template filled so that each thing that it can say is said: `{% if carrier == "UPS" %}` wants a UPS order."""
    full, asked = sample_orders(template.lang)["full"], conditions_of(template.source)
    choices = {name: _choices(name, full[name], words) for name, words in asked.items()}
    for changed in _changes(choices):
        order = full | changed
        said = ", ".join(f'{name} "{value}"' for name, value in changed.items())
        yield Rendering(template, f"full with {said}", order, fill(template, order))


def _changes(choices: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    """What differs from the usual order: each value alone, each two, and as many together as are worth the time."""
    each = {name: [{name: value} for value in values[1:]] for name, values in choices.items()}
    yield from chain.from_iterable(each.values())
    two = (one | other for a, b in combinations(each.values(), 2) for one, other in product(a, b))
    more = (
        dict(chain.from_iterable(one.items() for one in some))
        for some in product(*([{}, *values] for values in each.values()))
        if sum(map(bool, some)) > 2
    )
    yield from islice(chain(two, more), _MOST_CONDITIONS)


def _choices(name: str, usual: str, words: tuple[str, ...]) -> list[str]:
    """What a variable may be: as in the sample, each word that it is compared with, none of them, or absent."""
    other = f"{usual} 2" if usual in words else usual
    return list(dict.fromkeys((usual, *filter(str.strip, words), other, *([""] if name in OPTIONAL else []))))


def check_templates(templates: TemplateSet, unread: Collection[str] = ()) -> list[Flaw]:
    """All that is wrong with the set, in the order of its templates; empty if nothing is.

    `unread` files are there, but could not be read: their languages are not missing.
    """
    flaws = [flaw for name in templates.names for flaw in _across_languages(name, templates, unread)]
    for template in templates:
        flaws += flaws_of_one(template)
    return flaws


def flaws_of_one(template: Template) -> list[Flaw]:
    """What is wrong with the replies that a template makes of the sample orders, save their wording."""
    made = renderings([template], ("full", "minimal", "nasty"))
    found = [flaw for rendering in made for flaw in (*_in_one(rendering), *_not_shown(rendering))]
    told = {_without_sample(flaw) for flaw in found}
    for flaw in chain.from_iterable(map(_in_one, _by_condition(template))):
        if _without_sample(flaw) not in told:
            told.add(_without_sample(flaw))
            found.append(flaw)
    return found


def _without_sample(flaw: Flaw) -> str:
    """What is wrong, whatever the order and its length."""
    return re.sub(r"\d+", "", flaw.text.partition(" with the sample order")[0])


def policy_flaws(
    template: Template, phrases: policy.Phrases, language_of: Callable[[str, str | None], str | None]
) -> list[Flaw]:
    """What the policy check says about the replies that a template makes of the sample orders.

    A finding in the template's own words has their line, any other the first line of the body.
    """
    found: dict[tuple[str, str], Flaw] = {}
    samples = list(renderings([template]))
    for one in chain(samples, _by_condition(template)):
        text = one.filled.text
        context = policy.Context(
            lang=template.lang,
            detected_lang=language_of(text, template.lang),
            order_id=one.values["order_id"],
        )
        for finding in policy.check(text, context, phrases):
            line, column = _place(template, finding.excerpt)
            said = f"{finding.rule} with the sample order {one.sample}: {finding.excerpt} {finding.why}"
            flaw = Flaw(template.file, line, column, " ".join(said.split()), finding.rule)
            if one in samples or not any(_is_at(flaw, other) for other in found.values()):
                found.setdefault((finding.rule, finding.excerpt), flaw)
    return list(found.values())


def _is_at(flaw: Flaw, other: Flaw) -> bool:
    """Whether they are of one rule at one place: a sentence with other values in it is told once."""
    return (flaw.line, flaw.column, flaw.rule) == (other.line, other.column, other.rule)


def _place(template: Template, excerpt: str) -> tuple[int, int]:
    start = template.source.find(excerpt) if excerpt else -1
    if start < 0:
        return template.first_line, 1
    before = template.source[:start]
    return template.first_line + before.count("\n"), start - (before.rfind("\n") + 1) + 1


def missing_languages(name: str, templates: TemplateSet) -> tuple[str, ...]:
    """The languages of the shipped templates that this one is not written in."""
    written = {template.lang for template in templates if template.name == name}
    return tuple(lang for lang in SHIPPED_LANGUAGES if lang not in written)


def _across_languages(name: str, templates: TemplateSet, unread: Collection[str]) -> Iterator[Flaw]:
    found = [template for template in templates if template.name == name]
    model = _model(found)
    for lang in missing_languages(name, templates):
        file = f"{model.file.rpartition('/')[0]}/{lang}.txt"
        if file not in unread:
            yield Flaw(file, 1, 1, f'the template "{name}" has no language "{lang}". Write this file.')
    for template in found:
        for key in differing(template, templates):
            here, there = _comparable(template, key), _comparable(model, key)
            text = f"{key} is {here}, but {there} in {model.lang}. All languages must have the same."
            yield Flaw(template.file, 1, 1, text)


def differing(template: Template, templates: TemplateSet) -> tuple[str, ...]:
    """The keys of the front matter in which a template differs from its English twin, or else its first."""
    model = _model([one for one in templates if one.name == template.name])
    return tuple(key for key in _SAME if _comparable(template, key) != _comparable(model, key))


def _model(found: list[Template]) -> Template:
    return next((template for template in found if template.lang == "en"), found[0])


def _comparable(template: Template, key: str) -> str:
    value = getattr(template, key)
    return str(value) if isinstance(value, str) else "[" + ", ".join(sorted(value)) + "]"


def _in_one(rendering: Rendering) -> Iterator[Flaw]:
    template, filled = rendering.template, rendering.filled
    where = f"with the sample order {rendering.sample}"
    for part, text in filled.parts.items():
        if not text:
            yield _flaw(template, f'the part "{part}" is empty {where}.')
    if len(filled.text) > MAX_CHARACTERS:
        text = f"the reply has {len(filled.text)} characters {where}; at most {MAX_CHARACTERS} are allowed."
        yield _flaw(template, text)
    left = sorted({*filled.missing, *_PLACEHOLDER.findall(filled.text)})
    if left:
        yield _flaw(template, f"placeholders are left {where}: {', '.join(left)}.")


def _not_shown(rendering: Rendering) -> Iterator[Flaw]:
    """What is needed and changed on its way. A condition may choose not to say it, so only samples are looked at."""
    template, filled = rendering.template, rendering.filled
    for name in template.needs:
        if " ".join(rendering.values[name].split()) not in " ".join(filled.text.split()):
            text = f"the value of {name} does not show with the sample order {rendering.sample}."
            yield _flaw(template, text)


def _flaw(template: Template, text: str) -> Flaw:
    return Flaw(template.file, template.first_line, 1, text)
