"""Do the templates keep what they promise? Each one is filled with sample orders and looked at.

`check_templates` finds what a single file can't show: a language that is missing, languages that need
different values, a part that comes out empty, a reply too long for Amazon's typed messages. The wording is the policy
check's work: give it what `renderings` yields.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.templates import SHIPPED_LANGUAGES, Filled, Flaw, Template, TemplateSet, fill, written_date

MAX_CHARACTERS = 2000

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


def check_templates(templates: TemplateSet) -> list[Flaw]:
    """All that is wrong with the set, in the order of its templates; empty if nothing is."""
    flaws = [flaw for name in templates.names for flaw in _across_languages(name, templates)]
    for rendering in renderings(templates, ("full", "minimal", "nasty")):
        flaws += _in_one(rendering)
    return flaws


def _across_languages(name: str, templates: TemplateSet) -> Iterator[Flaw]:
    found = {template.lang: template for template in templates if template.name == name}
    model = found.get("en") or next(iter(found.values()))
    for lang in SHIPPED_LANGUAGES:
        if lang not in found:
            file = f"{model.file.rpartition('/')[0]}/{lang}.txt"
            yield Flaw(file, 1, 1, f'the template "{name}" has no language "{lang}". Write this file.')
    for template in found.values():
        for key in ("needs", "topic", "fulfilment", "marketplaces", "title_en", "title_zh"):
            here, there = _comparable(template, key), _comparable(model, key)
            if here != there:
                text = f"{key} is {here}, but {there} in {model.lang}. All languages must have the same."
                yield Flaw(template.file, 1, 1, text)


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
    for name in template.needs:
        if " ".join(rendering.values[name].split()) not in " ".join(filled.text.split()):
            yield _flaw(template, f"the value of {name} does not show {where}.")


def _flaw(template: Template, text: str) -> Flaw:
    return Flaw(template.file, template.first_line, 1, text)
