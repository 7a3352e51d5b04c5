"""A day of invented buyers for the demo: messages keep coming, some write again, thank, send back.

The same seed gives the same buyers in the same order at the same moments of the clock.
"""

import random
import threading
from datetime import timedelta
from types import TracebackType
from typing import Literal, Self

from bot.clock import Clock
from bot.domain.mail import Notice
from bot.log import get_logger
from bot.sandbox.relay import MailRelay
from bot.sandbox.relay_mails import BuyerMail
from bot.sandbox.relay_texts import SAMPLES

Step = Literal["message", "follow_up", "thanks", "return_notice", "spoof"]

log = get_logger()

# Somebody who looks for ten minutes shall have seen each kind; after these it is left to chance.
_OPENING: tuple[Step, ...] = (
    "message",
    "message",
    "message",
    "follow_up",
    "message",
    "return_notice",
    "message",
    "spoof",
    "thanks",
)
_CHANCES: dict[Step, int] = {"message": 70, "follow_up": 14, "thanks": 9, "return_notice": 7}
_LANGUAGES = {
    "DE": ("de",) * 6 + ("en",),
    "FR": ("fr",),
    "UK": ("en",),
    "US": ("en",) * 6 + ("es", "es", "zh"),
}
_TOPICS = tuple(topic for topic in SAMPLES if topic != "thanks")
_FOLLOW_UPS = {
    "de": "Hallo, ich habe noch keine Antwort bekommen. Können Sie mir bitte helfen?",
    "fr": "Bonjour, je n'ai pas encore de réponse de votre part. Pouvez-vous m'aider ?",
    "en": "Hello, I have not heard back from you yet. Can somebody please help?",
    "es": "Hola, todavía no he recibido respuesta. ¿Me pueden ayudar?",
    "zh": "您好，我还没有收到回复，麻烦尽快处理一下。",
}


class Scenario:
    """Writes to `relay` about `per_hour` times an hour of `clock`; a context manager with its own thread."""

    def __init__(self, relay: MailRelay, clock: Clock, seed: int = 24, *, per_hour: float = 12) -> None:
        if per_hour <= 0:
            raise ValueError(f"per_hour is {per_hour}; give a number above 0, or start no scenario")
        self._relay = relay
        self._clock = clock
        self._random = random.Random(seed)
        self._per_hour = per_hour
        self._opening = list(_OPENING)
        self._buyers: list[BuyerMail] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scenario", daemon=True)

    def start(self) -> None:
        """Buyers begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Nobody writes any more when this returns."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def step(self) -> Step:
        """The next thing happens now; returns what it was."""
        step = self._opening.pop(0) if self._opening else self._by_chance()
        if step == "message":
            self._buyers.append(self._new_message())
            return step
        buyer = self._random.choice(self._buyers[-8:])
        if step == "follow_up":
            self._relay.follow_up(buyer, _FOLLOW_UPS[buyer.lang])
        elif step == "thanks":
            self._relay.follow_up(buyer, SAMPLES["thanks"][buyer.lang])
        elif step == "return_notice":
            self._relay.notice(Notice.RETURN_REQUEST, buyer)
        else:
            self._relay.spoof(buyer)
        return step

    def _by_chance(self) -> Step:
        return self._random.choices(list(_CHANCES), weights=list(_CHANCES.values()))[0]

    def _new_message(self) -> BuyerMail:
        store = self._random.choice(list(self._relay.stores.values()))
        marketplace = self._random.choice(store.marketplaces)
        lang = self._random.choice(_LANGUAGES.get(marketplace, ("en",)))
        topic = self._random.choice(_TOPICS)
        return self._relay.write_as_buyer(
            SAMPLES[topic][lang],
            marketplace=marketplace,
            store=store.name,
            lang=lang,
            photo=topic == "damaged_defective",
        )

    def _run(self) -> None:
        while not self._clock.wait(self._stop, self._gap()):
            log.info("scenario_stepped", kind=self.step())

    def _gap(self) -> timedelta:
        """Buyers come by chance, but nobody waits longer than three times the mean for the next."""
        mean_s = 3600 / self._per_hour
        return timedelta(seconds=min(3 * mean_s, self._random.expovariate(1 / mean_s)))
