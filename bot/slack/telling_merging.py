"""What the outbox's keys about merged and split cases mean: a post under each of the two cards."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.slack.views import merging

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _post(what: str) -> Callable[["Asked"], "Telling"]:
    """`<what>:<case>:<other case>:<person>:<version>`: under the card of the first; who did it is not called."""

    def telling(asked: "Asked") -> "Telling":
        _case, other, person, _version = asked.parts
        case = asked.case()
        post = merging.post(case, what, int(other), person, asked.say)
        return asked.under_card(asked.uncalled(post, person), case)

    return telling


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {
    what: _post(what) for what in ("merged", "took_in", "separated", "gave_back", "split", "split_off")
}
