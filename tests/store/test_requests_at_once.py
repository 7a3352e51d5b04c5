"""Two decisions about the rota at the same instant, each of which fits alone: only one may stand. Both databases."""

from threading import Barrier, Thread

from bot.desk import Desk, requests
from bot.errors import Reply24Error
from tests.store.request_words import row, wish
from tests.world import ANNA, CHEN, LI_WEI


def test_nobody_takes_two_covers_of_the_same_hours_by_pressing_twice_at_once(staffed: Desk) -> None:
    numbers = [
        requests.ask(staffed, wish("cover", person, "26 01:00", "26 10:00")) for person in (LI_WEI, CHEN)
    ]
    start, refused = Barrier(2), []

    def press(number: int) -> None:
        start.wait()
        try:
            requests.accept(staffed, number, by=ANNA)
        except Reply24Error as why:
            refused.append(why.key)

    threads = [Thread(target=press, args=(number,)) for number in numbers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert refused == ["shift_overlap"]
    assert sorted(row(staffed, number).state for number in numbers) == ["done", "open"]
