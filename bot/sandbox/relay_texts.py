"""Words of the mail relay's stand-in: stores, products, templates of Amazon's mails, what buyers write.

The forms are those of reference amazon.md 2.6 and 2.7; every name, product and sentence is invented.
"""

from dataclasses import dataclass

from bot.domain.mail import Notice


@dataclass(frozen=True, slots=True)
class RelayStore:
    """One store as the relay knows it: `sender` is its mailbox and its only approved sender.

    `folder` is a Maildir below the relay's own; empty means the relay's own. `account_lang` is the language
    that the seller set in Seller Central, in which Amazon then writes; empty means each marketplace's.
    """

    name: str
    display_name: str
    sender: str
    marketplaces: tuple[str, ...]
    folder: str = ""
    account_lang: str = ""


DEMO_STORES = (
    RelayStore("nordlicht", "Nordlicht", "support@nordlicht.example", ("DE", "FR", "UK"), "nordlicht"),
    RelayStore("sunrise", "Sunrise", "support@sunrise.example", ("US",), "sunrise"),
)


@dataclass(frozen=True, slots=True)
class Template:
    """Amazon's words around a buyer's text, one language; `bare_subject` is for questions without order."""

    greeting: str
    start: str
    end: str
    subject: str
    bare_subject: str
    helpful: str
    resolve: str
    report: str
    notice: str


TEMPLATES = {
    "en": Template(
        "You have received a message.",
        "Message:",
        "End message",
        "Inquiry from Amazon customer {name} (Order: {order_id})",
        "Product details inquiry from Amazon customer {name}",
        "Was this email helpful?",
        "Resolve case",
        "Report suspicious activity",
        "We keep messages for two years. Messages that our filter finds unsuitable are not transmitted.",
    ),
    "de": Template(
        "Sie haben eine Nachricht erhalten.",
        "Anfang der Nachricht",
        "Ende der Nachricht",
        "Frage zu einer Bestellung von {name}(Bestellung: {order_id})",
        "Frage zu Produktdetails von {name}",
        "War diese E-Mail hilfreich?",
        "Fall lösen",
        "Verdächtige Aktivität melden",
        "Nachrichten werden zwei Jahre aufbewahrt. Was unser Filter beanstandet, wird nicht übermittelt.",
    ),
    "fr": Template(
        "Vous avez reçu un message.",
        "Début du message",
        "Fin du message",
        "Demande de renseignements de la part du client Amazon {name} (Commande : {order_id})",
        "Demande de renseignements de la part du client Amazon {name}",
        "Cet e-mail vous a-t-il été utile ?",
        "Résoudre le cas",
        "Signaler une activité suspecte",
        "Les messages sont conservés deux ans. Ceux que notre filtre rejette ne sont pas transmis.",
    ),
    "es": Template(
        "Ha recibido un mensaje.",
        "Message:  ",
        "Finalizar mensaje",
        "Consulta sobre detalles del producto del cliente de Amazon {name} (Pedido: {order_id})",
        "Consulta sobre detalles del producto del cliente de Amazon {name}",
        "¿Le ha resultado útil este correo?",
        "Resolver el caso",
        "Informar de actividad sospechosa",
        "Los mensajes se conservan dos años. Los que nuestro filtro rechaza no se transmiten.",
    ),
    "it": Template(
        "Hai ricevuto un messaggio.",
        "Messaggio:",
        "Fine messaggio",
        "Richiesta di informazioni del cliente Amazon {name} (Ordine: {order_id})",
        "Richiesta di dettagli sul prodotto del cliente Amazon {name}",
        "Questa e-mail è stata utile?",
        "Risolvi il caso",
        "Segnala attività sospetta",
        "I messaggi sono conservati per due anni. Quelli respinti dal filtro non vengono trasmessi.",
    ),
    "ja": Template(
        "メッセージを受信しました。",
        "メッセージはここから",
        "メッセージはここまで",
        "{name}様からの商品に関するお問い合わせ(注文: {order_id})",
        "{name}様からの商品の詳細に関するお問い合わせ",
        "このEメールは役に立ちましたか？",
        "問題を解決する",
        "不審な行為を報告する",
        "メッセージは2年間保存されます。フィルターで不適切とされたものは送信されません。",
    ),
    "zh": Template(
        "您收到了一条消息。",
        "Message:",
        "End message",
        "来自亚马逊买家 {name} 的咨询 (订单: {order_id})",
        "来自亚马逊买家 {name} 的商品咨询",
        "这封邮件对您有帮助吗？",
        "解决问题",
        "举报可疑活动",
        "消息保留两年。未通过过滤的消息不会被传送。",
    ),
}


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """How Amazon's notice of one kind looks: who writes, its type header, its subject by language."""

    sender: str
    type_header: str
    subjects: dict[str, str]
    text: str


