"""Words in which a buyer wants something of a seller, as no notice of an absence does.

A message that is taken for an automatic reply has no clock, so what a person may have written must not be taken
for one: "I am on holiday from tomorrow, please deliver after my return" is a message. The other error costs a click.
"""

import re

_ORDERS = (
    r"\b(?:my|the|your|this|that|an|last) orders?\b|\bordered\b|\bparcel|\bpackage|\bshipment|\bshipping|\bdispatch|"
    r"\bdeliver(?!ed automatically)|\bship\b|\bhold (?:it|off)|\bwarehouse|\btracking|\brefund|"
    r"\bmoney\b|\breimburse|\breplacement|\binvoice|\bwarranty|"
    r"\bbroken\b|\bdefect|\bdamag|\bfaulty|\bcancel|\bproduct|\bitem\b|\bneighbou?r|\bdoorstep|\btest(?:ed)? it\b",
    r"bestell|\bpaket|päckchen|liefer|zustellung|\bversand|(?:ver|los|zu)schick|\bgeld\b|erstatt|"
    r"\bersatz\b|rechnung|garantie|kaputt|"
    r"defekt|beschädigt|\bgerät|artikel|produkt|\bstorn|nachbar|\babgeben\b|\babstellen\b",
    r"\bcommand(?:e|é)|\bcolis|\blivr(?!e d)|expéd|rembours|remplacement|\bfacture|cassée?\b|défectueu|abîm|endommag|"
    r"\barticle|\bproduit|\bannul|voisine?s?\b",
    r"\bpedido|paquete|\benvíe|almacén|\bentreg|reembols|devolución|\bdinero|factura|garantía|"
    r"\brot[oa]s?\b|defectuos|dañad|artículo|"
    r"producto|\bcancel|\bvecin[oa]",
    r"\b(?:mio|il|un) ordine\b|l.ordine\b|ordinat|\bpacco|consegn|spedi(?:zion|te|re|sc)|rimbors|"
    r"\bsoldi|fattura|garanzia|difett|"
    r"danneggi|articolo|prodotto|vicin[oa] di casa|(?:dal|al) vicino",
    r"encomenda|\bpacote|dinheiro|\bfatura|nota fiscal|garantia|quebrad|defeit|danificad|\bproduto|\bartigo|vizinh",
    r"\bbestel|pakket|\blever|verzend|terugbetal|factuur|kapot|beschadigd|\bbuur|\bburen",
    r"beställ|\bfrakt|återbetal|\bpengar|faktura|\btrasig|\bskad|produkt|\bgrann",
    r"zamówien|paczk|dostaw|przesyłk|\bzwrot|pieniądz|gwarancj|zepsut|uszkodz|sąsiad",
    r"sipariş|\bkargo|teslim|\biade|\bfatura|\bbozuk|hasarlı|\bürün|\bkomşu",
    "注文|荷物|配送|配達|届きませ|届いていない|届いてい?ません|返金|返品|交換|領収書|請求書|保証|壊|不良|破損|商品|キャンセル",
    "订单|訂單|包裹|快递|快遞|发货|發貨|物流|送货|退款|退货|退貨|换货|換貨|发票|發票|保修|坏了|壞了|损坏|商品|产品|產品|邻居|人工",
    "طلبي|طرد|شحن|توصيل|استرداد|فاتورة|ضمان|مكسور|المنتج|إلغاء",
)
_WISHES = (
    r"\bi (?:want|need|demand)\b|\bi(?: would|'d|’d) like (?!to (?:inform|let))|\bplease (?:reply|"
    r"respond|answer|tell|"
    r"advise|confirm|help|hurry|wait)\b|\byour (?:automatic|automated|last)\b|\bfrom you\b",
    r"\bich (?:will|brauche|verlange|warte)\b|\bbitte (?:antworten(?! sie nicht)|sagen|helfen|warten)\b|"
    r"\bihre automatische",
    r"\bje (?:veux|voudrais|demande|attends)\b|j.ai besoin|répondez|vous m.avez",
    r"\bquiero|\bnecesito|me gustaría (?!informar)|respónda|responda[nm]? (?:por favor|ya)",
    r"\bvoglio|\bvorrei (?!informar)|ho bisogno|rispond(?:a|ete)mi",
    r"\bquero\b|\bpreciso\b|respondam?[- ]me",
    r"\bik (?:wil|heb nodig|verwacht)\b|\bjag (?:vill|behöver)\b|\bchcę\b|\bistiyorum|\bأريد",
    "してほしい|お願いしたい|我要|我想|我需要|请回答|没有用",
)
# Not that of an address on the web, which has letters behind it.
_QUESTION = r"[?？؟](?=[\s\"'”’»)）]|$)|[？吗呢]\s*(?:$|[，。！\n])"
_WANTS = re.compile("|".join((_QUESTION, *_ORDERS, *_WISHES)), re.IGNORECASE)


def wants_something(text: str) -> bool:
    """Whether somebody asks, or speaks of what was bought, or of what they want."""
    return bool(_WANTS.search(text))
