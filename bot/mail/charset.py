"""Bytes to text: the ladder of charsets, encoded words in headers, characters that may not stay.

A label is a hint, not a fact: relays and webmailers send UTF-8 as latin-1 and GBK as gb2312. Source of
the ladder: 20 broken mails tried against five libraries (libraries.md 3). `charset_normalizer` is
imported only when every label has failed.
"""

import binascii
import codecs
import re
import unicodedata

# Labels whose real content is usually the superset (the WHATWG encoding list does the same).
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb18030": "gb18030",
    "gb_2312-80": "gb18030", "euc-cn": "gb18030", "chinese": "gb18030",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8", "ansi_x3.4-1968": "utf-8",
    "unknown-8bit": "utf-8", "default": "utf-8", "utf8": "utf-8", "unicode": "utf-8", "8bit": "utf-8",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "iso-8859-8-i": "iso-8859-8", "iso-8859-9": "cp1254",
    "x-euc-jp": "euc_jp", "x-mac-roman": "mac_roman", "tis-620": "cp874", "hz-gb-2312": "hz",
}  # fmt: skip

# Python also knows codecs that are no charsets (zip, punycode, unicode_escape): a mail may not name those.
_IS_CHARSET = re.compile(r"(?:utf|iso|latin|cp\d|windows|koi8|gb|big5|euc|shift|mac|tis|hz|johab|ptcp)")
_DOUBLE_BYTE = frozenset(
    {"gb18030", "gbk", "gb2312", "big5", "cp950", "cp932", "shift_jis", "euc_jp", "euc_kr", "cp949"}
)
# A name has no more characters; of a longer text, chance does not make UTF-8.
_FEW = 8
_LAST_OF_TWO_BYTES = "\u07ff"
_GUESSED = ["utf_8", "gb18030", "cp932", "euc_jp", "big5", "cp949", "cp1252", "cp1250", "cp1251"]
_ENCODED_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN_WORDS = re.compile(rb"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([@BD]|\([BJI])")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# NUL breaks databases, lone surrogates break UTF-8, U+E000..U+E001 are the marks of bot.mail.body.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ue000\ue001]")


def decode(data: bytes, label: str = "") -> str:
    """The text of `data`, whose sender calls its charset `label`; never fails, at worst with U+FFFD."""
    if data.isascii() and b"\x1b" not in data and "utf-16" not in label.lower():
        return _clean(data.decode("ascii"))
    codec = _codec(label)
    if b"\x1b$" in data or codec.startswith(("iso2022", "iso-2022")):
        return _clean(_iso_2022_jp(data))
    for candidate in _ladder(data, codec):
        try:
            return _clean(data.decode(candidate))
        except (UnicodeError, LookupError):
            continue
    return _clean(data.decode("utf-8", "replace"))


def header(raw: bytes) -> str:
    """The text of a header's value: encoded words decoded, folding and runs of blanks collapsed.

    Neighbouring encoded words of one charset are joined as bytes first: some mailers cut a character in two.
    """
    if b"=?" not in raw:
        return " ".join(decode(raw).split())
    raw = _BETWEEN_WORDS.sub(rb"\1", raw)
    pieces: list[tuple[str, bytes]] = []
    end = 0
    for word in _ENCODED_WORD.finditer(raw):
        if word.start() > end:
            pieces.append(("", raw[end : word.start()]))
        label = word[1].decode("latin-1").partition("*")[0]
        content = _word(word[2], word[3])
        if pieces and pieces[-1][0].lower() == label.lower() and word.start() == end:
            pieces[-1] = (label, pieces[-1][1] + content)
        else:
            pieces.append((label, content))
        end = word.end()
    pieces.append(("", raw[end:]))
    return " ".join("".join(decode(content, label) for label, content in pieces).split())


def from_base64(data: bytes) -> bytes:
    """The content of base64 text that may be cut short or hold foreign characters."""
    kept = re.sub(rb"[^A-Za-z0-9+/]+", b"", data.split(b"=", 1)[0] if data.rstrip().endswith(b"=") else data)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _word(encoding: bytes, content: bytes) -> bytes:
    if encoding in b"bB":
        return from_base64(content)
    return binascii.a2b_qp(content, header=True)


