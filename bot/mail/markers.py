"""Amazon's own words around a buyer's text, per language: data, and the patterns made of it.

Evidence per row: amazon.md 2.5 to 2.7. Dutch, Swedish, Polish, Turkish and Arabic have never been seen
for real; their rows are likely wordings, and `GENERIC` finds frames whose words nobody knows.
"""

import re
from enum import StrEnum
from itertools import islice, pairwise
from typing import NamedTuple

# Marks that bot.mail.html puts around a `<pre>`; charset.decode lets no mail bring its own.
PRE_START = "\ue000"
PRE_END = "\ue001"

_START_WORDS = (
    "Begin message", "Start message", "Start of message", "Message:", "Message :", "Buyer message:",
    "Début du message", "Message du client:", "Mensagem:", "Iniciar mensagem", "Início da mensagem",
    "Mensaje:", "Iniciar mensaje", "Inicio del mensaje", "Comienzo del mensaje", "Messaggio:",
    "Inizio messaggio", "Inizio del messaggio", "Anfang der Nachricht", "Beginn der Nachricht", "Nachricht:",
    "Nachricht beginnen", "メッセージはここから", "メッセージここから", "メッセージ:", "メッセージ開始",
    "Bericht:", "Begin bericht", "Begin van bericht", "Begin van het bericht", "Start bericht",
    "Meddelande:", "Meddelandet börjar", "Början på meddelandet", "Börja meddelande", "Starta meddelande",
    "Start på meddelande", "Wiadomość:", "Początek wiadomości", "Rozpocznij wiadomość", "Mesaj:",
    "Mesajın başlangıcı", "Mesaj başlangıcı", "Mesajı başlat", "الرسالة:", "رسالة:", "بداية الرسالة",
    "بدء الرسالة", "消息:", "信息:", "消息开始", "开始消息", "訊息:",
)  # fmt: skip

_END_WORDS = (
    "End message", "End of message", "Message end", "Fin du message", "Fin de message", "Terminer le message",
    "Encerrar mensagem", "Mensagem final", "Fim da mensagem", "Finalizar mensagem", "Terminar mensagem",
    "Finalizar mensaje", "Fin del mensaje", "Fin de mensaje", "Terminar mensaje", "Fine messaggio",
    "Fine del messaggio", "Termina messaggio", "Ende der Nachricht", "Nachrichtenende", "Nachricht Ende",
    "Nachricht beenden", "Ende Nachricht", "メッセージはここまで", "メッセージここまで", "メッセージ終了",
    "メッセージの終わり", "Einde bericht", "Einde van bericht", "Einde van het bericht", "Eind bericht",
    "Bericht beëindigen", "Slut på meddelande", "Slut på meddelandet", "Meddelandet slutar",
    "Avsluta meddelande", "Avsluta meddelandet", "Slut meddelande", "Koniec wiadomości",
    "Zakończ wiadomość", "Mesajın sonu", "Mesaj sonu", "Mesajı sonlandır", "Mesajı bitir", "نهاية الرسالة",
    "إنهاء الرسالة", "انتهاء الرسالة", "消息结束", "结束消息", "訊息結束",
)  # fmt: skip

_GREETING_WORDS = (
    "You have received a message", "You've received a message", "You received a message", "You have a new message",
    "Vous avez reçu un message", "Vous avez un nouveau message", "Você recebeu uma mensagem",
    "Recebeu uma mensagem", "Recibiste un mensaje", "Ha recibido un mensaje", "Has recibido un mensaje",
    "Hai ricevuto un messaggio", "Ha ricevuto un messaggio", "Sie haben eine Nachricht erhalten",
    "Sie haben eine neue Nachricht", "Du hast eine Nachricht erhalten", "メッセージを受信しました",
    "メッセージを受け取りました", "メッセージが届", "Je hebt een bericht ontvangen", "U hebt een bericht ontvangen",
    "U heeft een bericht ontvangen", "Du har fått ett meddelande", "Du har tagit emot ett meddelande",
    "Masz nową wiadomość", "Otrzymano wiadomość", "Otrzymałeś wiadomość", "Bir mesaj aldınız",
    "Bir mesajınız var", "لقد تلقيت رسالة", "تلقيت رسالة", "您收到一条消息", "您收到了一条",
)  # fmt: skip

