"""Train the statistical half of triage: `python -m tests.train_topics` writes bot/settings/topic_weights.npz.

It learns from `train.jsonl` and `dev.jsonl` in tests/data/topics and never sees the other files there. The
topics are one softmax, risks and `no_reply` a logistic each, over weighted runs of characters
(bot/domain/topic_model.py), found by accelerated gradient descent. The result depends on the texts alone.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.domain.topic_model import BITS, runs_of
from bot.domain.triage import RISKS, TOPICS
from bot.settings.topic_model import WEIGHTS

DATA = Path(__file__).parent / "data" / "topics"
SOURCES = (DATA / "train.jsonl", DATA / "train-2.jsonl", DATA / "dev.jsonl")
LABELS = (*TOPICS, *RISKS, "no_reply")
STEPS = 60
PENALTY = 0.05
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
RISKY = 20.0


def fingerprint() -> str:
    """Which texts the weights belong to."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()


def corpus() -> list[dict]:
    """Every message as it is, and every wish once more within words that say nothing about it."""
    texts = [json.loads(line) for path in SOURCES for line in path.read_text(encoding="utf-8").splitlines()]
    framed = []
    for place, row in enumerate(texts):
        about, around = AROUND[row["lang"]][place % len(AROUND[row["lang"]])]
        if row["topic"] not in {about, "thanks", "other"}:
            framed.append(row | {"text": around.format(row["text"])})
    return texts + framed


def answers(rows: list[dict]) -> np.ndarray:
    return np.array(
        [
            [
                *(row["topic"] == one for one in TOPICS),
                *(one in row["risk"] for one in RISKS),
                not row["needs_reply"],
            ]
            for row in rows
        ],
        dtype=np.float32,
    )


@dataclass(frozen=True)
class Sparse:
    """Messages as rows of runs: run `runs[i]` has value `values[i]`, message m owns `starts[m]` and what follows."""

    runs: np.ndarray
    values: np.ndarray
    starts: np.ndarray

    def sums(self, weights: np.ndarray) -> np.ndarray:
        return np.add.reduceat(weights[self.runs] * self.values[:, None], self.starts)


def turned(rows: Sparse) -> tuple[Sparse, np.ndarray]:
    """The same with runs as rows and messages as columns, and which run each row is."""
    messages = np.repeat(np.arange(len(rows.starts)), np.diff([*rows.starts, len(rows.runs)]))
    order = np.argsort(rows.runs, kind="stable")
    known, starts = np.unique(rows.runs[order], return_index=True)
    return Sparse(messages[order], rows.values[order], starts), known


def read(rows: list[dict]) -> tuple[Sparse, np.ndarray]:
    """The messages, each of length 1, and how rare each run is."""
    found = [runs_of(row["text"]) for row in rows]
    counts = np.bincount(np.concatenate(found), minlength=1 << BITS)
    rarity = np.log((1 + len(rows)) / (1 + counts)).astype(np.float32)
    values = np.concatenate([rarity[runs] / np.linalg.norm(rarity[runs]) for runs in found])
    starts = np.cumsum([0, *(len(runs) for runs in found[:-1])])
    return Sparse(np.concatenate(found).astype(np.int64), values, starts), rarity


def likelihood(sums: np.ndarray) -> np.ndarray:
    topics = np.exp(sums[:, : len(TOPICS)] - sums[:, : len(TOPICS)].max(1, keepdims=True))
    return np.hstack([topics / topics.sum(1, keepdims=True), 1 / (1 + np.exp(-sums[:, len(TOPICS) :]))])


def train(rows: Sparse, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias that make `wanted` likely."""
    columns, known = turned(rows)
    shape = (1 << BITS, wanted.shape[1])
    importance = np.ones_like(wanted)
    importance[:, len(TOPICS) :] += (RISKY - 1) * wanted[:, len(TOPICS) :]
    probe = np.ones((1 << BITS, 1), dtype=np.float32)
    for _ in range(8):
        gradient = np.zeros_like(probe)
        gradient[known] = columns.sums(rows.sums(probe))
        steepest = np.linalg.norm(gradient)
        probe = gradient / steepest
    rate = np.full(shape[1], 1 / (0.5 * steepest + PENALTY), dtype=np.float32)
    rate[len(TOPICS) :] = 1 / (0.125 * RISKY * steepest + PENALTY)
    weights, ahead = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    bias = np.zeros(shape[1], dtype=np.float32)
    bias[len(TOPICS) :] = -1
    pace = 1.0
    for _ in range(STEPS):
        wrong = importance * (likelihood(rows.sums(ahead) + bias) - wanted)
        gradient = PENALTY * ahead
        gradient[known] += columns.sums(wrong)
        bias[len(TOPICS) :] -= (2 * wrong.sum(0) / importance.sum(0))[len(TOPICS) :]
        moved = ahead - rate * gradient
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = (moved + (pace - 1) / faster * (moved - weights)).astype(np.float32)
        weights, pace = moved.astype(np.float32), faster
    return weights, bias


def main() -> None:
    texts = corpus()
    rows, rarity = read(texts)
    weights, bias = train(rows, answers(texts))
    scale = np.abs(weights).max(0) / 127
    rarity_scale = float(rarity.max()) / 255
    np.savez_compressed(
        WEIGHTS,
        labels=np.array(LABELS),
        topics=len(TOPICS),
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias,
        rarity=np.round(rarity / rarity_scale).astype(np.uint8),
        rarity_scale=rarity_scale,
        trained_on=fingerprint(),
    )


if __name__ == "__main__":
    main()
