"""Read the phrase files, `config/policy/*.yaml` and `config/topics.yaml`, into searchable books.

Both have the same shape (bot/domain/phrases.py explains a line). All faults of all files are told at
once, each with its place, as `file:line:column: path: text`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from sys import intern

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from bot.domain.phrase_search import Book
from bot.domain.phrases import Phrase, Step, compile_phrase
from bot.domain.policy import RULES, Phrases
from bot.domain.policy.wording import DECIDES, DOUBTFUL
from bot.domain.triage import RISKS, TOPICS, TopicRules
from bot.errors import ConfigError
from bot.settings.policy_model import load_policy_model
from bot.settings.positions import place_of
from bot.settings.topic_model import load_topic_model

LANGUAGES = ("en", "de", "fr", "es", "it", "ja", "zh")
COMMON = "common"

_PARTS = ("part_thanks", "part_problem", "part_solution")
_POLICY_TAGS = (
    *RULES,
    *_PARTS,
    *("mail_word", "visit_word", "phone_word", "id_word"),
    *("refusal", "turn"),
    *("address_word", "our_address_word", "birthday_word", "replacement_order"),
)
_TOPIC_TAGS = (*TOPICS, *RISKS, "no_reply")
_SECTIONS = ("words", "phrases")
_WEIGHTS = tuple(str(weight) for weight in range(1, 10))
_LISTS = ("clean", "found", *_WEIGHTS)

_Entry = tuple[str, ...]


def load_phrases(root: Path) -> Phrases:
    """The policy's phrases from `root/policy/<language>.yaml`; raises ConfigError with every fault."""
    folder = root / "policy"
    reader = _Reader(_POLICY_TAGS)
    files = sorted(folder.glob("*.yaml"), key=lambda path: path.stem != COMMON)
    if not files:
        raise ConfigError(f"{folder}:1:1: policy: no phrase file found (expected: en.yaml, de.yaml ...)")
    for path in files:
        reader.open(path)
        tree = reader.tree(path)
        if path.stem not in (*LANGUAGES, COMMON):
            reader.fault(None, path.stem, f"unknown language.{_meant(path.stem, LANGUAGES)}")
        elif tree is not None:
            reader.language(path.stem, tree, "")
    phrases = reader.compiled()
    doubtful = [one for one in phrases if one.tag in DOUBTFUL and (one.clean or one.weight < DECIDES)]
    parts = [one for one in phrases if one.tag in _PARTS]
    others = {*doubtful, *parts}
    always = [one for one in phrases if one not in others]
    return Phrases(Book(always), Book(doubtful), Book(parts), load_policy_model())


def load_topics(path: Path) -> TopicRules:
    """The topic rules of all languages from one file; raises ConfigError with every fault."""
    reader = _Reader(_TOPIC_TAGS)
    reader.open(path)
    tree = reader.tree(path)
    if tree is not None:
        for key, value in reader.pairs(tree, "", (COMMON, *LANGUAGES)):
            if isinstance(value, MappingNode):
                reader.language(key.value, value, f"{key.value}.")
            else:
                reader.fault(value, key.value, f"expected a mapping with {' and '.join(_SECTIONS)}")
    return TopicRules(Book(reader.compiled(), remembers=False), load_topic_model())


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    if close:
        return f' Did you mean "{close[0]}"?'
    return f" (expected: {', '.join(known)})"


