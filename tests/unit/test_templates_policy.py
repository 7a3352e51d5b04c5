"""The shipped templates against the shipped policy: what we offer with one click must be allowed to leave."""

from bot.domain.policy import Context, check
from bot.domain.template_check import renderings
from tests import world


def test_no_shipped_template_breaks_amazons_rules() -> None:
    known = world.knowledge()
    assert known.template_faults == ()
    found = [
        f"{one.template.file}: {finding.rule}: {finding.excerpt}"
        for one in renderings(known.templates)
        for finding in check(
            one.filled.text,
            Context(lang=one.template.lang, order_id=one.values["order_id"]),
            known.phrases,
        )
        if finding.rule != "placeholder_left"
    ]
    assert found == []
