"""Sentences that are suggested where a reply lacks one of its three parts, and where it leads off Amazon.

By language, and for the problem and the solution by topic of the case. None of them promises what has not
been decided: they say what is being looked at, or ask what the buyer would like.
"""

OTHER = "other"

THANKS = {
    "en": "Thank you for your message.",
    "de": "Vielen Dank für Ihre Nachricht.",
    "fr": "Merci pour votre message.",
    "es": "Gracias por su mensaje.",
    "it": "Grazie per il Suo messaggio.",
    "ja": "このたびはご連絡をいただき、誠にありがとうございます。",
    "zh": "感谢您的来信。",
}

PROBLEM = {
    "en": {
        "delivery": "We are sorry that you are still waiting for your order.",
        "return": "We understand that you would like to return the product.",
        "refund": "We understand your question about the refund.",
        "damaged_defective": "We are sorry that the product did not reach you in perfect condition.",
        "wrong_missing": "We are sorry that something was wrong with your delivery.",
        "cancel": "We understand that you would like to cancel your order.",
        "order_change": "We understand that you would like to change your order.",
        "invoice": "We understand that you need an invoice.",
        "product_question": "We understand your question about the product.",
        "thanks": "We are glad to hear from you.",
        "other": "We understand your concern.",
    },
    "de": {
        "delivery": "Es tut uns leid, dass Sie noch auf Ihre Bestellung warten.",
        "return": "Wir verstehen, dass Sie den Artikel zurückgeben möchten.",
        "refund": "Wir verstehen Ihre Frage zur Erstattung.",
        "damaged_defective": (
            "Es tut uns leid, dass der Artikel nicht in einwandfreiem Zustand bei Ihnen angekommen ist."
        ),
        "wrong_missing": "Es tut uns leid, dass mit Ihrer Lieferung etwas nicht gestimmt hat.",
        "cancel": "Wir verstehen, dass Sie die Bestellung stornieren möchten.",
        "order_change": "Wir verstehen, dass Sie Ihre Bestellung ändern möchten.",
        "invoice": "Wir verstehen, dass Sie eine Rechnung benötigen.",
        "product_question": "Wir verstehen Ihre Frage zum Artikel.",
        "thanks": "Wir haben Ihre Nachricht gern gelesen.",
        "other": "Wir verstehen Ihr Anliegen.",
    },
    "fr": {
        "delivery": "Nous sommes désolés que vous attendiez encore votre commande.",
        "return": "Nous comprenons que vous souhaitez retourner l'article.",
        "refund": "Nous comprenons votre question concernant le remboursement.",
        "damaged_defective": "Nous sommes désolés que l'article ne vous soit pas parvenu en parfait état.",
        "wrong_missing": "Nous sommes désolés que votre livraison n'ait pas été conforme.",
        "cancel": "Nous comprenons votre demande d'annulation.",
        "order_change": "Nous comprenons que vous souhaitez modifier votre commande.",
        "invoice": "Nous comprenons que vous avez besoin d'une facture.",
        "product_question": "Nous comprenons votre question au sujet de l'article.",
        "thanks": "Nous sommes ravis de votre message et comprenons votre demande.",
        "other": "Nous comprenons votre demande.",
    },
    "es": {
        "delivery": "Lamentamos que todavía esté esperando su pedido.",
        "return": "Entendemos que desea devolver el producto.",
        "refund": "Entendemos su pregunta sobre el reembolso.",
        "damaged_defective": "Lamentamos que el producto no le haya llegado en perfecto estado.",
        "wrong_missing": "Lamentamos que su envío no haya sido correcto.",
        "cancel": "Entendemos su solicitud de cancelación.",
        "order_change": "Entendemos que desea modificar su pedido.",
        "invoice": "Entendemos que necesita una factura.",
        "product_question": "Entendemos su pregunta sobre el producto.",
        "thanks": "Entendemos su mensaje y nos alegra saber de usted.",
        "other": "Entendemos su situación.",
    },
    "it": {
        "delivery": "Ci dispiace che stia ancora aspettando il Suo ordine.",
        "return": "Comprendiamo che desidera restituire il prodotto.",
        "refund": "Comprendiamo la Sua domanda sul rimborso.",
        "damaged_defective": "Ci dispiace che il prodotto non Le sia arrivato in perfette condizioni.",
        "wrong_missing": "Ci dispiace che la consegna non fosse corretta.",
        "cancel": "Comprendiamo la Sua richiesta di annullamento.",
        "order_change": "Comprendiamo che desidera modificare il Suo ordine.",
        "invoice": "Comprendiamo che ha bisogno di una fattura.",
        "product_question": "Comprendiamo la Sua domanda sul prodotto.",
        "thanks": "Comprendiamo il Suo messaggio e ci fa piacere ricevere Sue notizie.",
        "other": "Comprendiamo la Sua richiesta.",
    },
    "ja": {
        "delivery": "商品のお届けをお待たせしており、申し訳ございません。",
        "return": "返品をご希望とのこと、承知いたしました。",
        "refund": "返金についてのお問い合わせの件、承知いたしました。",
        "damaged_defective": "商品に不備があり、ご迷惑をおかけして申し訳ございません。",
        "wrong_missing": "お届けした商品に誤りがあり、ご迷惑をおかけして申し訳ございません。",
        "cancel": "ご注文のキャンセルをご希望とのこと、承知いたしました。",
        "order_change": "ご注文内容の変更をご希望とのこと、承知いたしました。",
        "invoice": "領収書をご希望とのこと、承知いたしました。",
        "product_question": "商品についてのご質問の件、承知いたしました。",
        "thanks": "ご連絡の件、承知いたしました。",
        "other": "お問い合わせの件、承知いたしました。",
    },
    "zh": {
        "delivery": "很抱歉让您久等，您的订单还没有送到。",
        "return": "我们了解到您希望退货。",
        "refund": "我们了解您关于退款的问题。",
        "damaged_defective": "很抱歉，您收到的商品有问题，给您带来了不便。",
        "wrong_missing": "很抱歉，您收到的商品与订单不符，给您带来了不便。",
        "cancel": "我们已了解您的取消申请。",
        "order_change": "我们了解到您希望修改订单。",
        "invoice": "我们了解到您需要发票。",
        "product_question": "我们了解您关于商品的问题。",
        "thanks": "很高兴收到您的消息，我们已了解您的情况。",
        "other": "我们了解您的情况。",
    },
}

