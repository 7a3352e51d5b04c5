"""Which templates fit a buyer message, best first, and why.

What decides, in this order: the buyer's language (then English, no other) · a template made for this marketplace ·
who ships, once that is known · how likely the template settles the matter, less what an agent must look up for it.
The past counts as if each template had already resolved three of four: a few uses do not make it jump.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from bot.domain.templates import Template

FALLBACK = "en"
_LOOK_UP = Fraction(1, 20)
"""What one value that somebody must look up costs: as much as five points of the rate."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known about the message. `fulfilment` is amazon or merchant, None until the order is known.

    `known` are the variables that fill themselves in.
    """

    topic: str
    lang: str | None = None
    marketplace: str | None = None
    fulfilment: str | None = None
    known: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A template that fits, and what speaks for it or against it.

    `resolved` of `decided` past replies were the buyer's last question; `to_fill` is what nobody knows yet.
    """

    template: Template
    resolved: int
    decided: int
    to_fill: tuple[str, ...]
    in_language: bool
    for_marketplace: bool

    @property
    def rate(self) -> Fraction:
        """The share resolved, with the prior of three in four."""
        return Fraction(self.resolved + 3, self.decided + 4)

    @property
    def score(self) -> Fraction:
        return self.rate - _LOOK_UP * len(self.to_fill)


def ranked(
    templates: Iterable[Template], wanted: Wanted, past: Mapping[str, tuple[int, int]]
) -> tuple[Ranked, ...]:
    """The templates that fit, best first. `past` has (resolved, decided) by name.

    A template for certain marketplaces is left out where the marketplace is another, or not known. Until
    somebody knows who ships, templates for either way are not left out, but come after those for any.
    """
    fitting = [
        _ranked(template, wanted, past.get(template.name, (0, 0)))
        for template in templates
        if template.topic == wanted.topic
        and template.lang in (wanted.lang, FALLBACK)
        and (wanted.fulfilment is None or template.fulfilment in (wanted.fulfilment, "any"))
        and (not template.marketplaces or wanted.marketplace in template.marketplaces)
    ]
    ships = wanted.fulfilment or "any"
    return tuple(
        sorted(
            fitting,
            key=lambda one: (
                not one.in_language,
                not one.for_marketplace,
                one.template.fulfilment != ships,
                -one.score,
                one.template.name,
            ),
        )
    )


def _ranked(template: Template, wanted: Wanted, past: tuple[int, int]) -> Ranked:
    return Ranked(
        template=template,
        resolved=past[0],
        decided=past[1],
        to_fill=tuple(name for name in template.needs if name not in wanted.known),
        in_language=template.lang == wanted.lang,
        for_marketplace=bool(template.marketplaces),
    )
