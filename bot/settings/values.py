"""The kinds of value that settings are made of, each with the text that says what was expected.

Channel names, ids and command lengths: Slack's reference; zones: IANA; marketplaces: Amazon's sites.
"""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from bot.domain.marketplaces import MARKETPLACES
from bot.domain.zones import is_zone
from bot.settings.hints import did_you_mean

COMMANDS = (
    "reply",
    "claim",
    "assign",
    "note",
    "case",
    "templates",
    "bulk",
    "message",
    "oncall",
    "shift",
    "sla-status",
    "sla-report",
    "manual-mode",
)

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_ENV_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_CHANNEL = re.compile(r"[a-z0-9_-]{1,80}|[CG][A-Z0-9]{2,}")
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,254}@[^@\s<>,;\"]+")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SKILL = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(f'"{text}" is no name; expected small letters, digits, "-" and "_", such as acme-us')
    return text


def _env_name(text: str) -> str:
    # The value is not repeated: whoever misreads this key has typed the secret itself here.
    if not _ENV_NAME.fullmatch(text):
        raise ValueError(
            "expected the NAME of an environment variable (capitals, digits, _), such as "
            "ACME_IMAP_PASSWORD, not the secret itself"
        )
    return text


def _marketplace(code: str) -> str:
    if code not in MARKETPLACES:
        hint = did_you_mean(code.upper(), MARKETPLACES)
        raise ValueError(f'unknown marketplace "{code}".{hint} (expected: {", ".join(MARKETPLACES)})')
    return code


def _zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError(f'unknown time zone "{name}"; expected an IANA name such as Asia/Shanghai')
    return name


def _channel(text: str) -> str:
    bare = text.removeprefix("#")
    if not _CHANNEL.fullmatch(bare):
        raise ValueError(
            f'"{text}" is no Slack channel; expected its name (small letters, digits, "-", "_", '
            "up to 80) or its id (C0123ABC)"
        )
    return bare


def _command_name(text: str) -> str:
    if not _COMMAND.fullmatch(text):
        raise ValueError(f'"{text}" is no slash command; expected "/" and up to 31 of a-z, 0-9, "-", "_"')
    return text


def _command_names(names: dict[str, str]) -> dict[str, str]:
    for key in names:
        if key not in COMMANDS:
            raise ValueError(
                f'there is no command "{key}".{did_you_mean(key, COMMANDS)} (expected: {", ".join(COMMANDS)})'
            )
    if len(set(names.values())) < len(names):
        raise ValueError("two commands have the same name; each needs its own")
    return names


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f'"{text}" is no mail address; expected one such as support@acme.example')
    return text


def _group_handle(text: str) -> str:
    bare = text.removeprefix("@")
    if not _GROUP.fullmatch(bare):
        raise ValueError(
            f'"{text}" is no user group; expected its handle, such as amz-team, or its id (S0123ABC)'
        )
    return bare


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f'"{text}" is no language code; expected two small letters, such as en, de, zh')
    return text


def _skill(text: str) -> str:
    if not _SKILL.fullmatch(text):
        raise ValueError(f'"{text}" is no skill; expected a word in small letters, such as senior')
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'"{text}" is no address; expected http:// or https:// and a host')
    return text


def _base_url(text: str) -> str:
    return _url(text).rstrip("/") + "/"


def _store_choice(value: object) -> object:
    if value == "all" or (isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)):
        return value
    raise ValueError("expected all, or a list of stores such as [acme-us, acme-eu]")


Name = Annotated[str, AfterValidator(_name)]
EnvName = Annotated[str, AfterValidator(_env_name)]
MarketplaceCode = Annotated[str, AfterValidator(_marketplace)]
Zone = Annotated[str, AfterValidator(_zone)]
Channel = Annotated[str, AfterValidator(_channel)]
CommandName = Annotated[str, AfterValidator(_command_name)]
CommandNames = Annotated[dict[str, CommandName], AfterValidator(_command_names)]
Address = Annotated[str, AfterValidator(_address)]
GroupHandle = Annotated[str, AfterValidator(_group_handle)]
Skill = Annotated[str, AfterValidator(_skill)]
Language = Annotated[str, AfterValidator(_language)]
Url = Annotated[str, AfterValidator(_url)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
StoreChoice = Annotated[tuple[str, ...] | Literal["all"], BeforeValidator(_store_choice)]
