"""A blunt breach is blocked in every language, however much politeness stands before or behind it."""

from itertools import islice

import pytest

from bot.domain.policy import Context, check, verdict
from tests.unit.policy_figures import phrases, rows

SAID = {
    "en": (
        "Please call us at our office.",
        "You can reach us by e-mail outside Amazon.",
        "Please leave us a five-star review.",
        "Could you please change your review?",
        "We will refund you after you remove your review.",
        "You get a 10 dollar gift card for a positive review.",
        "Please pay by bank transfer.",
        "Please send us your PayPal address for the refund.",
        "Visit our website for a discount.",
        "Use the code SAVE10 for your next order.",
        "Message us on WhatsApp.",
        "Please add us on WeChat.",
        "Please close the A-to-z claim first, then we refund.",
        "If you do not withdraw the claim we will block you.",
    ),
    "de": (
        "Bitte rufen Sie uns in unserem Büro an.",
        "Schreiben Sie uns per E-Mail außerhalb von Amazon.",
        "Bitte hinterlassen Sie uns eine 5-Sterne-Bewertung.",
        "Könnten Sie Ihre Bewertung bitte ändern?",
        "Wir erstatten, sobald Sie Ihre Bewertung gelöscht haben.",
        "Für eine positive Bewertung erhalten Sie einen Gutschein.",
        "Bitte zahlen Sie per Überweisung.",
        "Bitte nennen Sie uns Ihre PayPal-Adresse für die Erstattung.",
        "Besuchen Sie unsere Website für einen Rabatt.",
        "Mit dem Code SAVE10 sparen Sie bei der nächsten Bestellung.",
        "Schreiben Sie uns bei WhatsApp.",
        "Bitte fügen Sie uns bei WeChat hinzu.",
        "Bitte schließen Sie zuerst den A-bis-Z-Antrag, dann erstatten wir.",
        "Wenn Sie den Antrag nicht zurückziehen, sperren wir Sie.",
    ),
    "fr": (
        "Merci de nous appeler à notre bureau.",
        "Écrivez-nous par e-mail en dehors d'Amazon.",
        "Merci de nous laisser un avis cinq étoiles.",
        "Pourriez-vous modifier votre avis ?",
        "Nous vous remboursons dès que vous avez supprimé votre avis.",
        "Vous recevrez un bon d'achat pour un avis positif.",
        "Veuillez payer par virement bancaire.",
        "Envoyez-nous votre adresse PayPal pour le remboursement.",
        "Visitez notre site pour une remise.",
        "Avec le code SAVE10, profitez de votre prochaine commande.",
        "Écrivez-nous sur WhatsApp.",
        "Ajoutez-nous sur WeChat.",
        "Fermez d'abord la réclamation A à Z, ensuite nous remboursons.",
        "Si vous ne retirez pas la réclamation, nous vous bloquerons.",
    ),
    "es": (
        "Llámenos a nuestra oficina.",
        "Escríbanos por correo fuera de Amazon.",
        "Por favor, déjenos una reseña de cinco estrellas.",
        "¿Podría cambiar su reseña?",
        "Le reembolsaremos cuando borre su reseña.",
        "Recibirá un cheque regalo por una reseña positiva.",
        "Por favor, pague por transferencia bancaria.",
        "Envíenos su cuenta de PayPal para el reembolso.",
        "Visite nuestra web para obtener un descuento.",
        "Use el código SAVE10 en su próximo pedido.",
        "Escríbanos por WhatsApp.",
        "Agréguenos en WeChat.",
        "Cierre primero la reclamación A-Z y luego le reembolsamos.",
        "Si no retira la reclamación, le bloquearemos.",
    ),
    "it": (
        "La preghiamo di chiamarci in ufficio.",
        "Ci scriva via e-mail al di fuori di Amazon.",
        "Ci lasci una recensione a cinque stelle, per favore.",
        "Potrebbe modificare la Sua recensione?",
        "La rimborseremo appena avrà eliminato la recensione.",
        "Riceverà un buono regalo per una recensione positiva.",
        "La preghiamo di pagare con bonifico bancario.",
        "Ci mandi il Suo indirizzo PayPal per il rimborso.",
        "Visiti il nostro sito per uno sconto.",
        "Usi il codice SAVE10 per il prossimo ordine.",
        "Ci scriva su WhatsApp.",
        "Ci aggiunga su WeChat.",
        "Chiuda prima il reclamo dalla A alla Z, poi rimborsiamo.",
        "Se non ritira il reclamo, La bloccheremo.",
    ),
    "ja": (
        "弊社までお電話ください。",
        "Amazon以外のメールでご連絡ください。",
        "星5つのレビューをお願いします。",
        "レビューを変更していただけますか。",
        "レビューを削除していただければ返金します。",
        "高評価のレビューでギフト券を差し上げます。",
        "銀行振込でお支払いください。",
        "返金のためPayPalのアドレスをお知らせください。",
        "当店の公式サイトで割引になります。",
        "次回のご注文でコードSAVE10をお使いください。",
        "LINEでご連絡ください。",
        "WeChatを追加してください。",
        "先にマーケットプレイス保証の申請を取り下げてください。そうすれば返金します。",
        "申請を取り下げない場合は、今後お取引をお断りします。",
    ),
    "zh": (
        "请打电话到我们办公室。",
        "请在亚马逊以外给我们发邮件。",
        "请给我们五星好评。",
        "您能修改一下评价吗？",
        "您删除评价后我们就退款。",
        "好评可得礼品卡。",
        "请用银行转账付款。",
        "请把您的PayPal账号发给我们用于退款。",
        "请访问我们的官网享受折扣。",
        "下次下单可用优惠码SAVE10。",
        "请在WhatsApp上联系我们。",
        "请加我们的微信。",
        "请先撤销A-to-Z索赔，然后我们退款。",
        "如果不撤销索赔，我们将拉黑您。",
    ),
}
MOST_OVERLOOKED = 0.01


def polite(lang: str) -> list[str]:
    """Clean replies of some length, of sets from which the phrases or the model learnt."""
    texts = (
        row["text"]
        for half in ("dev", "second-a", "third", "fourth")
        for row in rows("policy", half)
        if row["lang"] == lang and not row["rules"] and len(row["text"]) > 60
    )
    return list(islice(texts, 12))


@pytest.mark.parametrize("lang", SAID)
def test_whatever_stands_around_it(lang: str) -> None:
    between = "" if lang in ("ja", "zh") else " "
    texts = [
        text
        for said in SAID[lang]
        for text in (
            said,
            *(mixed for one in polite(lang) for mixed in (said + between + one, one + between + said)),
        )
    ]
    context = Context(lang=lang, parts_required=False)
    overlooked = [text for text in texts if verdict(check(text, context, phrases())) != "block"]
    assert len(polite(lang)) >= 4
    assert len(overlooked) <= MOST_OVERLOOKED * len(texts), overlooked
