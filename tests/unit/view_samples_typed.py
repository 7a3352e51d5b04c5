"""Invented order messages for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.manual import ManualMode
from bot.domain.policy import verdict
from bot.domain.snapshots import CaseSnapshot
from bot.domain.typed_messages import FORMS, FormFault, MessageFile, MessageKind, TypedMessage
from bot.domain.typed_snapshots import CODES, STATES, TypedPreview, TypedSnapshot
from bot.errors import ConfigError, NeedsAuthorisation, Refused, Throttled, Unreachable
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import case_card, lists, modals, typed, typed_posts, typed_preview
from tests.unit.view_samples import ANNA, HOUR, LI_WEI, NOW, PLAIN, Words, case, findings
from tests.unit.view_samples_orders import DAY, known

FAULTS = (
    FormFault("text", "needed"),
    FormFault("text", "too_long", 800),
    FormFault("text", "not_wanted"),
    FormFault("files", "too_few", 1),
    FormFault("files", "too_many", 5),
    FormFault("files", "too_large", 10 * 1024 * 1024),
    FormFault("files", "empty", file="Rechnung.pdf"),
    FormFault("files", "bad_name", 100, "Rechnung.pdf"),
    FormFault("dates", "wrong_order"),
)


def with_order(words: Words = PLAIN, **changes: object) -> CaseSnapshot:
    return case(words, orders=(known(words),), **changes)


def choice(
    words: Words = PLAIN,
    kinds: tuple[MessageKind, ...] = tuple(MessageKind),
    draft: MessageKind | None = None,
) -> typed.Choice:
    return typed.Choice(with_order(words), 1042, kinds, draft)


def message(kind: MessageKind, words: Words = PLAIN) -> TypedMessage:
    form = FORMS[kind]
    file = MessageFile(words.file, "application/pdf", b"%PDF" + b" " * 120_000)
    return TypedMessage(
        kind,
        words.text if form.text else "",
        (file,) if form.files[1] else (),
        NOW - DAY if form.has_dates else None,
        NOW + 365 * DAY if form.has_dates else None,
    )


def shown(kind: MessageKind, words: Words = PLAIN, **changes: object) -> TypedPreview:
    made = TypedPreview(message(kind, words), words.order, 1042, fingerprint="f" * 64, seconds_to_undo=60)
    return replace(made, **changes)


def sent(state: str, words: Words = PLAIN, **changes: object) -> TypedSnapshot:
    """An invoice, or with a text in `changes` what that is."""
    made = TypedSnapshot(
        id=12,
        case=1042,
        kind=MessageKind.INVOICE,
        order_id=words.order,
        marketplace="DE",
        author=ANNA,
        state=state,
        text="",
        files=((words.file, 48_213),),
        covers_from=None,
        covers_until=None,
        created_at=NOW - HOUR,
        not_before=NOW + timedelta(seconds=45),
        attempts=1,
        accepted_at=NOW if state == "accepted" else None,
        ended_at=None,
        code="",
        reason="",
        request_id="req-1" if state == "accepted" else "",
    )
    return replace(made, **changes)


def all_sent(words: Words = PLAIN) -> dict[str, TypedSnapshot]:
    wordy = {"kind": MessageKind.PROBLEM, "text": words.text, "files": ()}
    return {
        **{state: sent(state, words) for state in STATES},
        "again": sent("queued", words, reason=words.short, **wordy),
        "locked": sent("queued", words, locked_since=NOW - HOUR),
        "refused, why": sent("refused", words, code="InvalidInput", reason=words.text),
        "a day": sent("accepted", words, kind=MessageKind.WARRANTY, covers_from=NOW, covers_until=None),
        **{f"failed: {code}": sent("failed", words, code=code) for code in CODES},
        "nasty id": sent("accepted", words, request_id=words.short),
    }


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Name and view, in the language of `say`."""
    yield from _choosing(say, words)
    yield from _forms(say, words)
    yield from _previews(say, words)
    for name, one in all_sent(words).items():
        found = with_order(words, typed=(one,))
        yield f"post: {name}", typed_posts.state(found, one, say)
        yield f"card: {name}", case_card.card(found, say)
        yield f"details: {name}", modals.details(found, say)
    for what in ("refused", "failed", "unsure", "stuck", "held_back"):
        state = {"stuck": "queued", "held_back": "withdrawn"}.get(what, what)
        one = sent(state, words, reason=words.short)
        yield f"told: {what}", typed_posts.told(with_order(words, typed=(one,)), one, what, say)
    quiet = with_order(words, messages=())
    yield "post: no answer owed", typed_posts.state(quiet, sent("accepted", words), say)
    yield "usage", lists.usage("message", say, {}, "sunrise")
    yield "help", lists.help(say, "agent", {})