NOTICES = {
    Notice.CANCEL_REQUEST: NoticeForm(
        "donotreply@amazon.com",
        "BRC_SELLER_NOTIFICATION",
        {
            "en": "Order cancellation request for order {order_id}",
            "fr": "Demande d'annulation de commande {order_id}",
            "it": "Richiesta di annullamento per l'ordine numero: {order_id}",
            "es": "Solicitud de cancelación del pedido {order_id}",
        },
        "The buyer asks to cancel order {order_id}. "
        "https://sellercentral.amazon.{domain}/orders-v3/order/{order_id}/cancel-order",
    ),
    Notice.RETURN_REQUEST: NoticeForm(
        "donotreply@amazon.com",
        "RETURN_REQUEST",
        {
            "en": "Return authorization notification for order {order_id}",
            "fr": "Notification d'autorisation de retour pour la commande {order_id}",
            "it": "Notifica di autorizzazione del reso per l'ordine {order_id}",
        },
        "A return for order {order_id} was authorised. Item: {title}, ASIN {asin}, quantity 1. "
        "Reason: no longer needed.",
    ),
    Notice.REFUND: NoticeForm(
        "payments-messages@amazon.com",
        "REFUND_ISSUED",
        {
            "en": "Refund initiated for order {order_id}",
            "fr": "Remboursement initié pour la commande {order_id}",
        },
        "A refund of 24.90 was initiated for order {order_id}, item {title}.",
    ),
    Notice.A_TO_Z: NoticeForm(
        "atoz-guarantee-no-reply@amazon.{domain}",
        "A_Z_CLAIM_RESPONDENT_NOTIFY",
        {
            "en": "Refund request received for order {order_id}",
            "it": "Richiesta di rimborso ricevuta per l'ordine {order_id}",
        },
        "An A-to-z Guarantee claim was opened for order {order_id}. Amount: 24,90. "
        "Answer within 3 calendar days.",
    ),
    Notice.UNKNOWN: NoticeForm(
        "seller-notification@amazon.com",
        "SOMETHING_NOT_SEEN_BEFORE",
        {"en": "A change that concerns order {order_id}"},
        "Please look at order {order_id} in Seller Central.",
    ),
}

COPY_SUBJECTS = {
    "en": "Your email to {name}",
    "de": "Ihre E-Mail an {name}",
    "fr": "Votre e-mail à {name}",
    "es": "Su correo electrónico a {name}",
}

OPT_OUT_SUBJECTS = {
    "en": "Your message to the buyer was not delivered.",
    "de": "Ihre Nachricht an den Käufer wurde nicht zugestellt.",
    "fr": "Votre message à l'acheteur n'a pas été remis.",
    "it": "Il tuo messaggio all'acquirente non è stato consegnato.",
}

# marketplace: (first digits of its order ids, ASIN, title)
PRODUCTS = {
    "DE": ("302", "B0NRDLMP01", "Nordlicht Schreibtischlampe, dimmbar, Eiche"),
    "FR": ("404", "B0NRDLMP02", "Nordlicht Lampe de bureau, intensité réglable, chêne"),
    "UK": ("203", "B0NRDLMP03", "Nordlicht Desk Lamp, dimmable, oak"),
    "US": ("112", "B0SUNKTL01", "Sunrise Pour-Over Kettle, 1 qt, brushed steel"),
    "ES": ("406", "B0NRDLMP04", "Nordlicht Lámpara de escritorio regulable, roble"),
    "IT": ("405", "B0NRDLMP05", "Nordlicht Lampada da scrivania dimmerabile, rovere"),
    "JP": ("250", "B0SUNKTL02", "Sunrise ドリップケトル 1L ステンレス"),
}

NAMES = {
    "de": ("Greta Sommer", "Jonas Bergfeld", "Heike Maurer", "Emil Ostwald", "Paula Lindner"),
    "fr": ("Camille Roussel", "Hugo Valmont", "Élise Garnier", "Noé Perrault"),
    "en": ("Ann Whitlock", "Marcus Dale", "Priya Nair", "Owen Fletcher", "Tess Holloway"),
    "es": ("Lucía Montero", "Andrés Vidal", "Carmen Rosales"),
    "zh": ("陈晓雨", "林子涵", "赵一鸣"),
    "it": ("Giulia Ferraro", "Matteo Rinaldi"),
    "ja": ("佐藤 美咲", "高橋 健"),
}

