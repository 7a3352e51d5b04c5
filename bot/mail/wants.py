"""Words in which a buyer wants something of a seller, as no notice of an absence does.

A message that is taken for an automatic reply has no clock, so what a person may have written must not be taken
for one: "I am on holiday from tomorrow, please deliver after my return" is a message. The other error costs a click.
"""

import re

# Each twice: what begins a word, which is looked for only there, and what may stand inside one.
_ORDERS = (
    r"(?:my|the|your|this|that|an|last) orders?\b|ordered\b|parcel|package|shipment|shipping|dispatch|"
    r"deliver(?!ed automatically)|ship\b|hold (?:it|off)|warehouse|tracking|refund|money\b|reimburse|"
    r"replacement|invoice|warranty|broken\b|defect|damag|faulty|cancel|product|item\b|neighbou?r|doorstep|"
    r"test(?:ed)? it\b",
    r"paket|versand|geld\b|ersatz\b|gerät|storn|abgeben\b|abstellen\b",
    "command(?:e|é)|colis|livr(?!e d)|facture|article|produit|annul",
    r"pedido|envíe|entreg|dinero|rot[oa]s?\b|cancel|vecin[oa]",
    r"(?:mio|il|un) ordine\b|pacco|soldi",
    "pacote|fatura|produto|artigo",
    "bestel|lever|buur|buren",
    "frakt|pengar|trasig|skad|grann",
    "zwrot",
    "kargo|iade|fatura|bozuk|ürün|komşu",
)
_ORDERS_INSIDE = (
    "bestell|päckchen|liefer|zustellung|(?:ver|los|zu)schick|erstatt|rechnung|garantie|kaputt|defekt|"
    "beschädigt|artikel|produkt|nachbar",
    r"expéd|rembours|remplacement|cassée?\b|défectueu|abîm|endommag|voisine?s?\b",
    "paquete|almacén|reembols|devolución|factura|garantía|defectuos|dañad|artículo|producto",
    r"l.ordine\b|ordinat|consegn|spedi(?:zion|te|re|sc)|rimbors|fattura|garanzia|difett|danneggi|articolo|"
    "prodotto|vicin[oa] di casa|(?:dal|al) vicino",
    "encomenda|dinheiro|nota fiscal|garantia|quebrad|defeit|danificad|vizinh",
    "pakket|verzend|terugbetal|factuur|kapot|beschadigd",
    "beställ|återbetal|faktura|produkt",
    "zamówien|paczk|dostaw|przesyłk|pieniądz|gwarancj|zepsut|uszkodz|sąsiad",
    "sipariş|teslim|hasarlı",
    "注文|荷物|配送|配達|届きませ|届いていない|届いてい?ません|返金|返品|交換|領収書|請求書|保証|壊|不良|破損|商品|キャンセル",
    "订单|訂單|包裹|快递|快遞|发货|發貨|物流|送货|退款|退货|退貨|换货|換貨|发票|發票|保修|坏了|壞了|损坏|商品|产品|產品|邻居|人工",
    "طلبي|طرد|شحن|توصيل|استرداد|فاتورة|ضمان|مكسور|المنتج|إلغاء",
)
_WISHES = (
    r"i (?:want|need|demand)\b|i(?: would|'d|’d) like (?!to (?:inform|let))|"
    r"please (?:reply|respond|answer|tell|advise|confirm|help|hurry|wait)\b|"
    r"your (?:automatic|automated|last)\b|from you\b",
    r"ich (?:will|brauche|verlange|warte)\b|bitte (?:antworten(?! sie nicht)|sagen|helfen|warten)\b|"
    "ihre automatische",
    r"je (?:veux|voudrais|demande|attends)\b",
    "quiero|necesito",
    "voglio|vorrei (?!informar)",
    r"quero\b|preciso\b",
    r"ik (?:wil|heb nodig|verwacht)\b|jag (?:vill|behöver)\b|chcę\b|istiyorum|أريد",
)
_WISHES_INSIDE = (
    "j.ai besoin|répondez|vous m.avez",
    "me gustaría (?!informar)|respónda|responda[nm]? (?:por favor|ya)",
    "ho bisogno|rispond(?:a|ete)mi",
    "respondam?[- ]me",
    "してほしい|お願いしたい|我要|我想|我需要|请回答|没有用",
)
# Not that of an address on the web, which has letters behind it.
_QUESTION = r"[?？؟](?=[\s\"'”’»)）]|$)|[？吗呢]\s*(?:$|[，。！\n])"
_BEGIN_A_WORD = "|".join((*_ORDERS, *_WISHES))
_WANTS = re.compile(
    "|".join((rf"\b(?:{_BEGIN_A_WORD})", _QUESTION, *_ORDERS_INSIDE, *_WISHES_INSIDE)), re.IGNORECASE
)


def wants_something(text: str) -> bool:
    """Whether somebody asks, or speaks of what was bought, or of what they want."""
    return bool(_WANTS.search(text))
