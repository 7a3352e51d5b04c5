"""language_mismatch and order_id_mismatch: is this reply for this buyer?

The alphabet decides what it can (kana, Chinese characters, Latin letters); between languages of one
alphabet only the language that the caller detected counts.
"""

import re
from itertools import islice

from bot.domain.policy.finding import Finding, Reading, found, found_in_plain

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")
_FEW_SIGNS, _FEW_WORDS = 6, 4
_NAMES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "latin": "Latin letters",
    "zh": "Chinese",
}
_ORDER_ID = re.compile(r"(?<![0-9])[0-9]{3}-[0-9]{7}-[0-9]{7}(?![0-9])")


def check_language(reading: Reading) -> list[Finding]:
    """A finding if the reply is in another language than the buyer's."""
    wanted, seems = _spoken(reading.context.lang), _spoken(reading.context.detected_lang)
    script = _script_language(reading.text)
    if not wanted or not script:
        return []
    if script != "latin":
        fits = wanted == script
    elif wanted in {"ja", "zh"}:
        fits = False
    else:
        fits = seems is None or seems in {wanted, "ja", "zh"}
    if fits:
        return []
    written = script if script != "latin" else (seems or script)
    named = [_NAMES.get(lang, lang) for lang in (wanted, written)]
    why = f"The reply should be in {named[0]}, but it seems to be in {named[1]}."
    return [found(reading, "language_mismatch", 0, 0, why=why)]


def _spoken(lang: str | None) -> str | None:
    return re.split(r"[-_]", lang.lower())[0] if lang else None


def _script_language(text: str) -> str | None:
    """`ja`, `zh` or `latin` by what most of the text is; None if there is too little of it."""
    if text.isascii():
        return (
            "latin" if sum(1 for _word in islice(_LATIN.finditer(text), _FEW_WORDS)) == _FEW_WORDS else None
        )
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    words = len(_LATIN.findall(text))
    if kana + han < _FEW_SIGNS and words < _FEW_WORDS:
        return None
    # A Chinese or Japanese text may name products in Latin letters; a word weighs about two characters.
    if kana + han < 2 * words:
        return "latin"
    return "ja" if kana * 10 > han else "zh"


def check_order_id(reading: Reading) -> list[Finding]:
    """Order ids that are not this case's, unless the text names the case's own id or a replacement too."""
    own = reading.context.order_id
    if own is None or "replacement_order" in reading.hits:
        return []
    ids = list(_ORDER_ID.finditer(reading.plain.text))
    if any(match[0] == own for match in ids):
        return []
    return [found_in_plain(reading, reading.plain, "order_id_mismatch", *match.span()) for match in ids]
