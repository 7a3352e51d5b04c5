"""What we know how to say: templates, policy phrases and topic rules, read once at start."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.domain.policy import Phrases
from bot.domain.templates import TemplateSet
from bot.domain.triage import TopicRules
from bot.settings.phrases import load_phrases, load_topics
from bot.settings.positions import Fault
from bot.settings.templates import load_templates

LanguageOf = Callable[[str, str | None], str | None]


def _unknown(_text: str, _guess: str | None) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Templates that work, why others don't, the rules for policy and topics, and how to tell a language.

    `language_of` gives the language that a text seems to be in; its second argument is a guess.
    """

    templates: TemplateSet
    phrases: Phrases
    topics: TopicRules
    template_faults: tuple[Fault, ...] = ()
    language_of: LanguageOf = _unknown


def load_knowledge(templates: Path, config: Path, language_of: LanguageOf = _unknown) -> Knowledge:
    """Read `templates` and, from `config`, policy/ and topics.yaml. Raises ConfigError."""
    found, faults = load_templates(templates)
    return Knowledge(found, load_phrases(config), load_topics(config / "topics.yaml"), faults, language_of)
