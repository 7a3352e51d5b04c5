"""What the check says about a reply, in its preview: each finding, its place, and what one click would change."""

from collections.abc import Sequence

from bot.domain.policy import Finding
from bot.domain.policy.rewrites import Rewrite
from bot.domain.snapshots import Preview, Question
from bot.slack import ids
from bot.slack.blocks import Block, button, context, marked_text, section
from bot.slack.inert import escape, shorten
from bot.slack.texts import Say

_FINDINGS = 12
_PLACES = 6
_EXCERPT, _SENTENCE = 80, 240


def findings(shown: Preview, say: Say) -> list[Block]:
    """Findings that say the same are one; what forbids sending comes first, then each in order of its place."""
    if not shown.findings:
        return [section(say("preview.clean"))]
    groups = _grouped(shown.findings)
    rest = sum(map(len, groups[_FINDINGS:]))
    blocks = [section(say(_heading(shown)))]
    told: set[str] = set()
    for group in groups[:_FINDINGS]:
        fitting = [one for one in shown.rewrites if group[0].rule in one.rules]
        blocks += _finding(group, fitting, told, say)
        told.update(one.key for one in fitting)
    return [*blocks, *([context(say("preview.more", n=rest))] if rest > 0 else [])]


def _grouped(findings: Sequence[Finding]) -> list[list[Finding]]:
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for one in sorted(findings, key=lambda one: one.severity != "block"):
        alike.setdefault((one.severity, one.rule, one.why, one.suggestion), []).append(one)
    return list(alike.values())


def _heading(shown: Preview) -> str:
    """What all of it means for who reads it."""
    if shown.verdict == "warn" and shown.over:
        return "preview.needs_manager" if shown.needs_manager else "preview.as_manager"
    suggested = {rule for one in shown.rewrites for rule in one.rules}
    if any(one.severity == "block" and one.rule in suggested for one in shown.findings):
        return "preview.suggest"
    return f"preview.{shown.verdict}"


def told(findings: Sequence[Finding], say: Say) -> list[str]:
    """Findings as lines alone, for somebody who can't change the text where they read it."""
    return [_line(group, _advice(group[0], say), say) for group in _grouped(findings)[:_FINDINGS]]


def _finding(alike: Sequence[Finding], fitting: Sequence[Rewrite], told: set[str], say: Say) -> list[Block]:
    """One finding, with the button that mends all its places, unless one above does; a missing part has its own."""
    added = [section(_addition(one, say), accessory=_accept(one, say)) for one in fitting if not one.old]
    mended = next((one for one in fitting if one.old), None)
    if mended is None:
        return [section(_line(alike, _advice(alike[0], say), say)), *added]
    if mended.key in told:
        return [section(_line(alike, say("rewrite.above"), say)), *added]
    return [section(_line(alike, _change(mended, say), say), accessory=_accept(mended, say)), *added]


def _line(alike: Sequence[Finding], do: str, say: Say) -> str:
    """What is wrong, every place where it is, what to do."""
    finding = alike[0]
    places = list(dict.fromkeys(escape(shorten(one.excerpt, _EXCERPT)) for one in alike if one.excerpt))
    return say(
        f"preview.finding.{finding.severity}",
        rule=say.word("rule", finding.rule),
        excerpt=say("preview.excerpt", texts=_quoted(places, say)) if places else "",
        why=say(f"finding.{finding.rule}.why", why=escape(finding.why)),
        do=do,
    )


def _advice(finding: Finding, say: Say) -> str:
    return say(f"finding.{finding.rule}.do", do=escape(finding.suggestion))


def _change(rewrite: Rewrite, say: Say) -> str:
    old = _quoted([escape(shorten(one, _SENTENCE)) for one in rewrite.old], say)
    if not rewrite.new:
        return say("rewrite.removes", old=old)
    return say("rewrite.replaces", old=old, new=escape(rewrite.new))


def _addition(rewrite: Rewrite, say: Say) -> str:
    return say("rewrite.adds", part=say.word("part", rewrite.key), new=escape(rewrite.new))


def _accept(rewrite: Rewrite, say: Say) -> Block:
    what = say.word("rule" if rewrite.old else "part", rewrite.key)
    return button(
        f"{ids.PREVIEW_REWRITE}.{rewrite.key}",
        say("rewrite.accept" if rewrite.old else "rewrite.add"),
        rewrite.key,
        label=say("rewrite.accept_label", rule=what),
    )


def _quoted(places: list[str], say: Say) -> str:
    rest = len(places) - _PLACES
    more = [say("preview.places", n=rest)] if rest > 0 else []
    return say.several([*(f"“{one}”" for one in places[:_PLACES]), *more])


def text_with_places(shown: Preview | Question) -> Block:
    """The text with the place of each finding marked; findings that overlap are one place."""
    places: list[tuple[int, int]] = []
    for start, end in sorted((one.start, one.end) for one in shown.findings if one.end > one.start):
        if places and start < places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return marked_text(shown.text, places)