def _choosing(say: Say, words: Words) -> Iterator[tuple[str, Block]]:
    yield "looking", typed.looking(with_order(words), say)
    yield "all kinds", typed.choices(choice(words, draft=MessageKind.INVOICE), say)
    yield "some kinds", typed.choices(choice(words, tuple(MessageKind)[:2]), say)
    quiet = replace(choice(words), case=with_order(words, messages=()))
    yield "no answer owed", typed.choices(quiet, say)
    yield "no kind", typed.choices(choice(words, ()), say)
    troubles = {
        "busy": None,
        "throttled": Throttled("", retry_after=4.2),
        "throttled, who knows": Throttled(""),
        "locked": NeedsAuthorisation("", code="invalid_grant"),
        "refused": Refused("", code=words.short),
        "unreachable": Unreachable(""),
        "unset": ConfigError("EU is missing"),
    }
    for name, why in troubles.items():
        yield f"problem: {name}", typed.problem(with_order(words), why, say)
    yield "busy with files", typed.busy(with_order(words), say)
    yield "fetching", typed.fetching(with_order(words), "typed-1", say)


def _forms(say: Say, words: Words) -> Iterator[tuple[str, Block]]:
    for kind in MessageKind:
        opened = typed.TypedForm(choice(words), kind, "Europe/Berlin")
        drafted = replace(
            opened,
            text=words.text,
            kept=((words.file, 48_213),) if FORMS[kind].files[1] else (),
            covers_from=date(2026, 11, 1),
            covers_until=date(2028, 10, 31),
        )
        yield f"form: {kind}", typed.form(opened, say)
        yield f"form: {kind}, draft", typed.form(drafted, say)


def _previews(say: Say, words: Words) -> Iterator[tuple[str, Block]]:
    found, case_ = findings(words), with_order(words)
    warned = tuple(one for one in found if one.severity == "warn")
    manual = ManualMode(3, "nordlicht", NOW - HOUR, LI_WEI, words.short, name=words.name)
    for kind in MessageKind:
        yield f"preview: {kind}", typed_preview.preview(case_, shown(kind, words), say)
    problem = MessageKind.PROBLEM
    changes: dict[str, dict[str, object]] = {
        "blocked": {"findings": found, "verdict": verdict(found)},
        "warned": {"findings": warned, "verdict": "warn"},
        "needs manager": {
            "findings": warned,
            "verdict": "warn",
            "over": ("marketing",),
            "needs_manager": True,
        },
        "manual": {"manual": manual},
        "long undo": {"seconds_to_undo": 300},
    }
    for name, change in changes.items():
        yield f"preview: {name}", typed_preview.preview(case_, shown(problem, words, **change), say)
    news = {
        "buyer": typed_preview.News(words.text),
        "colleague": typed_preview.News(words.text, LI_WEI, NOW),
        "the like": typed_preview.News("", LI_WEI, NOW, is_like=True),
    }
    for name, one in news.items():
        yield f"preview: news of {name}", typed_preview.preview(case_, shown(problem, words), say, one)
    faults = tuple(replace(one, file=one.file and words.file) for one in FAULTS)
    yield "faulty", typed_preview.faulty(case_, shown(MessageKind.INVOICE, words, faults=faults), say)
