"""Where the policy check looks at parts of a text only: it finds what a search through all of it does."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.phrase_strips import _TOKEN, read_words
from bot.domain.policy import links

_BITS = ("a", "B", "1", "é", "漢", ".", "-", "_", "@", " ", "/", ":", ",", "\n", ".com", "b.c", "x" * 62)
_ADDRESS_BITS = (
    "http",
    "https:",
    "HTTPS",
    "://",
    ":/",
    "hxxp",
    "h**ps",
    "ftp",
    ":",
    " ",
    "/",
    "\\",
    "a",
    "b.c",
    "\n",
)


@given(st.lists(st.sampled_from(_BITS), max_size=30).map("".join))
@example("a" * 70 + ".com x.com")
@example("x " + "a." * 300 + "com")
@example("a-.--b/c.d.e")
def test_words_with_a_dot(text: str) -> None:
    looked_for = [match.span() for match in links._dotted_words(text)]
    assert looked_for == [match.span() for match in links._BARE.finditer(text)]


@given(st.lists(st.sampled_from(_ADDRESS_BITS), max_size=25).map("".join))
@example("https ://a http://b")
@example("http://http://b https:// ftp :/ /c")
def test_addresses(text: str) -> None:
    looked_for = [match.span() for match in links._addresses(text)]
    assert looked_for == [match.span() for match in links._SCHEME.finditer(text)]


@given(st.text(st.sampled_from("aZ09éß%$€★ .\n漢ー'"), max_size=60))
def test_units_and_their_places(text: str) -> None:
    strip = read_words(text)
    matches = list(_TOKEN.finditer(text.lower()))
    assert (strip.starts, strip.ends) == ([one.start() for one in matches], [one.end() for one in matches])
    assert len(strip.units) == len(matches)
