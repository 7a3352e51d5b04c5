"""What we know how to say: templates, policy phrases and topic rules, read once at start.

What managers change in Slack comes on top of the files: bot/desk/library.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, cast

from bot.domain.policy import Phrases
from bot.domain.templates import Template, TemplateSet
from bot.domain.triage import TopicRules
from bot.settings.phrases import load_phrases, load_topics
from bot.settings.positions import Fault
from bot.settings.templates import load_templates

LanguageOf = Callable[[str, str | None], str | None]


def _unknown(_text: str, _guess: str | None) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Templates of the files that can be read, why others can't, the rules for policy and topics.

    `language_of` gives the language that a text seems to be in; its second argument is a guess. `flaws`
    remembers what is wrong with the replies that a template makes: looking takes milliseconds.
    """

    templates: TemplateSet
    phrases: Phrases
    topics: TopicRules
    template_faults: tuple[Fault, ...] = ()
    language_of: LanguageOf = _unknown
    flaws: dict[Template, tuple[Fault, ...]] = field(default_factory=dict, repr=False, compare=False)


def load_knowledge(templates: Path, config: Path, language_of: LanguageOf = _unknown) -> Knowledge:
    """Read `templates` and, from `config`, policy/ and topics.yaml. Raises ConfigError."""
    found, faults = load_templates(templates)
    return Knowledge(found, load_phrases(config), load_topics(config / "topics.yaml"), faults, language_of)


def when_asked(read: Callable[[], Knowledge]) -> Knowledge:
    """What `read` gives, read when somebody first asks for a part of it: it takes seconds, and few commands do."""
    return cast("Knowledge", _Unread(read))


class _Unread:
    def __init__(self, read: Callable[[], Knowledge]) -> None:
        self._read = read
        self._lock = Lock()
        self._knowledge: Knowledge | None = None

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            self._knowledge = self._knowledge or self._read()
        return getattr(self._knowledge, name)


@dataclass(slots=True)
class Shelf:
    """Memory of a process: the templates as last put together, and what became of their replies.

    Safe between threads: each is one value that is replaced whole, and made of the database alone.
    """

    stock: tuple[tuple[int, int], TemplateSet, tuple[Fault, ...]] | None = field(default=None, repr=False)
    past: tuple[datetime, dict[str, tuple[int, int]]] | None = field(default=None, repr=False)
