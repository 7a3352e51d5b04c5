"""What we know how to say: templates, policy phrases and topic rules, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.policy import Phrases
from bot.domain.templates import TemplateSet
from bot.domain.triage import TopicRules
from bot.settings.phrases import load_phrases, load_topics
from bot.settings.positions import Fault
from bot.settings.templates import load_templates


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Templates that work, why others don't, and the rules for policy and topics."""

    templates: TemplateSet
    phrases: Phrases
    topics: TopicRules
    template_faults: tuple[Fault, ...] = field(default=())


def load_knowledge(templates: Path, config: Path) -> Knowledge:
    """Read `templates` and, from `config`, policy/ and topics.yaml. Raises ConfigError."""
    found, faults = load_templates(templates)
    return Knowledge(found, load_phrases(config), load_topics(config / "topics.yaml"), faults)


def template_values(facts: Mapping[str, str | None]) -> dict[str, str]:
    """The facts that are known, as a template wants them."""
    return {name: value for name, value in facts.items() if value}
