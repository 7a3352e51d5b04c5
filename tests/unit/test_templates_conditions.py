"""Templates that say something for some orders only: each side of a condition is filled and checked."""

from dataclasses import replace

import pytest

from bot.domain.template_check import flaws_of_one, policy_flaws
from bot.domain.templates import Template, conditions_of
from bot.settings import shipped
from bot.settings.templates import load_templates
from tests import world

SHIPPED, _FAULTS = load_templates(shipped("templates"))
BOTH_NAMES: dict[str, tuple[str, ...]] = {"agent_name": (), "buyer_name": ()}
THANKS = "Thank you very much for your kind message."


def saying(words: str) -> Template:
    """The shipped template for thanks, with other words for its first part."""
    template = SHIPPED.get("thanks", "en")
    assert THANKS in template.source
    return replace(template, source=template.source.replace(THANKS, words))


@pytest.mark.parametrize(
    ("words", "sample"),
    [
        ('{% if agent_name != "Lee" %}Thanks.{% endif %}', 'full with agent_name "Lee".'),
        ('{% if "Acme" != store_name %}Thanks.{% endif %}', 'full with store_name "Acme".'),
        ('{% if store_name|lower != "acme" %}Thanks.{% endif %}', 'full with store_name "acme".'),
        ("{% if buyer_name and buyer_name == agent_name %}{% else %}Hi{% endif %}", 'buyer_name "Sample".'),
        ('{% if agent_name == "A" and buyer_name %}{% else %}Hi{% endif %}', 'full with agent_name "A".'),
        ("{% if buyer_name %}Hi{% elif not agent_name %}Yes{% endif %}", 'full with buyer_name "".'),
        ("{% if buyer_name %}{% else %}Hello{% endif %}{% if agent_name %}Hi{% endif %}", 'agent_name "".'),
        ("{% if buyer_name %}{% if agent_name %}Hi{% endif %}{% else %}Yes{% endif %}", 'agent_name "".'),
    ],
)
def test_a_part_that_is_empty_for_some_orders_is_told_with_such_an_order(words: str, sample: str) -> None:
    (flaw,) = flaws_of_one(saying(words))
    assert flaw.text.startswith('the part "thanks" is empty with the sample order ')
    assert flaw.text.endswith(sample)


def test_what_amazon_forbids_is_found_on_a_side_that_no_sample_order_shows() -> None:
    call = '{% if store_name == "Acme" %}Call us at +1 415 555 0132.{% endif %}'
    flaws = policy_flaws(saying(f"{THANKS} {call}"), world.knowledge().phrases, lambda _text, lang: lang)
    assert {flaw.rule for flaw in flaws} == {"contact_off_amazon", "phone_number"}
    assert all('with the sample order full with store_name "Acme"' in flaw.text for flaw in flaws)


def test_no_side_is_left_out_because_there_are_many() -> None:
    """Each word of each variable is said once at least, however many orders they make together."""
    each = [
        (name, f"{name[0].upper()}{number}") for name in ("agent_name", "store_name") for number in range(25)
    ]
    for last in (each[0], each[24], each[-1]):
        said = {one: "Call us at +1 415 555 0132." if one == last else "Hi." for one in each}
        sides = [f'{{% if {name} == "{word}" %}}{said[name, word]}{{% endif %}}' for name, word in each]
        flaws = policy_flaws(
            saying(THANKS + "".join(sides)), world.knowledge().phrases, lambda _text, lang: lang
        )
        assert "phone_number" in {flaw.rule for flaw in flaws}, last


def test_a_sentence_with_other_values_in_it_is_told_once() -> None:
    names = "".join(f'{{% if store_name == "Shop {number}" %}}.{{% endif %}}' for number in range(9))
    words = f"{THANKS} Please leave {{{{ store_name }}}} a five star review.{names}"
    flaws = policy_flaws(saying(words), world.knowledge().phrases, lambda _text, lang: lang)
    assert [flaw.rule for flaw in flaws] == ["review_solicitation"]
    long = [flaw.text for flaw in flaws_of_one(saying(f"{THANKS}{'Yes. ' * 400}{names}"))]
    assert len(long) == 3, "one for each sample, and no more for each shop"


def test_a_side_that_does_not_name_what_another_side_names_is_no_flaw() -> None:
    words = 'Thank you{% if store_name == "Acme" %} all{% else %} from {{ store_name }}{% endif %}.'
    assert flaws_of_one(saying(words)) == []


def test_the_same_flaw_is_told_once() -> None:
    words = '{% if agent_name == "A" or agent_name == "B" or store_name == "C" %}{% else %}Hi{% endif %}'
    assert len(flaws_of_one(saying(words))) == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% if buyer_name %}{{ buyer_name }}{% endif %}{% if agent_name %}a{% endif %}", BOTH_NAMES),
        ("{% if carrier %}a{% endif %}", {}),
        ("{% if not buyer_name %}a{% endif %}", {"buyer_name": ()}),
        (
            '{% if carrier == "UPS" or carrier == "DHL" %}a{% endif %}{{ product }}',
            {"carrier": ("DHL", "UPS")},
        ),
        ("{% if carrier == 1 %}a{% endif %}", {"carrier": ()}),
    ],
)
def test_what_conditions_ask(source: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert conditions_of(source) == expected