SOLUTION = {
    "en": {
        "delivery": (
            "We are checking where your parcel is and will write to you here as soon as we know more."
        ),
        "return": (
            "You can start the return under Your Orders on Amazon, and we will help you here with every step."
        ),
        "refund": "We will check how the refund stands and write to you here as soon as we know more.",
        "damaged_defective": (
            "Please reply to this message and tell us whether you would prefer a replacement or a refund."
        ),
        "wrong_missing": "We will check what happened and write to you here how we can put it right.",
        "cancel": "We will check whether the order can still be cancelled and write to you here.",
        "order_change": "We will check whether the order can still be changed and write to you here.",
        "invoice": "We will send you the invoice here as soon as it is ready.",
        "product_question": "We will check this for you and write to you here as soon as we know more.",
        "thanks": "If there is anything else, please reply to this message, and we will help you.",
        "other": "We will check this and write to you here as soon as we know more.",
    },
    "de": {
        "delivery": "Wir prüfen, wo Ihr Paket ist, und melden uns hier, sobald wir mehr wissen.",
        "return": (
            "Sie können die Rücksendung unter „Meine Bestellungen“ bei Amazon "
            "starten, und wir helfen Ihnen hier bei jedem Schritt."
        ),
        "refund": "Wir prüfen den Stand der Erstattung und melden uns hier, sobald wir mehr wissen.",
        "damaged_defective": (
            "Bitte antworten Sie auf diese Nachricht und teilen Sie uns "
            "mit, ob Sie lieber Ersatz oder eine Erstattung möchten."
        ),
        "wrong_missing": (
            "Wir prüfen, was passiert ist, und schreiben Ihnen hier, wie wir es in Ordnung bringen können."
        ),
        "cancel": "Wir prüfen, ob sich die Bestellung noch stornieren lässt, und melden uns hier.",
        "order_change": "Wir prüfen, ob sich die Bestellung noch ändern lässt, und melden uns hier.",
        "invoice": "Wir senden Ihnen die Rechnung hier zu, sobald sie fertig ist.",
        "product_question": "Wir prüfen das für Sie und melden uns hier, sobald wir mehr wissen.",
        "thanks": "Wenn Sie noch etwas brauchen, können Sie gern auf diese Nachricht antworten.",
        "other": "Wir prüfen das und melden uns hier, sobald wir mehr wissen.",
    },
    "fr": {
        "delivery": (
            "Nous vérifions où se trouve votre colis et vous écrirons ici dès que nous en saurons plus."
        ),
        "return": (
            "Vous pouvez lancer le retour dans « Vos commandes » "
            "sur Amazon, et nous vous aiderons ici à chaque étape."
        ),
        "refund": (
            "Nous vérifions où en est le remboursement et vous écrirons ici dès que nous en saurons plus."
        ),
        "damaged_defective": (
            "Veuillez répondre à ce message pour nous indiquer si "
            "vous préférez un remplacement ou un remboursement."
        ),
        "wrong_missing": (
            "Nous vérifions ce qui s'est passé et vous écrirons ici comment nous pouvons y remédier."
        ),
        "cancel": "Nous vérifions si la commande peut encore être annulée et vous répondrons ici.",
        "order_change": "Nous vérifions si la commande peut encore être modifiée et vous répondrons ici.",
        "invoice": "Nous vous enverrons la facture ici dès qu'elle sera prête.",
        "product_question": (
            "Nous vérifions ce point pour vous et vous écrirons ici dès que nous en saurons plus."
        ),
        "thanks": (
            "Si vous avez besoin d'autre chose, veuillez répondre "
            "à ce message et nous vous aiderons volontiers."
        ),
        "other": "Nous vérifions ce point et vous écrirons ici dès que nous en saurons plus.",
    },
    "es": {
        "delivery": "Vamos a comprobar dónde está su paquete y le escribiremos aquí en cuanto sepamos más.",
        "return": (
            "Puede iniciar la devolución en «Mis pedidos» de Amazon, y le ayudaremos aquí en cada paso."
        ),
        "refund": "Vamos a comprobar el estado del reembolso y le escribiremos aquí en cuanto sepamos más.",
        "damaged_defective": (
            "Por favor, responda a este mensaje e indíquenos si prefiere un reemplazo o un reembolso."
        ),
        "wrong_missing": (
            "Vamos a comprobar qué ha ocurrido y le escribiremos aquí cómo podemos solucionarlo."
        ),
        "cancel": "Vamos a comprobar si el envío ya ha salido y le escribiremos aquí.",
        "order_change": "Vamos a comprobar si todavía se puede modificar el pedido y le escribiremos aquí.",
        "invoice": "Le enviaremos la factura aquí en cuanto esté lista.",
        "product_question": "Vamos a comprobarlo y le escribiremos aquí en cuanto sepamos más.",
        "thanks": "Si necesita algo más, responda a este mensaje y le ayudaremos con mucho gusto.",
        "other": "Vamos a comprobarlo y le escribiremos aquí en cuanto sepamos más.",
    },
    "it": {
        "delivery": (
            "Stiamo verificando dove si trova il pacco e Le scriveremo qui non appena ne sapremo di più."
        ),
        "return": (
            "Può avviare il reso nella sezione «I miei ordini» "
            "di Amazon e La aiuteremo qui in ogni passaggio."
        ),
        "refund": (
            "Stiamo verificando lo stato del rimborso e Le scriveremo qui non appena ne sapremo di più."
        ),
        "damaged_defective": (
            "Risponda a questo messaggio indicandoci se preferisce un prodotto sostitutivo o un rimborso."
        ),
        "wrong_missing": (
            "Stiamo verificando che cosa è successo e Le scriveremo qui come possiamo rimediare."
        ),
        "cancel": "Stiamo verificando se l'ordine può ancora essere annullato e Le scriveremo qui.",
        "order_change": "Stiamo verificando se l'ordine può ancora essere modificato e Le scriveremo qui.",
        "invoice": "Le invieremo la fattura qui non appena sarà pronta.",
        "product_question": "Stiamo verificando e Le scriveremo qui non appena ne sapremo di più.",
        "thanks": "Se ha bisogno di altro, risponda a questo messaggio e La aiuteremo volentieri.",
        "other": "Stiamo verificando e Le scriveremo qui non appena ne sapremo di più.",
    },
    "ja": {
        "delivery": "現在、配送状況を確認しておりますので、わかり次第こちらのメッセージでご連絡いたします。",
        "return": "返品はAmazonの「注文履歴」からお手続きいただけます。ご不明な点はこちらでご案内いたします。",
        "refund": "返金の状況を確認し、わかり次第こちらのメッセージでご連絡いたします。",
        "damaged_defective": "交換と返金のどちらをご希望か、このメッセージにご返信ください。",
        "wrong_missing": "状況を確認し、対応方法をこちらのメッセージでご連絡いたします。",
        "cancel": "キャンセルが可能かどうかを確認し、こちらのメッセージでご連絡いたします。",
        "order_change": "変更が可能かどうかを確認し、こちらのメッセージでご連絡いたします。",
        "invoice": "領収書の準備ができ次第、こちらのメッセージでお送りいたします。",
        "product_question": "内容を確認し、わかり次第こちらのメッセージでご連絡いたします。",
        "thanks": "ほかにご不明な点がございましたら、このメッセージにご返信ください。",
        "other": "内容を確認し、わかり次第こちらのメッセージでご連絡いたします。",
    },
    "zh": {
        "delivery": "我们正在核实包裹的位置，有消息会立即在这里告知您。",
        "return": "您可以在亚马逊“我的订单”中申请退货，我们会在这里协助您完成每一步。",
        "refund": "我们会核实退款的进度，有消息会立即在这里告知您。",
        "damaged_defective": "请回复本消息，告诉我们您希望换货还是退款。",
        "wrong_missing": "我们会核实原因，并在这里告知您处理办法。",
        "cancel": "我们会核实订单是否还能取消，并在这里告知您。",
        "order_change": "我们会核实订单是否还能修改，并在这里告知您。",
        "invoice": "发票准备好后，我们会在这里发送给您。",
        "product_question": "我们会为您核实，有消息会立即在这里告知您。",
        "thanks": "如果还有其他需要，请回复本消息，我们会为您处理。",
        "other": "我们会核实情况，有消息会立即在这里告知您。",
    },
}

ANSWER_HERE = {
    "en": "You can simply reply to this message.",
    "de": "Sie können einfach auf diese Nachricht antworten.",
    "fr": "Vous pouvez simplement répondre à ce message.",
    "es": "Puede responder directamente a este mensaje.",
    "it": "Può rispondere direttamente a questo messaggio.",
    "ja": "このメッセージにそのままご返信ください。",
    "zh": "您直接回复这条消息即可。",
}
"""Instead of an address, a number or a link: the only way that Amazon allows."""

SAYS_ANSWER_HERE = {
    "en": "to this message",
    "de": "auf diese nachricht",
    "fr": "à ce message",
    "es": "a este mensaje",
    "it": "a questo messaggio",
    "ja": "メッセージにご返信",
    "zh": "回复本消息",
}
"""Who says this has invited the buyer to answer here already."""
