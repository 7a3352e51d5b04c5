"""Where the policy check looks at parts of a text only: it finds what a search through all of it does."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.policy import Context, check, handles, links, mask
from bot.domain.policy.normalise import _RUNS
from bot.domain.policy.vocabulary import APP_PIECES
from tests import world

_BITS = ("a", "B", "1", "é", "漢", ".", "-", "_", "@", " ", "/", ":", ",", "\n", ".com", "b.c", "x" * 62)
_OF_NUMBERS = (
    "SF",
    "RE",
    "S/N",
    "1Z",
    "TBA",
    "USD ",
    "302-1234567-7654321",
    "B0",
    "RR123456789CN",
    "Order ",
    "kg",
    "cm",
    "年3月4日",
)
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


@given(st.from_regex(handles._MAYBE, fullmatch=True))
def test_every_name_of_an_app_has_one_of_the_pieces(name: str) -> None:
    assert any(piece in name.lower() for piece in APP_PIECES)


@given(
    st.lists(
        st.sampled_from(("a", "B", "1", "@", ".", "/", "é", "漢", " ", "  ", "-", "word")), max_size=20
    ).map("".join)
)
@example("w e c h a t")
@example("a b c d.")
def test_letters_set_apart_have_their_sign(text: str) -> None:
    for run, _filler, sign in _RUNS:
        assert sign.search(text) or not run.search(text)


@given(st.lists(st.sampled_from((*_OF_NUMBERS, *"0123456789-./ :#x€")), max_size=20).map("".join))
@example("SF/RE/SF123456789")
@example("A 1Z 999 AA1 012 345 678 4 EUR 12,90 €")
def test_known_good_numbers(text: str) -> None:
    for known in (mask._KNOWN_GOOD, mask._KNOWN_IDS):
        looked_for = [match.span() for match in mask._matches(known, text)]
        assert looked_for == [match.span() for match in known.finditer(text)]


def test_a_reply_that_was_checked_is_remembered_with_what_is_known_around_it() -> None:
    phrases = replace(world.knowledge().phrases)
    text = "Thank you for your message. We are sorry about the lamp. A new one leaves today: 302-1234567-7654321."
    found = check(text, Context(lang="en"), phrases)
    assert check(text, Context(lang="en"), phrases) is found
    assert {
        one.rule
        for one in check(text, Context(order_id="028-1111111-2222222", parts_required=False), phrases)
    } == {"order_id_mismatch"}
    assert check(text, Context(lang="en"), replace(phrases)) == found
    for number in range(501):
        check(f"No. {number}", Context(), phrases)
    assert len(phrases.known) <= 500
    assert check(text, Context(lang="en"), phrases) == found
