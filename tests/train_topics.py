"""Train the statistical half of triage; writes bot/settings/topic_weights.npz.

`uv run --with scikit-learn python -m tests.train_topics` (scikit-learn is needed for nothing else). It learns from
`train*.jsonl` and `dev.jsonl` in tests/data/topics and never sees the other files there. The topics are one
softmax, risks and `no_reply` a logistic each, over weighted pieces (bot/domain/pieces.py).
"""

import json

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.domain.topic_model import plain
from bot.domain.triage import RISKS, TOPICS
from bot.settings.notions import load_notions
from bot.settings.topic_model import WEIGHTS
from tests.training import counted, rarity_of, taken_apart_each, weighed
from tests.unit.topic_figures import LABELS, SOURCES, fingerprint

FREEDOM = 8.0
CLOSE = 1e-4
MOST_STEPS = 1000
# What people write around their wish, and what they mention without wanting it: (topic it is about, words).
AROUND = {
    "en": (
        ("", "Hello, {} Thanks in advance"),
        ("delivery", "The parcel came quickly, thank you. {}"),
        ("invoice", "Good morning, the invoice was in the box. {} Kind regards"),
        ("refund", "I don't want a refund. {} Thank you very much"),
    ),
    "de": (
        ("", "Guten Tag, {} Vielen Dank im Voraus"),
        ("delivery", "Das Paket kam schnell, danke. {}"),
        ("invoice", "Hallo, Rechnung lag bei. {} Viele Grüße"),
        ("refund", "Ich will kein Geld zurück. {} Besten Dank"),
    ),
    "fr": (
        ("", "Bonjour, {} Merci d'avance"),
        ("delivery", "Le colis est arrivé vite, merci. {}"),
        ("invoice", "Bonjour, la facture était dans le carton. {} Cordialement"),
        ("refund", "Je ne veux pas de remboursement. {} Merci beaucoup"),
    ),
    "es": (
        ("", "Buenos días, {} Gracias de antemano"),
        ("delivery", "El paquete llegó rápido, gracias. {}"),
        ("invoice", "Hola, la factura venía en la caja. {} Un saludo"),
        ("refund", "No quiero reembolso. {} Muchas gracias"),
    ),
    "it": (
        ("", "Buongiorno, {} Grazie in anticipo"),
        ("delivery", "Il pacco è arrivato in fretta, grazie. {}"),
        ("invoice", "Salve, la fattura era nella scatola. {} Cordiali saluti"),
        ("refund", "Non voglio un rimborso. {} Grazie mille"),
    ),
    "ja": (
        ("", "こんにちは。{} よろしくお願いします。"),
        ("delivery", "荷物は早く届きました、ありがとうございます。{}"),
        ("invoice", "お世話になります。領収書は入っていました。{}"),
        ("refund", "返金はいりません。{} ありがとうございます。"),
    ),
    "zh": (
        ("", "你好,{} 谢谢"),
        ("delivery", "昨天收到了,物流很快。{}"),
        ("invoice", "您好,发票收到了。{} 麻烦了"),
        ("refund", "我不要退款。{} 非常感谢"),
    ),
}
# A message with a risk counts as much as so many without: a risk that is overlooked costs more than a false one.
RISKY = 5.0


def corpus() -> list[dict]:
    """Every message as it is, and every wish once more within words that say nothing about it."""
    texts = [json.loads(line) for path in SOURCES for line in path.read_text(encoding="utf-8").splitlines()]
    framed = []
    for place, row in enumerate(texts):
        about, around = AROUND[row["lang"]][place % len(AROUND[row["lang"]])]
        if row["topic"] not in {about, "thanks", "other"}:
            framed.append(row | {"text": around.format(row["text"])})
    return texts + framed


def fitted(rows: sparse.csr_matrix, wanted: np.ndarray, weight: float = 1.0) -> LogisticRegression:
    model = LogisticRegression(C=FREEDOM, max_iter=MOST_STEPS, tol=CLOSE)
    return model.fit(rows, wanted, sample_weight=np.where(wanted == 1, weight, 1) if weight != 1 else None)


def main() -> None:
    texts = corpus()
    groups = counted(
        taken_apart_each([[plain(row["text"])] for row in texts], load_notions()), load_notions()
    )
    everything = np.ones(len(texts), dtype=bool)
    rarity = rarity_of(groups, everything)
    rows = weighed(groups, rarity)
    topics = fitted(rows, np.array([TOPICS.index(row["topic"]) for row in texts]))
    others = [fitted(rows, np.array([int(risk in row["risk"]) for row in texts]), RISKY) for risk in RISKS]
    others.append(fitted(rows, np.array([int(not row["needs_reply"]) for row in texts])))
    weights = np.vstack([topics.coef_, *(one.coef_ for one in others)]).T
    scale = np.abs(weights).max(0) / 127
    np.savez_compressed(
        WEIGHTS,
        labels=np.array(LABELS),
        topics=len(TOPICS),
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=np.concatenate([topics.intercept_, *(one.intercept_ for one in others)]).astype(np.float32),
        rarity=np.round(rarity / rarity.max() * 255).astype(np.uint8),
        rarity_scale=rarity.max() / 255,
        trained_on=fingerprint(),
    )


if __name__ == "__main__":
    main()