_FOOTER_WORDS = (
    "Was this e-mail helpful", "Was this email helpful", "Was this message helpful", "Solve this case",
    "Resolve this case", "Resolve case", "Mark as no response needed", "No response needed",
    "Report suspicious", "Report this message", "To report suspicious", "Report questionable", "To mark this message",
    "Cet e-mail vous a-t-il été utile", "Cet e-mail vous a été utile", "Avez-vous trouvé cet e-mail utile",
    "Résoudre le cas", "Signaler une activité", "Signaler ce message", "Signaler un message",
    "Este e-mail foi útil", "Este email foi útil", "Solucionar o caso", "Resolver o caso",
    "Denunciar atividade", "Denunciar mensagem", "Denunciar esta mensagem", "Informar atividade",
    "Te resultó útil este", "¿Te resultó útil", "¿Te ha resultado útil", "¿Le ha resultado útil",
    "¿Este correo", "¿Te fue útil", "¿Le fue útil", "Resolver el caso", "Resolver caso", "Solucionar el caso",
    "Denunciar una actividad", "Denunciar actividad", "Reportar actividad", "Informar de una actividad",
    "Informar de actividad", "Questa e-mail ti è stata utile", "Questa e-mail è stata utile",
    "Questo messaggio ti è stato utile", "Risolvi il caso", "Risolvi caso", "Segnala un messaggio",
    "Segnala attività", "Segnala un'attività", "War diese E-Mail hilfreich", "Fanden Sie diese E-Mail hilfreich",
    "War diese Nachricht hilfreich", "Fall lösen", "Fall abschließen", "Keine Antwort erforderlich",
    "Verdächtige Aktivität", "Verdächtige Nachricht", "Verdächtige Mail",
    "このEメールは役に立ちましたか", "このメールは役に立ちましたか", "このEメールはお役に", "このメールはお役に",
    "問題を解決", "ケースを解決", "返信不要", "不審な", "疑わしい",
    "Was deze e-mail nuttig", "Vond u deze e-mail nuttig", "Heeft deze e-mail u geholpen", "Case oplossen",
    "Verdachte activiteit", "Verdacht bericht", "Var det här e-postmeddelandet till hjälp", "Var detta mejl",
    "Lös ärendet", "Rapportera misstänkt", "Czy ta wiadomość e-mail była pomocna", "Czy ten e-mail był pomocny",
    "Rozwiąż sprawę", "Zgłoś podejrzan", "Bu e-posta yararlı", "Bu e-posta faydalı", "Vakayı çöz",
    "Şüpheli etkinli", "هل كانت هذه الرسالة مفيدة", "هل كان هذا البريد", "الإبلاغ عن نشاط", "حل الحالة",
    "Copyright 20", "Copyright ©", "© 20", "(c) 20", "Important: Amazon", "For Your Information: To help",
    "Replies to this", "Please note: this", "SPC-", "[commMgrTok:",
)  # fmt: skip

_DASHES = r"\-‐‑–—―─━=_＿－"


def _loose(words: tuple[str, ...]) -> str:
    """Alternatives whose accented Latin letters may be anything: relays have shown them as mojibake."""
    alternatives = []
    for text in sorted(words, key=len, reverse=True):
        pattern = "".join(
            "[^\n]{1,5}?" if "\x7f" < c < "\u0250" and c != "©" else re.escape(c) for c in text
        ).replace(r"\ ", r"[ \t\xa0]{1,3}")
        alternatives.append(re.sub(r":$", "[ \t\xa0]?[:：]", pattern))
    return "(?:" + "|".join(alternatives) + ")"


def _twice(words: str) -> str:
    """One language, or two with a slash between (Canada)."""
    return rf"{words}(?:\s?[/|]\s?{words})?\s?[:：]?"


