"""Whether Amazon says in free words that a message of ours did not arrive. It says the like of parcels, too.

"The parcel could not be delivered; reply to this e-mail" is no bounce: what counts stands in one sentence, is about a
message, and not about goods. A bounce that is none makes an answered buyer be answered again.
"""

import re
from enum import Enum

from bot.mail import wording

_READ = 6_000
_SENTENCE = re.compile(r"(?<=[.!?])\s+|[。！？\n]+")
_GOODS = (
    r"(?:parcel|packages?|packets?|shipments?|items?|products?|goods|carrier|courier|listing|pakete?s?|päckchen|sendung(?!s)|"
    r"artikels?|waren?\b|produkts?|lieferung|colis|articles?|produits?|livraison|paquetes?|productos?|artículos?|pacco|"
    r"prodott[oi]|articol[oi]|spedizione|pacote|produtos?|encomenda|pakket|paczk\w*|przesyłk\w*|kargo|ürün\w*|"
    r"商品|荷物|包裹|产品|طرد|المنتج)"
)
_ABOUT_GOODS = re.compile(
    rf"\b(?:about|regarding|concerning|for|zum?|zur|über|bezüglich|concernant|sur|sobre|relativ[oa]|riguardo|su[l]?)\s"
    rf"(?:[\w'’-]+\s){{0,3}}?{_GOODS}\b|{_GOODS}(?:に関する|についての|的(?=消息|邮件))",
    re.IGNORECASE,
)
_OF_GOODS = re.compile(rf"(?<![\w-]){_GOODS}", re.IGNORECASE)
_MESSAGE = re.compile(
    r"messag|e-?mail|\bmails?\b|nachricht|mensaje|correo|mensage|bericht|meddelande|wiadomo|mesaj|メッセージ|メール|"
    r"消息|邮件|讯息|رسائل|رسالة|communicat|mitteilung",
    re.IGNORECASE,
)


class Undelivered(Enum):
    """What Amazon says of our message."""

    OPTED_OUT = "opted out"
    FAILED = "failed"


def undelivered(subject: str, words: str) -> Undelivered | None:
    """What a mail of Amazon's says of a message of ours, if it says that it did not arrive."""
    sentences = [
        _ABOUT_GOODS.sub(" ", one)
        for one in _SENTENCE.split(f"{subject}\n{words[:_READ]}")
        if _MESSAGE.search(one)
    ]
    if any(_says(wording.OPTED_OUT, one) for one in sentences):
        return Undelivered.OPTED_OUT
    return Undelivered.FAILED if any(_says(wording.NOT_DELIVERED, one) for one in sentences) else None


def _says(pattern: re.Pattern[str], sentence: str) -> bool:
    """Whether the sentence says it, and not of goods."""
    return any(not _OF_GOODS.search(found[0]) for found in pattern.finditer(sentence))
