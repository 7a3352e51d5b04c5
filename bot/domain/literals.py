"""Which of many fixed texts stand in a text; found in one reading, however many they are."""

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick


class Literals:
    """The fixed texts, each known by its number."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._automaton = AhoCorasick(texts, store_patterns=False)

    def found(self, text: str) -> list[tuple[int, int, int]]:
        """Each occurrence: its number, where it begins and ends; in order of their ends. They may overlap."""
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # half of a pair of surrogates, which no fixed text has
            whole = text.encode("utf-8", "replace").decode()
            return self._automaton.find_matches_as_indexes(whole, overlapping=True)
