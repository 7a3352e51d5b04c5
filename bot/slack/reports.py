"""`/sla-report`: why answers were late, for managers."""

from bot.desk import causes
from bot.slack.blocks import Post
from bot.slack.boards import store_named
from bot.slack.surface import Surface
from bot.slack.texts import Say
from bot.slack.views import causes as view

_ALSO = {"week": "7d", "7": "7d", "30": "30d", "90": "90d"}


def draw(surface: Surface, person: str, words: str, say: Say) -> Post:
    """The page that `words` ask for: a period (a week without one), a store. Raises NotAllowed, NotFound."""
    period, store = "7d", []
    for word in words.split():
        named = _ALSO.get(word.lower(), word.lower())
        if named in causes.PERIODS:
            period = named
        else:
            store.append(word)
    key = store_named(surface.desk, " ".join(store)) if store else None
    return view.page(causes.report(surface.desk, period, key, by=person), say)