_START = re.compile(_twice(_loose(_START_WORDS)), re.IGNORECASE)
_END = re.compile(_twice(_loose(_END_WORDS)), re.IGNORECASE)
_BARE_START = re.compile(
    rf"^[ \t]*+{_loose(tuple(w for w in _START_WORDS if w.endswith(':')))}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_RUN = re.compile(f"[{_DASHES}]{{3,}}+")
_MAX_WORDS = 130
_MAX_MARKS = 500


class Role(StrEnum):
    """What a mark in a text says."""

    START = "start"
    END = "end"
    UNKNOWN = "unknown"


class Mark(NamedTuple):
    """Words between dashes, from the first dash to behind the last one."""

    start: int
    end: int
    role: Role


def dashed(text: str) -> list[Mark]:
    """All `--- words ---` outside of quoted lines, in order (the first 500).

    Our words may be broken over lines; words that we do not know must stand on one line.
    """
    runs = [run.span() for run in islice(_RUN.finditer(text), 4 * _MAX_MARKS)]
    found: list[Mark] = []
    for (start, words_start), (words_end, end) in pairwise(runs):
        if not 2 <= words_end - words_start <= _MAX_WORDS or (found and found[-1].end > start):
            continue
        role = _role(text[words_start:words_end])
        if role and not _is_quoted(text, start):
            found.append(Mark(start, end, role))
    return found[:_MAX_MARKS]


def _role(between: str) -> Role | None:
    words = between.strip()
    if _END.fullmatch(words):
        return Role.END
    if _START.fullmatch(words):
        return Role.START
    return Role.UNKNOWN if "\n" not in between and words[:1].isalpha() else None


def bare_start(text: str) -> Mark | None:
    """A line that is nothing but the start words, without dashes (seen in Germany)."""
    found = _BARE_START.search(text, 0, 4_000)
    return Mark(found.start(), found.end(), Role.START) if found else None


def pre(text: str) -> Mark | None:
    """The first `<pre>`; an unclosed one reaches to the end."""
    start = text.find(PRE_START)
    if start < 0:
        return None
    end = text.find(PRE_END, start)
    return Mark(start, end if end >= 0 else len(text), Role.START)


def _is_quoted(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith(">")


_ORDER_WORDS = (
    "Order ID|Order|Order number|Bestellnummer|Bestellung|Bestell-Nr.|Numéro de commande|N° de commande|Commande|"
    "Pedido|Número de pedido|Número do pedido|N.º de pedido|ID del pedido|ID do pedido|Ordine|Numero ordine|"
    "Numero d'ordine|注文番号|注文|Bestelling|Bestelnummer|Ordernummer|Order-ID|Beställning|Beställningsnummer|"
    "Zamówienie|Numer zamówienia|Sipariş|Sipariş numarası|رقم الطلب|订单编号|订单号"
)
ORDER_LINE = re.compile(
    rf"^[^\S\n]*+(?:{_ORDER_WORDS})?[^\S\n]?[#:：№]{{0,2}}[^\S\n]*+"
    r"[\d０-９]{3}[-－‐–][\d０-９]{7}[-－‐–][\d０-９]{7}[^\S\n]*+[:：]?[^\S\n]*+$",
    re.IGNORECASE,
)
ITEM_LINE = re.compile(r"[\[［]\s?ASIN ?[:：#]? ?[A-Z0-9]{10}\s?[\]］]")
QUANTITY_LINE = re.compile(r"^\s*\d{1,4} ?(?:/|of|x|×|de|von|di|sur|van) \S")
TITLE_LINE = re.compile(
    r"^\s*\((?:Objet|Subject|Betreff|Asunto|Oggetto|Assunto|件名|Onderwerp|Ämne|Temat|Konu) ?[:：]",
    re.IGNORECASE,
)
GREETING = re.compile(
    rf"^(?:[^\n]{{0,40}}[,!] )?(?:{_loose(_GREETING_WORDS)}[^\n]{{0,50}}"
    r"|(?:you|vous|voc|sie haben|du h|hai|has? |te |recib|u h|je h|bir|otrzym|masz)[^\n]{0,40}"
    r"(?:received|reçu|receb|recib|ricevut|erhalten|ontvangen|fått|otrzym|ald|llegad|arriv)[^\n]{0,40}"
    r"(?:message|mensaje|mensagem|messaggio|nachricht|bericht|meddelande|wiadomo|mesaj)?[^\n]{0,20})$",
    re.IGNORECASE,
)

# How a frame opens in words that we don't know: to whom, about Amazon, or about a message.
OPENING = re.compile(
    r"^[^\S\n]*(?:(?:hello|hi|dear|hallo|guten tag|sehr geehrte|bonjour|cher|hola|estimad|ciao|gentile|salve|olá|"
    r"prezad|"
    r"caro|beste|geachte|hej|szanown|witaj|merhaba|sayın|مرحب)[^\n?]{0,60}[,:!]"
    r"|[^\n?]{0,60}\bamazon\b[^\n?]{0,40}"
    r"|[^\n?]{0,60}(?:message|mensaje|mensagem|messaggio|nachricht|bericht|meddelande|wiadomo|mesaj|رسالة|メッセージ|消息)"
    r"[^\n?]{0,40})[^\S\n]*$",
    re.IGNORECASE,
)

_FOOTER_PATHS = (
    r"satisfaction/survey|no-response-needed|messaging/inbox|communication-manager|bsm_email|report=true"
    r"|customAttribute1Value"
)
FOOTER_LINK = re.compile(
    rf"https?://[^\s/<>\"]{{0,60}}(?:amazon|sellercentral)\.[a-z.]{{2,10}}/[^\s<>\"]{{0,300}}?(?:{_FOOTER_PATHS})"
)
FOOTER = re.compile(
    rf"^[ \t>*•|\xa0-]*+(?:{_loose(_FOOTER_WORDS)})|SPC-[A-Z]{{2,4}}Amazon-\d+|\[commMgrTok:",
    re.IGNORECASE | re.MULTILINE,
)
