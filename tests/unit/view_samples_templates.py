"""Invented templates for the tests of views, and every view of writing, changing and judging them."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.outcomes import TemplateFigures
from bot.domain.ranking import Ranked
from bot.domain.template_versions import SKELETON, Editable, Saved, TemplateFault, Version, Wording
from bot.domain.templates import Template
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import lists, reply_modal, template_modals, template_report
from bot.slack.views.lines import why_suggested
from tests.unit.view_samples import ANNA, HOUR, NOW, PLAIN, Words, case, choices


def wording(words: Words = PLAIN, **changes: object) -> Wording:
    made = Wording(
        name="late_parcel",
        lang="de",
        title=words.short[:40],
        title_en="Late",
        title_zh="晚到",
        topic="delivery",
        fulfilment="merchant",
        marketplaces=("DE", "NO"),
        body=words.text[:3000],
    )
    return replace(made, **changes)


def forms(words: Words = PLAIN) -> dict[str, Editable]:
    """The form in each state that it has."""
    there = Editable(wording(words), 3, ("de", "en"))
    return {
        "new": Editable(Wording("", "en", body=SKELETON)),
        "there": there,
        "of a file": replace(there, version=0),
        "retired": replace(there, langs=("en",), retired=True),
        "another language": replace(there, version=0, langs=("en",)),
    }


def versions(words: Words = PLAIN, count: int = 4) -> tuple[Version, ...]:
    """From a retired one down to the file."""
    lines = tuple(words.text.split("\n")[:40])
    older = [
        Version(number, "changed", ANNA, NOW - HOUR, None, lines, lines[:1]) for number in range(count, 3, -1)
    ]
    return (
        *older,
        Version(3, "restored", ANNA, NOW - HOUR, 1, lines[:1], lines[:2]),
        Version(2, "restored", ANNA, NOW - HOUR, 0),
        Version(1, "added", ANNA, NOW - HOUR, None, (), lines),
        Version(0, "file"),
    )


def figures(words: Words = PLAIN, count: int = 3) -> list[TemplateFigures]:
    """Used ones, one with everything open, one that nobody used."""
    used = TemplateFigures(words.short[:60], 12, 7, 5, 0.083, 8, 2, 2, 0.8, 9000.0)
    many = [replace(used, name=f"late_{number}") for number in range(count)]
    return [used, *many, TemplateFigures("fresh", sent=1, undecided=1), TemplateFigures("never")]


def ranked(words: Words = PLAIN, *, in_language: bool = True, decided: int = 11) -> Ranked:
    template = Template("late", "de", words.short, words.short, words.short, "delivery", ("carrier",))
    return Ranked(template, min(9, decided), decided, ("carrier",) if decided else (), in_language, False)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Each view of templates, in each state that it has, by name."""
    for name, form in forms(words).items():
        yield f"template form {name}", template_modals.template_form(form, say)
    done = Saved("late_parcel", "de", 3, words.text)
    yield "template saved", template_modals.saved(done, say)
    every = ("needs", "topic", "fulfilment", "marketplaces", "title_en", "title_zh")
    lacking = replace(done, missing_languages=("fr", "ja"), differs=every)
    yield "template saved, others differ", template_modals.saved(lacking, say)
    for count in (0, 4, 60):
        found = versions(words, count)
        yield f"template history {count}", template_modals.history("late_parcel", "de", found, NOW, say)
    retired = (Version(61, "retired", ANNA, NOW), *versions(words))
    yield "template history, retired", template_modals.history("late_parcel", "de", retired, NOW, say)
    for count in (0, 3, 120):
        report = template_report.report(figures(words, count), {"never": words.short}, 90, NOW, say)
        yield f"template report {count}", report
    yield "template report of nothing", template_report.report(figures()[-1:], {}, 7, NOW, say)
    yield from _lists(say, words)
    reasons = (ranked(words), ranked(words, in_language=False), ranked(words, decided=0))
    picked = tuple(
        replace(one, note=why_suggested(reason, say)) for one, reason in zip(choices(3), reasons, strict=True)
    )
    form = reply_modal.ReplyForm(case(words), words.text[:3000], picked[0].name, picked)
    yield "reply form with suggestions", reply_modal.reply_form(form, say)


def _lists(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    fault = TemplateFault("body", 4, "unknown variable", "")
    line = say("template.broken_line", file="late/de version 3", line=4, why=fault.text)
    for count in (0, 3, 150):
        found = [lists.TemplateLine(f"late-{n}", words.short, "delivery", ("de",)) for n in range(count)]
        for name, managers in (
            ("managers", lists.ForManagers()),
            ("managers, broken", lists.ForManagers((line,) * 7)),
        ):
            yield f"templates for {name} {count}", lists.templates(found, say, managers)