class _Reader:
    """Collects phrases and faults over all files of one book."""

    def __init__(self, tags: tuple[str, ...]) -> None:
        self.tags = tags
        self.phrases: list[Phrase] = []
        self.faults: list[str] = []
        self.common: dict[str, list[str]] = {}
        self.file = ""
        self.lines: list[str] = []
        self._known_entries: dict[_Entry, _Entry] = {}
        self._known_choices: dict[frozenset[_Entry], frozenset[_Entry]] = {}

    def open(self, path: Path) -> None:
        """Make `path` the file that faults are told of."""
        self.file, self.lines = str(path), []

    def tree(self, path: Path) -> MappingNode | None:
        """The file as YAML nodes, which know their place; None after telling why not."""
        try:
            text = path.read_text(encoding="utf-8")
            self.lines = text.splitlines()
            node = YAML(typ="rt", pure=True).compose(text)
        except OSError as error:
            self.fault(None, path.name, f"can't be read: {error.strerror}")
        except UnicodeDecodeError as error:
            self.fault(None, path.name, f"is not UTF-8 (byte {error.start}); save it as UTF-8")
        except MarkedYAMLError as error:
            self.fault(place_of(error), path.name, f"is not YAML: {error.problem}")
        except (YAMLError, RecursionError) as error:
            problem = str(error).partition("\n")[0]
            self.fault(None, path.name, f"is not YAML: {problem}")
        else:
            if isinstance(node, MappingNode):
                return node
            self.fault(None, path.name, "is empty; expected a mapping")
        return None

    def fault(self, where: Node | tuple[int, int] | None, path: str, text: str) -> None:
        """Note one fault at a node or a (line, column)."""
        if isinstance(where, Node):
            where = (where.start_mark.line + 1, where.start_mark.column + 1)
        line, column = where or (1, 1)
        self.faults.append(f"{self.file}:{line}:{column}: {path}: {text}")

    def pairs(self, node: MappingNode, path: str, known: Iterable[str]) -> Iterator[tuple[ScalarNode, Node]]:
        """The entries of a mapping whose keys are known and occur once."""
        seen: dict[str, int] = {}
        for key, value in node.value:
            name = str(key.value)
            here = f"{path}{name}"
            if not isinstance(key, ScalarNode):
                self.fault(key, path, "a key has to be a word")
            elif name in seen:
                self.fault(key, here, f"duplicate key (first on line {seen[name]})")
            elif known and name not in known:
                self.fault(key, here, f"unknown key.{_meant(name, known)}")
            else:
                seen[name] = key.start_mark.line + 1
                yield key, value

    def language(self, lang: str, node: MappingNode, path: str) -> None:
        """Take in one language's `words` and `phrases`."""
        sections = {key.value: value for key, value in self.pairs(node, path, _SECTIONS)}
        words = dict(self.common)
        if "words" in sections:
            words |= self._words(sections["words"], f"{path}words", words)
        if lang == COMMON:
            self.common = words
        if "phrases" in sections:
            self._phrases(lang, sections["phrases"], f"{path}phrases", words)

    def _words(self, node: Node, path: str, known: Mapping[str, list[str]]) -> dict[str, list[str]]:
        words: dict[str, list[str]] = {}
        for key, value in self._mapping(node, path, ()):
            entries: list[str] = []
            for place, line in self._entries(value, f"{path}.{key.value}"):
                name = line[1:-1] if line.startswith("{") and line.endswith("}") else ""
                if name and name not in (all_known := {**known, **words}):
                    self.fault(
                        place, f"{path}.{key.value}", f"no list is called {name!r}.{_meant(name, all_known)}"
                    )
                else:
                    entries += {**known, **words}[name] if name else [line]
            words[key.value] = entries
        return words

    def _phrases(self, lang: str, node: Node, path: str, words: Mapping[str, list[str]]) -> None:
        for key, value in self._mapping(node, path, self.tags):
            tag, here = key.value, f"{path}.{key.value}"
            seen: dict[str, int] = {}
            if isinstance(value, MappingNode):
                lists = [(name.value, rows) for name, rows in self.pairs(value, f"{here}.", _LISTS)]
            else:
                lists = [("found", value)]
            for name, rows in lists:
                for place, line in self._entries(rows, f"{here}.{name}"):
                    if line in seen:
                        self.fault(
                            place, f"{here}.{name}", f"duplicate phrase (first on line {seen[line]}): {line}"
                        )
                        continue
                    seen[line] = place[0]
                    self._phrase(place, f"{here}.{name}", (tag, line, lang, name), words)

    def _phrase(
        self,
        place: tuple[int, int],
        path: str,
        row: tuple[str, str, str, str],
        words: Mapping[str, list[str]],
    ) -> None:
        tag, line, lang, name = row
        weight = int(name) if name in _WEIGHTS else 1
        try:
            found = compile_phrase(tag, line, lang, words, clean=name == "clean", weight=weight)
        except ValueError as error:
            self.fault(place, path, f"invalid phrase {line!r}: {error}{self._nearest_list(line, words)}")
        else:
            self.phrases += [replace(one, steps=tuple(map(self._thrifty, one.steps))) for one in found]

    def _thrifty(self, step: Step) -> Step:
        """The step, of words that stand in memory once: most are in several phrases, and in several choices."""
        entries = (tuple(map(intern, entry)) for entry in step.choices)
        choices = frozenset(self._known_entries.setdefault(entry, entry) for entry in entries)
        return replace(step, choices=self._known_choices.setdefault(choices, choices))

    def _nearest_list(self, line: str, words: Mapping[str, list[str]]) -> str:
        names = [piece.partition("}")[0] for piece in line.split("{")[1:]]
        unknown = [name for name in names if name not in words]
        return "." + _meant(unknown[0], words) if unknown else ""

    def _mapping(self, node: Node, path: str, known: Iterable[str]) -> Iterator[tuple[ScalarNode, Node]]:
        if isinstance(node, MappingNode):
            return self.pairs(node, f"{path}.", known)
        self.fault(node, path, "expected a mapping of names to lists")
        return iter(())

    def _entries(self, node: Node, path: str) -> Iterator[tuple[tuple[int, int], str]]:
        """The lines of a block of text (`|`), each with its line and column."""
        if not isinstance(node, ScalarNode) or not node.value.strip():
            self.fault(node, path, "is empty; expected a block of text (`|`) with one entry a line")
            return
        block = node.style == "|"
        first = node.start_mark.line + (2 if block else 1)
        for number, line in enumerate(node.value.split("\n"), start=first):
            if line.strip():
                yield (number, self._column(number, node)), line.strip()

    def _column(self, number: int, node: ScalarNode) -> int:
        if node.style != "|" or number > len(self.lines):
            return int(node.start_mark.column) + 1
        line = self.lines[number - 1]
        return len(line) - len(line.lstrip()) + 1

    def compiled(self) -> list[Phrase]:
        """The phrases of all files, if nothing was wrong; raises ConfigError otherwise."""
        if self.faults:
            raise ConfigError(*self.faults)
        return self.phrases
