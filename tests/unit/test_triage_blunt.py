"""A risk that is said bluntly is found in every language, whatever is asked or said before or behind it."""

import pytest

from bot.domain.triage import triage
from tests.unit.topic_figures import topics

SAID = {
    ("en", "safety"): (
        "My kettle caught fire",
        "the charger exploded",
        "It gave my son an electric shock",
        "the battery is swollen",
        "my daughter burned her hand on it",
        "There was smoke coming out of it",
        "I got a rash from the cream",
    ),
    ("en", "legal"): (
        "my lawyer will contact you",
        "I will take you to court",
        "I am going to the police",
        "I'll sue you",
        "I have informed trading standards",
    ),
    ("en", "a_to_z"): (
        "I will open an A-to-z claim",
        "I've filed a chargeback with my bank",
        "I already filed an A-Z claim",
    ),
    ("en", "review_threat"): (
        "I will leave a one star review",
        "otherwise you get a bad review from me",
        "expect negative feedback from me",
    ),
    ("de", "safety"): (
        "Der Wasserkocher hat Feuer gefangen",
        "das Ladegerät ist explodiert",
        "mein Sohn hat einen Stromschlag bekommen",
        "der Akku ist aufgebläht",
        "meine Tochter hat sich die Hand verbrannt",
        "es kam Rauch heraus",
        "Ich habe Ausschlag von der Creme bekommen",
    ),
    ("de", "legal"): (
        "mein Anwalt wird sich melden",
        "ich gehe vor Gericht",
        "ich erstatte Anzeige",
        "ich werde Sie verklagen",
        "ich melde das der Verbraucherzentrale",
    ),
    ("de", "a_to_z"): (
        "ich stelle einen A-bis-Z-Antrag",
        "ich habe die Zahlung zurückbuchen lassen",
        "ich eröffne einen A-Z Garantieantrag",
    ),
    ("de", "review_threat"): (
        "sonst gibt es einen Stern",
        "ich werde eine schlechte Bewertung schreiben",
        "Sie bekommen eine negative Bewertung von mir",
    ),
    ("fr", "safety"): (
        "La bouilloire a pris feu",
        "le chargeur a explosé",
        "mon fils a reçu une décharge électrique",
        "la batterie est gonflée",
        "ma fille s'est brûlé la main",
        "de la fumée en sortait",
        "j'ai eu une réaction allergique à la crème",
    ),
    ("fr", "legal"): (
        "mon avocat vous contactera",
        "je vais porter plainte",
        "je saisis le tribunal",
        "je vais prévenir la DGCCRF",
        "je vais à la police",
    ),
    ("fr", "a_to_z"): (
        "je vais ouvrir une réclamation A à Z",
        "j'ai fait opposition auprès de ma banque",
        "j'ai déposé une garantie A-Z",
    ),
    ("fr", "review_threat"): (
        "je mettrai une étoile",
        "sinon je laisse un avis négatif",
        "vous aurez un mauvais commentaire",
    ),
    ("es", "safety"): (
        "El hervidor se prendió fuego",
        "el cargador explotó",
        "mi hijo recibió una descarga eléctrica",
        "la batería está hinchada",
        "mi hija se quemó la mano",
        "salía humo del aparato",
        "me salió un sarpullido con la crema",
    ),
    ("es", "legal"): (
        "mi abogado se pondrá en contacto",
        "voy a denunciarles",
        "iré a los tribunales",
        "pondré una reclamación en consumo",
        "voy a la policía",
    ),
    ("es", "a_to_z"): (
        "voy a abrir una reclamación de la A a la Z",
        "he pedido la devolución del cargo a mi banco",
        "ya abrí una garantía de la A a la Z",
    ),
    ("es", "review_threat"): (
        "pondré una estrella",
        "si no, dejaré una mala reseña",
        "tendrán una valoración negativa",
    ),
    ("it", "safety"): (
        "Il bollitore ha preso fuoco",
        "il caricatore è esploso",
        "mio figlio ha preso la scossa",
        "la batteria è gonfia",
        "mia figlia si è bruciata la mano",
        "usciva fumo",
        "mi è venuta un'eruzione cutanea con la crema",
    ),
    ("it", "legal"): (
        "il mio avvocato vi contatterà",
        "vi denuncio",
        "andrò in tribunale",
        "farò una segnalazione all'AGCM",
        "vado dalla polizia",
    ),
    ("it", "a_to_z"): (
        "aprirò un reclamo dalla A alla Z",
        "ho chiesto il chargeback alla banca",
        "ho già aperto la garanzia dalla A alla Z",
    ),
    ("it", "review_threat"): (
        "metterò una stella",
        "altrimenti lascio una recensione negativa",
        "avrete un feedback negativo",
    ),
    ("ja", "safety"): (
        "ケトルから火が出ました",
        "充電器が爆発しました",
        "息子が感電しました",
        "バッテリーが膨らんでいます",
        "娘が手をやけどしました",
        "煙が出てきました",
        "クリームで肌がかぶれました",
    ),
    ("ja", "legal"): (
        "弁護士から連絡させます",
        "裁判を起こします",
        "警察に相談します",
        "消費者センターに通報します",
        "訴えます",
    ),
    ("ja", "a_to_z"): (
        "マーケットプレイス保証を申請します",
        "カード会社にチャージバックを申請しました",
        "Amazonマーケットプレイス保証を申請済みです",
    ),
    ("ja", "review_threat"): (
        "星1つのレビューを書きます",
        "低評価をつけます",
        "悪いレビューを書かせてもらいます",
    ),
    ("zh", "safety"): (
        "水壶着火了",
        "充电器爆炸了",
        "我儿子触电了",
        "电池鼓包了",
        "我女儿的手被烫伤了",
        "里面冒烟了",
        "用了面霜过敏起疹子",
    ),
    ("zh", "legal"): (
        "我的律师会联系你们",
        "我要起诉你们",
        "我要报警",
        "我要打12315投诉",
        "法院见",
    ),
    ("zh", "a_to_z"): (
        "我要申请A-to-Z索赔",
        "我已经向银行申请拒付",
        "我已经开了A-Z索赔",
    ),
    ("zh", "review_threat"): (
        "我会给一星差评",
        "不然我就写差评",
        "等着收差评吧",
    ),
}
BESIDE = {
    "en": (
        "Where is my refund?",
        "Please send the invoice.",
        "thanks for the fast delivery though.",
        "Cancel my order.",
        "When will the new one arrive?",
    ),
    "de": (
        "Wo bleibt meine Erstattung?",
        "Bitte die Rechnung schicken.",
        "Danke für die schnelle Lieferung.",
        "Stornieren Sie die Bestellung.",
        "Wann kommt der neue?",
    ),
    "fr": (
        "Où est mon remboursement ?",
        "Merci d'envoyer la facture.",
        "merci pour la livraison rapide.",
        "Annulez ma commande.",
        "Quand arrive le nouveau ?",
    ),
    "es": (
        "¿Dónde está mi reembolso?",
        "Envíen la factura por favor.",
        "gracias por la rapidez.",
        "Cancelen el pedido.",
        "¿Cuándo llega el nuevo?",
    ),
    "it": (
        "Dov'è il mio rimborso?",
        "Mandate la fattura per favore.",
        "grazie per la consegna veloce.",
        "Annullate l'ordine.",
        "Quando arriva quello nuovo?",
    ),
    "ja": (
        "返金はまだですか。",
        "領収書をお願いします。",
        "配送は早かったです。",
        "注文をキャンセルしてください。",
        "交換品はいつ届きますか。",
    ),
    "zh": (
        "退款什么时候到？",
        "请开发票。",
        "物流倒是挺快的。",
        "取消订单。",
        "新的什么时候到？",
    ),
}


@pytest.mark.parametrize(("lang", "risk"), SAID)
def test_whatever_stands_beside_it(lang: str, risk: str) -> None:
    rules = topics()
    overlooked = [
        text
        for said in SAID[lang, risk]
        for text in (said, *_mixed(said, BESIDE[lang]))
        if risk not in triage(text, lang, rules).risk
    ]
    assert overlooked == []


def _mixed(said: str, beside: tuple[str, ...]) -> list[str]:
    return [
        mixed for other in beside for mixed in (f"{said}. {other}", f"{other} {said}", f"{said}, {other}")
    ]
