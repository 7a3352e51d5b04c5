"""Bulk replies: the form, every text before it leaves, and the post that shows how it goes on.

The preview has a page for ten cases, and only the last one has Send: who sends has had every text on the screen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.bulk import DATES, MOST, BulkCase, BulkPage, BulkProgress
from bot.domain.templates import LANGUAGES
from bot.domain.triage import TOPICS
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    TemplateChoice,
    actions,
    button,
    context,
    date_input,
    divider,
    exact_text,
    labelled,
    modal,
    noted_select,
    option,
    radio,
    section,
    select,
    text_input,
)
from bot.slack.inert import escape, mention, shorten
from bot.slack.texts import Say, left
from bot.slack.views import lines, merge_lines

ANY = "any"
LONGEST_ANSWER = 1000
_LONGEST_VALUE = 60
_QUOTE = 300
_TROUBLES = 20
_NAMED = 15
_BAR = 24
_TITLE = 60


@dataclass(frozen=True, slots=True)
class BulkForm:
    """What stands in the form. `asks` are the values that the template needs once for all its cases."""

    stores: Mapping[str, str]
    templates: Sequence[TemplateChoice]
    store: str | None = None
    template: str | None = None
    topic: str = ANY
    lang: str = ANY
    whose: str = "free"
    after: str = "close"
    asks: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


def form(entered: BulkForm, say: Say) -> Block:
    """Which cases, which template, and what it says in every reply."""
    return modal(
        ids.MODAL_BULK,
        say("bulk.title"),
        [
            section(say("bulk.lead", most=MOST)),
            *_which(entered, say),
            _template(entered, say),
            section(say("bulk.same_for_all")) if entered.asks else None,
            *(_value(name, entered, say) for name in entered.asks),
            _after(entered, say),
        ],
        submit=say("do.preview"),
        close=say("do.cancel"),
    )


def _which(entered: BulkForm, say: Say) -> list[Block]:
    topics = {ANY: say("bulk.topic_any")} | {topic: say.word("topic", topic) for topic in TOPICS}
    langs = {ANY: say("bulk.lang_any")} | {lang: lines.language(lang, say) for lang in LANGUAGES}
    whose = {word: say(f"bulk.whose.{word}") for word in ("free", "mine")}
    names = {key: shorten(name, 75) for key, name in entered.stores.items()}
    pick = say("bulk.store_pick")
    return [
        labelled(
            ids.BULK_STORE, say("bulk.store"), select(ids.BULK_STORE, pick, names, chosen=entered.store)
        ),
        labelled(
            ids.BULK_TOPIC,
            say("bulk.topic"),
            select(ids.BULK_TOPIC, say("bulk.topic_any"), topics, chosen=entered.topic),
        ),
        labelled(
            ids.BULK_LANG,
            say("bulk.lang"),
            select(ids.BULK_LANG, say("bulk.lang_any"), langs, chosen=entered.lang),
        ),
        labelled(ids.BULK_WHOSE, say("bulk.whose"), radio(ids.BULK_WHOSE, whose, chosen=entered.whose)),
    ]


def _template(entered: BulkForm, say: Say) -> Block:
    offered = [option(shorten(one.title, 75), one.name) for one in entered.templates]
    picker = noted_select(ids.BULK_TEMPLATE, say("form.template_pick"), offered, chosen=entered.template)
    return labelled(
        ids.BULK_TEMPLATE, say("form.template"), picker, hint=say("bulk.template_hint"), dispatch=True
    )


def _value(name: str, entered: BulkForm, say: Say) -> Block:
    action_id, value = f"{ids.BULK_VALUE}.{name}", entered.values.get(name, "")
    if name in DATES:
        return labelled(action_id, say(f"bulk.value.{name}"), date_input(action_id, chosen=value))
    is_long = name == "answer"
    most = LONGEST_ANSWER if is_long else _LONGEST_VALUE
    element = text_input(action_id, value=value, most=most, multiline=is_long)
    return labelled(action_id, say(f"bulk.value.{name}"), element)


def _after(entered: BulkForm, say: Say) -> Block:
    choices = {word: say(f"after.{word}") for word in ("close", "wait")}
    return labelled(ids.FORM_AFTER, say("after.label"), radio(ids.FORM_AFTER, choices, chosen=entered.after))


def preview(shown: BulkPage, title: str, say: Say) -> Block:
    """One page of texts; `title` is the template's for the reader. The last page has Send, if anything can go."""
    is_last = shown.page == shown.pages - 1
    send = say("bulk.send", replies=say.count("reply", shown.ready)) if shown.ready else None
    return modal(
        ids.MODAL_BULK_PREVIEW,
        say("bulk.preview_title"),
        [
            *_head(shown, title, say),
            *(_left_out(shown, say) if shown.page == 0 else []),
            *(block for one in shown.cases for block in _case(one, shown, say)),
            *_paging(shown, say),
        ],
        submit=send if is_last else say("bulk.next", page=shown.page + 2),
        close=say("do.cancel"),
        metadata=json.dumps({"bulk": shown.bulk, "page": shown.page}),
    )


def _head(shown: BulkPage, title: str, say: Say) -> list[Block]:
    about = say(
        "bulk.about",
        template=escape(shorten(title, _TITLE)),
        store=lines.store(shown.store_name, say),
        replies=say.count("reply", shown.ready),
    )
    if not shown.ready:
        return [section(about, say("bulk.none_ready"))]
    after = say("bulk.then_close" if shown.then_close else "bulk.then_wait")
    in_name = say("bulk.in_name", name=escape(shorten(shown.by_name, _TITLE)), after=after)
    return [section(about, in_name), context(say("bulk.undo"))]