def _codec(label: str) -> str:
    """The Python codec for a label; empty if the label is no charset that we know."""
    name = label.strip().strip("\"'").lower()
    name = _SUPERSETS.get(name, name)
    name = name.removeprefix("x-")
    if not _IS_CHARSET.match(name):
        return ""
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


def _ladder(data: bytes, codec: str) -> list[str]:
    """Codecs to try in order, each strictly."""
    if codec in {"utf-8", ""}:
        return ["utf-8", _guess(data)] if not _is_valid_utf8(data) else ["utf-8"]
    if codec.startswith(("utf-16", "utf-32")):
        return [codec, "utf-8"]
    # Text that is valid UTF-8 with characters beyond ASCII is UTF-8 by more than chance, whatever the label.
    if _is_valid_utf8(data):
        return (
            [codec, "utf-8"]
            if codec in _DOUBLE_BYTE and _is_a_chance(data.decode("utf-8"))
            else ["utf-8", codec]
        )
    if codec.startswith(("cp125", "iso8859", "latin")) and _looks_east_asian(data):
        return [_guess(data), codec]
    return [codec, _guess(data)]


def _is_a_chance(text: str) -> bool:
    """Whether so few bytes may be UTF-8 by chance: "小梅" of GB 18030 reads as "С÷".

    No name mixes alphabets or has signs.
    """
    beyond = [character for character in text if character > "\x7f"]
    if len(beyond) > _FEW or max(beyond, default="") > _LAST_OF_TWO_BYTES:
        return False
    alphabets = {unicodedata.name(character, "").partition(" ")[0] for character in beyond}
    return len(alphabets) > 1 or not all(map(str.isalpha, beyond))


def _is_valid_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _looks_east_asian(data: bytes) -> bool:
    """Whether most bytes beyond ASCII stand in runs: accents stand alone, double-byte text does not."""
    runs = [len(run) for run in _HIGH_RUN.findall(data[:20_000])]
    long = sum(run for run in runs if run >= 4)
    return long * 2 > sum(runs) and long * 5 > min(len(data), 20_000)


def _guess(data: bytes) -> str:
    """The codec that fits best: damaged UTF-8, a western single-byte one, or what the statistics say."""
    damaged = data[:20_000].decode("utf-8", "replace")
    wrong = damaged.count("�")
    right = sum(1 for character in damaged if character > "\x7f") - wrong
    if right > 2 * wrong or right > wrong == 1:
        return ""
    if not _looks_east_asian(data):
        return "cp1252" if not re.search(rb"[\x81\x8d\x8f\x90\x9d]", data) else "latin-1"
    from charset_normalizer import from_bytes  # heavy, and hardly a mail needs it

    best = from_bytes(data[:20_000], cp_isolation=_GUESSED).best()
    return best.encoding if best else ""


def _iso_2022_jp(data: bytes) -> str:
    """ISO-2022-JP with the characters of NEC row 13, which Python's own codec refuses."""
    try:
        return data.decode("iso2022_jp")
    except UnicodeDecodeError:
        pass
    pieces: list[str] = []
    mode, start = b"(B", 0
    for escape in _ESCAPE.finditer(data):
        pieces.append(_in_mode(mode, data[start : escape.start()]))
        mode, start = escape[1], escape.end()
    pieces.append(_in_mode(mode, data[start:]))
    return "".join(pieces)


def _in_mode(mode: bytes, piece: bytes) -> str:
    if mode == b"(I":
        return bytes(byte | 0x80 for byte in piece).decode("cp932", "replace")
    if not mode.startswith(b"$"):
        return piece.decode("utf-8", "replace")
    line_end = piece.find(b"\n")
    if line_end >= 0:  # a mode ends with its line, even if the way back was forgotten
        return _in_mode(mode, piece[:line_end]) + piece[line_end:].decode("utf-8", "replace")
    return b"".join(_jis_to_sjis(*piece[i : i + 2]) for i in range(0, len(piece) - 1, 2)).decode(
        "cp932", "replace"
    )


def _jis_to_sjis(row: int, cell: int) -> bytes:
    """Two bytes of JIS as the two bytes of Shift_JIS that mean the same (JIS X 0208, appendix 1)."""
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return b"?"
    second = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    first = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    return bytes((first, second))


def _clean(text: str) -> str:
    """Line ends as newlines, and without characters that no database or terminal should get."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("", text)
    return text.removeprefix("\ufeff")