# What buyers write: topic (reference labels.md) -> language -> text.
SAMPLES: dict[str, dict[str, str]] = {
    "delivery": {
        "de": "Guten Tag,\n\nmeine Bestellung sollte am Dienstag kommen und ist noch nicht da. "
        "Wo ist das Paket?\n\nViele Grüße",
        "fr": "Bonjour,\n\nje n'ai toujours pas reçu mon colis alors qu'il devait arriver mardi. "
        "Pouvez-vous me dire où il est ?",
        "en": "Hi, my order was supposed to arrive on Tuesday and the tracking has not moved since. "
        "Where is my package?",
        "es": "Buenos días:\n\nMi pedido tenía que llegar el martes y todavía no lo he recibido. "
        "¿Dónde está el paquete?",
        "zh": "您好，我的订单本应周二送达，到现在还没有收到，物流信息也没有更新。请问包裹在哪里？",
    },
    "return": {
        "de": "Hallo, die Lampe ist schön, passt aber nicht auf meinen Tisch. "
        "Wie kann ich sie zurückschicken?",
        "fr": "Bonjour, l'article ne me convient pas et je souhaite le retourner. Comment dois-je faire ?",
        "en": "Hello, I changed my mind and would like to return this. "
        "It is unused and still in the box. What do I do?",
        "es": "Hola, quiero devolver el producto porque no es lo que necesitaba. ¿Cómo lo hago?",
        "zh": "你好，商品不太适合我，没有使用过，我想退货，请问怎么操作？",
    },
    "damaged_defective": {
        "de": "Die Lampe kam mit einem gesprungenen Fuß an und geht nicht an. Ein Foto hänge ich an. "
        "Bitte schicken Sie mir Ersatz.",
        "fr": "La lampe est arrivée cassée, le pied est fendu et elle ne s'allume pas. Que proposez-vous ?",
        "en": "The item arrived broken, the handle came off when I took it out of the box. "
        "Can you send a replacement?",
        "es": "El producto llegó roto y no funciona. ¿Pueden enviarme otro?",
        "zh": "收到的商品是坏的，打不开，外包装也有破损。能不能换一个新的？",
    },
    "wrong_missing": {
        "de": "In meinem Paket war eine schwarze Lampe, bestellt habe ich Eiche. Was nun?",
        "fr": "J'ai commandé le modèle en chêne et j'ai reçu le noir. Il manque aussi l'ampoule.",
        "en": "You sent the wrong item: I ordered brushed steel and got black. The lid is missing as well.",
        "es": "Me ha llegado un modelo equivocado, pedí el de roble y es negro. Además falta la bombilla.",
        "zh": "你们发错货了，我买的是银色，收到的是黑色，而且少了盖子。",
    },
    "invoice": {
        "de": "Guten Tag, für die Buchhaltung brauche ich eine Rechnung mit Mehrwertsteuer. Danke!",
        "fr": "Bonjour, pourriez-vous m'envoyer une facture avec la TVA pour ma comptabilité ? Merci.",
        "en": "Could you please send me a VAT invoice for this order? I need it for my accounts.",
        "es": "Hola, necesito una factura con el IVA desglosado para la contabilidad. Gracias.",
        "zh": "您好，报销需要发票，请问可以给我开一张吗？谢谢。",
    },
    "thanks": {
        "de": "Vielen Dank für die schnelle Hilfe, jetzt ist alles gut!",
        "fr": "Merci beaucoup pour votre aide, tout est réglé !",
        "en": "That solved it, thank you so much for your help!",
        "es": "Muchas gracias por la ayuda, ya está todo resuelto.",
        "zh": "问题已经解决了，非常感谢！",
    },
    "product_question": {
        "de": "Welche Glühbirne passt in die Lampe, und lässt sie sich mit jeder LED dimmen?",
        "fr": "Quel type d'ampoule faut-il pour cette lampe ? Est-elle compatible avec une LED ?",
        "en": "Does this kettle work on an induction stove, and is the lid dishwasher safe?",
        "es": "¿Qué tipo de bombilla necesita esta lámpara? ¿Vale una LED?",
        "zh": "请问这个水壶可以用在电磁炉上吗？盖子可以放进洗碗机吗？",
    },
    "refund": {
        "de": "Ich habe die Ware vor zehn Tagen zurückgeschickt und noch kein Geld erhalten. "
        "Wann kommt die Erstattung?",
        "fr": "J'ai renvoyé l'article il y a dix jours et je n'ai pas encore été remboursé.",
        "en": "I sent the item back ten days ago and still have no refund. When will I get my money?",
        "es": "Devolví el artículo hace diez días y aún no he recibido el reembolso. ¿Cuándo me lo pagan?",
        "zh": "我十天前就把商品退回去了，到现在还没有收到退款，请问什么时候能退？",
    },
}

TOPIC_LABELS = {
    "delivery": "Where is my parcel?",
    "return": "Wants to return it",
    "damaged_defective": "Arrived damaged",
    "wrong_missing": "Wrong item, part missing",
    "invoice": "Asks for an invoice",
    "thanks": "Says thank you",
    "product_question": "Question about the product",
    "refund": "Where is my refund?",
}
