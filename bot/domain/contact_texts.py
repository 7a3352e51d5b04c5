"""What a manager sends to Amazon by Contact Us, in the languages that we ship texts in. They read it before.

`what` by cause (domain/breaker.py; "person": somebody switched by hand), `endings` by what became of a reply.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactText:
    """The parts of the text, with {fields} where figures go."""

    subject: str
    hello: str
    what: Mapping[str, str]
    did: str
    asks: str
    orders: str
    endings: Mapping[str, str]
    bye: str


TEXTS: Mapping[str, ContactText] = {
    "en": ContactText(
        subject="Buyer-Seller Messaging: problem since {first}, request for a grace period",
        hello="Hello,",
        what={
            "blocked": "between {first} and {last}, {bad} of the last {of} replies of our store {store} to buyers "
            "were refused by the mail system.",
            "bounced": "between {first} and {last}, {bad} of the last {of} replies of our store {store} to buyers "
            "came back as undeliverable.",
            "failed": "between {first} and {last}, {bad} of the last {of} replies of our store {store} to buyers could "
            "not be handed over to the mail system.",
            "rate_drop": "between {first} and {last}, {bad} of {of} buyer messages of our store {store} were not "
            "answered within 24 hours: {rate} instead of {usual} in the four weeks before.",
            "account": "at {last} the status of the account of our store {store} was changed from {before} to "
            "{after}.",
            "person": "we have noticed irregularities in the messages of our store {store} to buyers.",
        },
        did="We paused all automation on {since} and answer each message by hand since then.",
        asks="Please\n"
        "1. tell us whether messages of our account are limited or blocked, and why;\n"
        "2. tell us what we should change;\n"
        "3. grant us a grace period: leave the messages of this time out of our response figures until this is solved.",
        orders="Orders concerned (order, time, what happened):",
        endings={
            "blocked": "refused",
            "bounced": "came back",
            "failed": "not handed over",
            "late": "answered late or not yet",
        },
        bye="As of {now}. We can send more details at any time.\n\nKind regards\n{store}",
    ),
    "de": ContactText(
        subject="Käufer-Verkäufer-Nachrichten: Problem seit {first}, Bitte um eine Schonfrist",
        hello="Guten Tag,",
        what={
            "blocked": "zwischen {first} und {last} wurden {bad} der letzten {of} Antworten unseres Shops {store} an "
            "Käufer vom Mailsystem abgelehnt.",
            "bounced": "zwischen {first} und {last} kamen {bad} der letzten {of} Antworten unseres Shops {store} an "
            "Käufer als unzustellbar zurück.",
            "failed": "zwischen {first} und {last} konnten {bad} der letzten {of} Antworten unseres Shops {store} an "
            "Käufer nicht an das Mailsystem übergeben werden.",
            "rate_drop": "zwischen {first} und {last} wurden {bad} von {of} Käufernachrichten unseres Shops {store} "
            "nicht innerhalb von 24 Stunden beantwortet: {rate} statt {usual} in den vier Wochen davor.",
            "account": "am {last} wurde der Status des Kontos unseres Shops {store} von {before} auf {after} geändert.",
            "person": "bei den Nachrichten unseres Shops {store} an Käufer sind uns Unregelmäßigkeiten aufgefallen.",
        },
        did="Wir haben am {since} jede Automatisierung angehalten und beantworten seitdem jede Nachricht von Hand.",
        asks="Bitte\n"
        "1. teilen Sie uns mit, ob Nachrichten unseres Kontos eingeschränkt oder gesperrt sind und warum;\n"
        "2. teilen Sie uns mit, was wir ändern sollen;\n"
        "3. gewähren Sie uns eine Schonfrist: Lassen Sie die Nachrichten dieser Zeit aus unseren Antwortkennzahlen "
        "heraus, bis das Problem gelöst ist.",
        orders="Betroffene Bestellungen (Bestellnummer, Zeit, was geschah):",
        endings={
            "blocked": "abgelehnt",
            "bounced": "zurückgekommen",
            "failed": "nicht übergeben",
            "late": "zu spät oder noch nicht beantwortet",
        },
        bye="Stand: {now}. Weitere Einzelheiten senden wir jederzeit.\n\nMit freundlichen Grüßen\n{store}",
    ),
    "fr": ContactText(
        subject="Messagerie acheteur-vendeur : problème depuis le {first}, demande d'un délai de grâce",
        hello="Bonjour,",
        what={
            "blocked": "entre le {first} et le {last}, {bad} des {of} dernières réponses de notre boutique {store} aux "
            "acheteurs ont été refusées par le système de messagerie.",
            "bounced": "entre le {first} et le {last}, {bad} des {of} dernières réponses de notre boutique {store} aux "
            "acheteurs sont revenues comme non distribuables.",
            "failed": "entre le {first} et le {last}, {bad} des {of} dernières réponses de notre boutique {store} aux "
            "acheteurs n'ont pas pu être remises au système de messagerie.",
            "rate_drop": "entre le {first} et le {last}, {bad} messages d'acheteurs sur {of} de notre boutique "
            "{store} n'ont pas reçu de réponse sous 24 heures : {rate}, contre {usual} les quatre semaines d'avant.",
            "account": "le {last}, le statut du compte de notre boutique {store} est passé de {before} à {after}.",
            "person": "nous avons constaté des irrégularités dans les messages de notre boutique {store} à nos "
            "acheteurs.",
        },
        did="Nous avons suspendu toute automatisation le {since} et répondons depuis à chaque message à la main.",
        asks="Merci\n"
        "1. de nous dire si les messages de notre compte sont limités ou bloqués, et pourquoi ;\n"
        "2. de nous dire ce que nous devons changer ;\n"
        "3. de nous accorder un délai de grâce : de ne pas compter les messages de cette période dans nos "
        "indicateurs de réponse jusqu'à la résolution du problème.",
        orders="Commandes concernées (commande, heure, ce qui s'est passé) :",
        endings={
            "blocked": "refusée",
            "bounced": "revenue",
            "failed": "non remise",
            "late": "réponse tardive ou en attente",
        },
        bye="État au {now}. Nous pouvons envoyer d'autres détails à tout moment.\n\nCordialement\n{store}",
    ),
    "es": ContactText(
        subject="Mensajes entre comprador y vendedor: problema desde {first}, solicitud de un periodo de gracia",
        hello="Hola:",
        what={
            "blocked": "entre {first} y {last}, el sistema de correo rechazó {bad} de las últimas {of} respuestas de "
            "nuestra tienda {store} a compradores.",
            "bounced": "entre {first} y {last}, {bad} de las últimas {of} respuestas de nuestra tienda {store} a "
            "compradores fueron devueltas por no poder entregarse.",
            "failed": "entre {first} y {last}, {bad} de las últimas {of} respuestas de nuestra tienda {store} a "
            "compradores no se pudieron entregar al sistema de correo.",
            "rate_drop": "entre {first} y {last}, {bad} de {of} mensajes de compradores de nuestra tienda {store} no "
            "se respondieron en 24 horas: {rate} en lugar de {usual} en las cuatro semanas anteriores.",
            "account": "el {last} el estado de la cuenta de nuestra tienda {store} pasó de {before} a {after}.",
            "person": "hemos observado irregularidades en los mensajes de nuestra tienda {store} a compradores.",
        },
        did="Detuvimos toda automatización el {since} y desde entonces respondemos a cada mensaje a mano.",
        asks="Les pedimos que\n"
        "1. nos digan si los mensajes de nuestra cuenta están limitados o bloqueados, y por qué;\n"
        "2. nos digan qué debemos cambiar;\n"
        "3. nos concedan un periodo de gracia: que no cuenten los mensajes de este tiempo en nuestros indicadores de "
        "respuesta hasta que se resuelva.",
        orders="Pedidos afectados (pedido, hora, qué ocurrió):",
        endings={
            "blocked": "rechazada",
            "bounced": "devuelta",
            "failed": "no entregada al sistema",
            "late": "respondida tarde o sin responder",
        },
        bye="Situación a {now}. Podemos enviar más detalles en cualquier momento.\n\nUn saludo\n{store}",
    ),
    "it": ContactText(
        subject="Messaggi tra acquirente e venditore: problema dal {first}, richiesta di un periodo di tolleranza",
        hello="Buongiorno,",
        what={
            "blocked": "tra {first} e {last} il sistema di posta ha rifiutato {bad} delle ultime {of} risposte del "
            "nostro negozio {store} agli acquirenti.",
            "bounced": "tra {first} e {last} {bad} delle ultime {of} risposte del nostro negozio {store} agli "
            "acquirenti sono tornate indietro perché non recapitabili.",
            "failed": "tra {first} e {last} {bad} delle ultime {of} risposte del nostro negozio {store} agli "
            "acquirenti non sono state consegnate al sistema di posta.",
            "rate_drop": "tra {first} e {last} {bad} messaggi di acquirenti su {of} del nostro negozio {store} non "
            "hanno avuto risposta entro 24 ore: {rate} invece di {usual} nelle quattro settimane precedenti.",
            "account": "il {last} lo stato dell'account del nostro negozio {store} è passato da {before} a {after}.",
            "person": "abbiamo notato irregolarità nei messaggi del nostro negozio {store} agli acquirenti.",
        },
        did="Abbiamo sospeso ogni automazione il {since} e da allora rispondiamo a ogni messaggio a mano.",
        asks="Vi chiediamo di\n"
        "1. dirci se i messaggi del nostro account sono limitati o bloccati, e perché;\n"
        "2. dirci che cosa dobbiamo cambiare;\n"
        "3. concederci un periodo di tolleranza: non contare i messaggi di questo periodo nei nostri indicatori di "
        "risposta finché il problema non è risolto.",
        orders="Ordini interessati (ordine, ora, che cosa è successo):",
        endings={
            "blocked": "rifiutata",
            "bounced": "tornata indietro",
            "failed": "non consegnata al sistema",
            "late": "risposta in ritardo o non ancora data",
        },
        bye="Situazione al {now}. Possiamo inviare altri dettagli in qualsiasi momento.\n\nCordiali saluti\n{store}",
    ),
    "ja": ContactText(
        subject="購入者と出品者のメッセージ：{first} からの不具合と猶予期間のお願い",
        hello="お世話になっております。",
        what={
            "blocked": "{first} から {last} までの間に、当店 {store} から購入者への直近 {of} 件の返信のうち {bad} 件が"
            "メールシステムに拒否されました。",
            "bounced": "{first} から {last} までの間に、当店 {store} から購入者への直近 {of} 件の返信のうち {bad} 件が"
            "配信不能で戻りました。",
            "failed": "{first} から {last} までの間に、当店 {store} から購入者への直近 {of} 件の返信のうち {bad} 件を"
            "メールシステムに渡せませんでした。",
            "rate_drop": "{first} から {last} までの間に、当店 {store} への購入者メッセージ {of} 件のうち {bad} 件に "
            "24 時間以内に返信できませんでした（返信率 {rate}、直前の 4 週間は {usual}）。",
            "account": "{last} に、当店 {store} のアカウントの状態が {before} から {after} に変更されました。",
            "person": "当店 {store} から購入者へのメッセージに異常が見られました。",
        },
        did="{since} にすべての自動処理を停止し、それ以降は一件ずつ手作業で返信しています。",
        asks="つきましては、次の点をお願いいたします。\n"
        "1. 当アカウントのメッセージが制限または停止されているか、その理由をお知らせください。\n"
        "2. 当店が改めるべき点をお知らせください。\n"
        "3. 解決するまでの間のメッセージを返信の指標から除き、猶予期間を設けてください。",
        orders="該当する注文（注文番号、時刻、状況）：",
        endings={
            "blocked": "拒否",
            "bounced": "配信不能",
            "failed": "送信できず",
            "late": "返信の遅れ、または未返信",
        },
        bye="{now} 現在の状況です。詳細はいつでもお送りします。\n\n{store}",
    ),
    "zh": ContactText(
        subject="买家与卖家消息：自 {first} 起出现异常，申请考核宽限期",
        hello="您好：",
        what={
            "blocked": "在 {first} 至 {last} 之间，我店 {store} 最近 {of} 条给买家的回复中有 {bad} 条被邮件系统"
            "拒收。",
            "bounced": "在 {first} 至 {last} 之间，我店 {store} 最近 {of} 条给买家的回复中有 {bad} 条无法送达而退回。",
            "failed": "在 {first} 至 {last} 之间，我店 {store} 最近 {of} 条给买家的回复中有 {bad} 条未能交给邮件系统。",
            "rate_drop": "在 {first} 至 {last} 之间，我店 {store} 的 {of} 条买家消息中有 {bad} 条未在 24 小时内回复："
            "回复率 {rate}，此前四周为 {usual}。",
            "account": "我店 {store} 的账户状态已于 {last} 由 {before} 变为 {after}。",
            "person": "我们发现我店 {store} 给买家的消息出现异常。",
        },
        did="我们已于 {since} 暂停全部自动化，此后每条消息均由人工回复。",
        asks="恳请贵方\n"
        "1. 告知我们账户的消息是否受限或被拦截，以及原因；\n"
        "2. 告知我们需要改正之处；\n"
        "3. 给予考核宽限期：在问题解决之前，不将此期间的消息计入回复指标。",
        orders="涉及的订单（订单号、时间、情况）：",
        endings={
            "blocked": "被拒收",
            "bounced": "被退回",
            "failed": "未能发出",
            "late": "回复超时或尚未回复",
        },
        bye="以上为截至 {now} 的情况，我们可随时提供更多材料。\n\n此致\n{store}",
    ),
}
