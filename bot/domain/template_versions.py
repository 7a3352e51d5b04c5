"""A template as a manager types it, its versions, and what each one changed.

Version 0 is the file that came with the program or the team.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher

SKELETON = """{% if buyer_name %}{{ buyer_name }},{% endif %}

{% block thanks %}

{% endblock %}

{% block problem %}

{% endblock %}

{% block solution %}

{% endblock %}

{% if agent_name %}{{ agent_name }}, {% endif %}{{ store_name }}"""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a manager types: the body, and what stands in the front matter. `needs` follows from the body."""

    name: str
    lang: str
    title: str = ""
    title_en: str = ""
    title_zh: str = ""
    topic: str = ""
    fulfilment: str = "any"
    marketplaces: tuple[str, ...] = ()
    body: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Editable:
    """A template in one language as it stands now; `langs` are those that it is offered in.

    `version` is 0 for the file, and where there is nothing yet.
    """

    wording: Wording
    version: int = 0
    langs: tuple[str, ...] = ()
    retired: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the template has no name yet."""
        return not self.wording.name


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """Why a text was refused: in which `part` (a key of the front matter, or body), on which of its lines.

    `rule` is set when it is the policy check that minds.
    """

    part: str
    line: int
    text: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.part}, line {self.line}: {self.text}" if self.line else f"{self.part}: {self.text}"


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved, filled with a sample order, and what its languages still lack or have differently."""

    name: str
    lang: str
    version: int
    sample: str = field(repr=False)
    missing_languages: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a template in one language. `author` and `at` are None for the file.

    what: file, added, changed, restored (`restores` says which), retired. `gone` and `new` are the lines that
    it took out and put in, compared with the version before.
    """

    version: int
    what: str
    author: str | None = None
    at: datetime | None = None
    restores: int | None = None
    gone: tuple[str, ...] = field(default=(), repr=False)
    new: tuple[str, ...] = field(default=(), repr=False)


def changed_lines(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that went, and the lines that came, in their order; blank ones are not told."""
    old, new = before.split("\n"), after.split("\n")
    gone: list[str] = []
    come: list[str] = []
    for what, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            gone += old[start:end]
            come += new[first:last]
    return _told(gone), _told(come)


def _told(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())