def _left_out(shown: BulkPage, say: Say) -> list[Block]:
    alike: dict[str, list[int]] = {}
    for case, reason, facts in shown.left_out:
        alike.setdefault(why(reason, facts, say), []).append(case)
    rows = [say("bulk.left_line", why=reason, cases=_cases(found, say)) for reason, found in alike.items()]
    title = say("bulk.left_out", cases=say.count("case", len(shown.left_out)))
    more = say("bulk.too_many", cases=say.count("case", shown.too_many)) if shown.too_many else None
    return [
        *(lines.sections([title, *rows]) if rows else []),
        *([context(more)] if more else []),
    ]


def _cases(found: Sequence[int], say: Say) -> str:
    rest = len(found) - _NAMED
    more = [say("bulk.and_more", n=rest)] if rest > 0 else []
    return say.several([*map(str, found[:_NAMED]), *more])


def why(reason: str, facts: Mapping[str, object], say: Say) -> str:
    """Why a case is not in a bulk reply, or was refused: in a few words, with what exactly."""
    words = say.word("bulk_why", reason)
    detail = _detail(facts, say)
    return say("bulk.why_detail", why=words, detail=detail) if detail else words


def _detail(facts: Mapping[str, object], say: Say) -> str:
    if facts.get("into"):
        return say("bulk.into", case=facts["into"])
    if facts.get("who"):
        return mention(str(facts["who"]))
    rules, names = facts.get("rules"), facts.get("names")
    if isinstance(rules, list | tuple):
        return say.several([say.word("rule", str(one)) for one in rules])
    return (
        say.several([say.word("variable", str(one)) for one in names])
        if isinstance(names, list | tuple)
        else ""
    )


def _case(one: BulkCase, shown: BulkPage, say: Say) -> list[Block]:
    head = say(
        "bulk.case",
        case=one.case,
        buyer=lines.buyer(one.first_name, say),
        order=lines.order(one.order_id, say),
        left=left(one.due_at, shown.as_of, say) if one.due_at else say("case.nothing_due"),
    )
    is_out = one.reason == "agent"
    do_it = say("bulk.put_back" if is_out else "bulk.take_out")
    label = say("bulk.turn_label", do=do_it, case=one.case)
    press = button(ids.BULK_TURN, do_it, f"{shown.bulk}:{one.case}:{shown.page}", label=label)
    if one.text is None:
        not_in = say("bulk.not_in", why=why(str(one.reason), one.facts, say))
        return [divider(), section(head, not_in, accessory=press)]
    warns = say.several([say.word("rule", rule) for rule in one.warns])
    return [
        divider(),
        section(
            head,
            merge_lines.to_line(one.goes_to, say),
            say("bulk.warn", rules=warns) if warns else None,
            accessory=press,
        ),
        context(say("bulk.buyer_wrote")),
        lines.quoted(one.buyer_text, _QUOTE, say),
        context(say("bulk.reply_text")),
        exact_text(one.text),
    ]


def _paging(shown: BulkPage, say: Say) -> list[Block]:
    if shown.pages == 1:
        return []
    back = button(
        ids.BULK_BACK, say("page.back"), f"{shown.bulk}:{shown.page - 1}", label=say("bulk.back_label")
    )
    where = say("page.of", page=shown.page + 1, pages=shown.pages)
    return [divider(), context(where), *([actions(back)] if shown.page else [])]


def started(stands: BulkProgress, say: Say) -> Block:
    """What is said when Send was pressed."""
    replies = say.count("reply", stands.total)
    return modal(
        ids.MODAL_DETAILS,
        say("bulk.started_title"),
        [section(say("bulk.started", replies=replies))],
        close=say("do.close"),
    )


def progress(stands: BulkProgress, title: str, say: Say) -> Post:
    """How far it is, what was not sent and why, and Stop."""
    head = say(
        "bulk.progress",
        template=escape(shorten(title, _TITLE)),
        store=lines.store(stands.store_name, say),
    )
    state = say(f"bulk.state.{stands.state}", who=mention(stands.stopped_by or stands.by))
    numbers = "  ·  ".join(_numbers(stands, say))
    shown = stands.troubles[:_TROUBLES]
    told = [say("bulk.trouble", case=case, why=why(reason, facts, say)) for case, reason, facts in shown]
    rest = len(stands.troubles) - len(shown)
    more = say("bulk.trouble_more", n=rest) if rest else None
    stop = button(
        ids.BULK_STOP, say("bulk.stop"), str(stands.bulk), label=say("bulk.stop_label"), style="danger"
    )
    blocks = [
        section(head, _bar(stands, state, say), numbers),
        *(
            section(line, accessory=lines.case_button(ids.CASE_DETAILS, "details", one[0], say))
            for line, one in zip(told, shown, strict=True)
        ),
        *([context(more)] if more else []),
        *([actions(stop)] if stands.state == "running" else []),
    ]
    far = say("bulk.far", over=stands.over, total=stands.total)
    return Post(lines.aloud((head, state, far, numbers, *told, more), say), blocks)


def _bar(stands: BulkProgress, state: str, say: Say) -> str:
    total = max(1, stands.total)
    over = _BAR * stands.over // total
    begun = _BAR * (stands.over + stands.leaving) // total
    drawn = "█" * over + "▒" * (begun - over) + "░" * (_BAR - begun)
    return say("bulk.bar", bar=drawn, over=stands.over, total=stands.total, state=state)


def _numbers(stands: BulkProgress, say: Say) -> list[str]:
    waits = "unsent" if stands.state == "stopped" else "waiting"
    counts = {
        "sent": stands.sent,
        "leaving": stands.leaving,
        waits: stands.waiting,
        "called_back": stands.called_back,
        "troubles": len(stands.troubles),
    }
    return [say(f"bulk.n.{word}", n=n) for word, n in counts.items() if n or word == "sent"]
