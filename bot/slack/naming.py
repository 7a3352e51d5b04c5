"""What people mean by what they type in a hurry: `1042`, `#1042,`, `case 1042`, `会话1042：…`, `订单 203-…`, `“7”`."""

import re
import unicodedata
from string import ascii_letters, digits

from bot.db.queries import cases as case_queries
from bot.db.queries import merging
from bot.desk import access
from bot.errors import NotFound, WrongInput
from bot.slack.surface import Surface

_ORDER_ID = re.compile(r"\d{3}-\d{7}-\d{7}")
# An input method for Chinese types full-width digits and signs, and puts no space behind a number.
_FIRST = re.compile(
    r"[\s`*#＃]{0,20}(?P<quoted>[\"“”‘「])?"
    r"(?:(?:case|会话)[\s:：#＃]{0,9}|(?:order|订单号?)[\s:：#＃]{0,9}(?=[0-9０-９]{3}[-－]))?"
    r"(?P<named>[0-9０-９]{3}[-－][0-9０-９]{7}[-－][0-9０-９]{7}|[0-9０-９]{1,20})(?![A-Za-z0-9_-])"
    r"(?:(?(quoted)[\"“”’」]|[”」]))?"
    r"[\s`*.,:;，。：；、]{0,20}(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)

_SIGNS = re.compile(r"[\s,;:!?，。、；：！？\"“”‘’「」`*]{1,200}")
_HALF_WIDTH = {ord(one) + 0xFEE0: one for one in ascii_letters + digits}
_UNSEEN = "\u200b\u2060\ufeff"


def typed(words: str) -> str:
    """`words` without what nobody sees around them: it comes along when something is copied."""
    return words.strip().strip(_UNSEEN).strip()


def half_width(words: str) -> str:
    """Letters and digits as other input methods type them; as long as `words`."""
    return words.translate(_HALF_WIDTH)


def plain(words: str) -> str:
    """The bare words, to compare with words that we know: not for what a colleague or a buyer is to read."""
    return _SIGNS.sub(" ", half_width(words)).strip()


def first_and_rest(words: str) -> tuple[str, str]:
    """The word that names a case, as plain digits, and what follows it; any other first word as it is."""
    found = _FIRST.fullmatch(words)
    if found is not None:
        return unicodedata.normalize("NFKC", found["named"]), found["rest"].strip()
    first, *rest = words.split(maxsplit=1) or [""]
    return first, rest[0].strip() if rest else ""


def names_a_case(words: str) -> bool:
    """Whether `words` begin with a number or an order id."""
    return _FIRST.fullmatch(words) is not None


def only_case(words: str) -> str:
    """The word that names a case, where one more would be left undone unseen. Raises WrongInput."""
    first, rest = first_and_rest(words)
    if names_a_case(rest):
        second = first_and_rest(rest)[0]
        raise WrongInput(
            f"One case at a time: {first}, then {second}.", key="one_case", first=first, second=second
        )
    return first


def case_named(surface: Surface, person: str, word: str) -> int:
    """The case that a word names: a number (1042) or an order id. Raises WrongInput, NotFound."""
    if word.isdecimal() and len(word) < 10:
        return int(word)
    if not _ORDER_ID.fullmatch(word):
        raise WrongInput(f'"{word[:40]}" names no case.', key="which_case")
    found = find(surface, person, word)
    if not found:
        raise NotFound(f"No case is about order {word}.", key="no_case_of_order", order=word)
    if len(found) > 1:
        raise WrongInput(
            f"Order {word} has several cases: {found}.",
            key="several_cases",
            order=word,
            cases=tuple(map(str, found)),
        )
    return found[0]


def find(surface: Surface, person: str, words: str) -> list[int]:
    """Cases of the person's own stores; for a merged one the case that stays. Raises NotAllowed."""
    desk = surface.desk
    with desk.database.reading() as tx:
        agent = access.require_agent(tx, desk, person)
        stores = tuple(desk.settings.stores) if agent.stores == "all" else agent.stores
        found = case_queries.find(tx, words, stores)
        return list(dict.fromkeys(merging.working(tx, number) for number in found))
