"""Writing and changing a template, what was saved, and its history with a way back."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.domain.marketplaces import MARKETPLACES
from bot.domain.template_versions import Editable, Saved, TemplateFault, Version
from bot.domain.templates import LANGUAGES, VARIABLES
from bot.domain.triage import TOPICS
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    actions,
    button,
    confirm,
    context,
    exact_text,
    labelled,
    modal,
    multi_select,
    radio,
    section,
    select,
    text_input,
)
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say, site
from bot.slack.views import lines

LONGEST_TITLE = 40
_SHIPS = ("any", "amazon", "merchant")
_VERSIONS = 20
_DIFFERENCE = 700
_SAMPLE = 3000
_TOLD = 3
_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": ids.TEMPLATE_NAME,
        "lang": ids.TEMPLATE_LANG,
        "title": ids.TEMPLATE_TITLE,
        "title_en": ids.TEMPLATE_TITLE_EN,
        "title_zh": ids.TEMPLATE_TITLE_ZH,
        "topic": ids.TEMPLATE_TOPIC,
        "fulfilment": ids.TEMPLATE_SHIPS,
        "marketplaces": ids.TEMPLATE_PLACES,
        "body": ids.TEMPLATE_BODY,
    }
)


def template_form(form: Editable, say: Say) -> Block:
    """The fields of a template. Their block ids change with language and version, so that what is shown is new."""
    suffix = f"{form.wording.lang}.{form.version}"
    return modal(
        ids.MODAL_TEMPLATE,
        say("template.title_new" if form.is_new else "template.title_edit"),
        [
            *_head(form, say),
            section(say("template.is_retired")) if form.retired else None,
            _line_field(ids.TEMPLATE_TITLE, form.wording.title, suffix, say),
            _line_field(ids.TEMPLATE_TITLE_EN, form.wording.title_en, suffix, say),
            _line_field(ids.TEMPLATE_TITLE_ZH, form.wording.title_zh, suffix, say),
            *_choices(form, suffix, say),
            labelled(
                f"{ids.TEMPLATE_BODY}.{suffix}",
                say("template.body"),
                text_input(ids.TEMPLATE_BODY, value=form.wording.body),
                hint=say("template.body_hint", names=", ".join(VARIABLES)),
            ),
        ],
        submit=say("do.save"),
        close=say("do.cancel"),
        metadata=json.dumps(
            {"template": form.wording.name, "lang": form.wording.lang, "version": form.version}
        ),
    )


def _head(form: Editable, say: Say) -> list[Block]:
    """A new template is named; one that there is shows where it stands, and leads to its other languages."""
    if form.is_new:
        languages = {lang: lines.language(lang, say) for lang in LANGUAGES}
        name = text_input(ids.TEMPLATE_NAME, most=60, multiline=False)
        return [
            labelled(ids.TEMPLATE_NAME, say("template.name"), name, hint=say("template.name_hint")),
            labelled(
                ids.TEMPLATE_LANG,
                say("template.lang"),
                select(ids.TEMPLATE_LANG, say("template.choose"), languages, chosen=form.wording.lang),
            ),
        ]
    picker = select(
        ids.TEMPLATE_LANG, say("template.choose"), _languages(form, say), chosen=form.wording.lang
    )
    hint = say("template.lang_hint")
    return [
        section(_stands(form, say), accessory=_history_button(form, say)),
        labelled(ids.TEMPLATE_LANG, say("template.lang"), picker, hint=hint, dispatch=True),
    ]


def _languages(form: Editable, say: Say) -> dict[str, str]:
    """Those that there are come first."""
    rest = [lang for lang in LANGUAGES if lang not in form.langs]
    there = {lang: lines.language(lang, say) for lang in form.langs}
    return there | {lang: say("template.lang_missing", lang=lines.language(lang, say)) for lang in rest}


def _stands(form: Editable, say: Say) -> str:
    facts = {"name": escape(form.wording.name), "lang": lines.language(form.wording.lang, say)}
    if form.version:
        return say("template.stands", version=form.version, **facts)
    is_there = form.wording.lang in form.langs
    return say("template.from_file" if is_there else "template.not_there", **facts)


def _history_button(form: Editable, say: Say) -> Block | None:
    if not form.version and form.wording.lang not in form.langs:
        return None
    name, lang = form.wording.name, form.wording.lang
    label = say("template.history_label", name=name, lang=lines.language(lang, say))
    return button(ids.TEMPLATE_HISTORY, say("template.history"), f"{name}:{lang}", label=shorten(label, 75))


def _line_field(action_id: str, value: str, suffix: str, say: Say) -> Block:
    field = text_input(action_id, value=value, most=LONGEST_TITLE, multiline=False)
    return labelled(f"{action_id}.{suffix}", say(action_id), field)


def _choices(form: Editable, suffix: str, say: Say) -> list[Block]:
    topics = {topic: say.word("topic", topic) for topic in TOPICS}
    ships = {word: say(f"template.ships.{word}") for word in _SHIPS}
    places = {code: f"{code} · {site(code)}" for code in MARKETPLACES}
    wording = form.wording
    return [
        labelled(
            f"{ids.TEMPLATE_TOPIC}.{suffix}",
            say("template.topic"),
            select(ids.TEMPLATE_TOPIC, say("template.choose"), topics, chosen=wording.topic),
        ),
        labelled(
            f"{ids.TEMPLATE_SHIPS}.{suffix}",
            say("template.ships"),
            radio(ids.TEMPLATE_SHIPS, ships, chosen=wording.fulfilment),
        ),
        labelled(
            f"{ids.TEMPLATE_PLACES}.{suffix}",
            say("template.places"),
            multi_select(
                ids.TEMPLATE_PLACES, say("template.places_pick"), places, chosen=wording.marketplaces
            ),
            optional=True,
        ),
    ]


def field_errors(view: Block, faults: Sequence[TemplateFault], say: Say) -> dict[str, str]:
    """What Slack shows at the fields: the first faults of each, and how many more there are."""
    by_field: dict[str, list[TemplateFault]] = {}
    for fault in faults:
        by_field.setdefault(field_block(view, fault.part), []).append(fault)
    return {block: _told(found, say) for block, found in by_field.items()}


def field_block(view: Block, part: str) -> str:
    """The block of the field for a part of the template; the text's, where there is none."""
    blocks = {
        block["element"]["action_id"]: str(block["block_id"])
        for block in view["blocks"]
        if block["type"] == "input"
    }
    return blocks.get(_FIELDS.get(part, ""), blocks[ids.TEMPLATE_BODY])


