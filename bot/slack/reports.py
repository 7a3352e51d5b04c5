"""`/sla-report`: why answers were late, for managers."""

from bot.desk import causes
from bot.slack.blocks import Post
from bot.slack.boards import names, store_meant, store_named
from bot.slack.surface import Surface
from bot.slack.texts import Say
from bot.slack.views import causes as view
from bot.slack.views import lists

_ALSO = {"week": "7d", "7": "7d", "30": "30d", "90": "90d"}


def draw(surface: Surface, person: str, words: str, say: Say) -> Post:
    """The page that `words` ask for: a period (a week without one), a store. Words that are neither: the usage.

    Raises NotAllowed, and NotFound where a period is said and no store is called like the rest.
    """
    period, rest = None, []
    for word in words.split():
        named = _ALSO.get(word.lower(), word.lower())
        if named in causes.PERIODS:
            period = named
        else:
            rest.append(word)
    store = " ".join(rest)
    if store and period is None and store_meant(surface.desk, store) is None:
        return usage(surface, say, store)
    key = store_named(surface.desk, store) if store else None
    return view.page(causes.report(surface.desk, period or "7d", key, by=person), say)


def usage(surface: Surface, say: Say, unknown: str = "") -> Post:
    """How `/sla-report` is used; `unknown` is what somebody typed that is no word of it."""
    settings = surface.desk.settings
    about = lists.Unknown(unknown, tuple(settings.stores)) if unknown else None
    return lists.usage("sla-report", say, names(settings.slack), next(iter(settings.stores)), about)