def _told(faults: Sequence[TemplateFault], say: Say) -> str:
    said = [_fault_line(fault, say) for fault in faults[:_TOLD]]
    rest = len(faults) - len(said)
    return " | ".join([*said, say("template.fault_more", n=rest)] if rest else said)


def _fault_line(fault: TemplateFault, say: Say) -> str:
    why = say(f"finding.{fault.rule}.why", why=fault.text) if fault.rule else fault.text
    if fault.line:
        return say("template.fault_line", line=fault.line, why=why)
    return say("template.fault", why=why)


def saved(done: Saved, say: Say) -> Block:
    """That it was saved, how it reads, and what its other languages still need."""
    lang = lines.language(done.lang, say)
    languages = [lines.language(one, say) for one in done.missing_languages]
    keys = [say(f"template.key.{key}") for key in done.differs]
    return modal(
        ids.MODAL_DETAILS,
        say("template.saved"),
        [
            section(say("template.saved_line", name=escape(done.name), lang=lang, version=done.version)),
            section(say("template.differs", keys=say.several(keys))) if keys else None,
            context(say("template.missing_languages", langs=say.several(languages))) if languages else None,
            context(say("template.sample")),
            exact_text(shorten(done.sample, _SAMPLE)),
        ],
        close=say("do.close"),
    )


def history(name: str, lang: str, versions: Sequence[Version], now: datetime, say: Say) -> Block:
    """Who changed what, the newest first; each older version can be gone back to."""
    newest = versions[0]
    shown = [block for one in versions[:_VERSIONS] for block in _version(name, lang, one, newest, now, say)]
    rest = len(versions) - _VERSIONS
    return modal(
        ids.MODAL_DETAILS,
        say("template.history_title"),
        [
            section(f"`{escape(name)}` · {lines.language(lang, say)}"),
            *shown,
            context(say("template.versions_more", n=rest)) if rest > 0 else None,
            None if newest.what == "retired" else actions(_retire_button(name, lang, newest, say)),
        ],
        close=say("do.back"),
    )


def _version(name: str, lang: str, one: Version, newest: Version, now: datetime, say: Say) -> list[Block]:
    in_use = one is newest and one.what != "retired"
    line = _version_line(one, now, say)
    if in_use:
        line += f" · {say('template.version.current')}"
    back = None
    if one is not newest and one.what != "retired":
        back = _back_button(f"{name}:{lang}:{newest.version}:{one.version}", one.version, say)
    signed = [f"- {text}" for text in one.gone] + [f"+ {text}" for text in one.new]
    return [
        section(line, accessory=back),
        *([exact_text(shorten("\n".join(signed), _DIFFERENCE))] if signed and one.what != "added" else []),
    ]


def _version_line(one: Version, now: datetime, say: Say) -> str:
    if one.what == "file":
        return say("template.version.file")
    what = "restored_file" if one.what == "restored" and not one.restores else one.what
    return say(
        f"template.version.{what}",
        version=one.version,
        who=mention(one.author or ""),
        at=when(one.at, now) if one.at else "–",
        restores=one.restores,
    )


def _back_button(value: str, version: int, say: Say) -> Block:
    return button(
        f"{ids.TEMPLATE_BACK}.{version}",
        say("template.back"),
        value,
        label=say("template.back_label", version=version),
        confirm=confirm(
            say("template.back_title"),
            say("template.back_text", version=version),
            say("template.back"),
            say("do.cancel"),
        ),
    )


def _retire_button(name: str, lang: str, newest: Version, say: Say) -> Block:
    label = say("template.retire_label", name=name, lang=lines.language(lang, say))
    return button(
        ids.TEMPLATE_RETIRE,
        say("template.retire"),
        f"{name}:{lang}:{newest.version}",
        label=shorten(label, 75),
        style="danger",
        confirm=confirm(
            say("template.retire_title"),
            say("template.retire_text"),
            say("template.retire"),
            say("do.cancel"),
        ),
    )
