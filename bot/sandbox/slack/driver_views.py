"""The driver's modals and Home tabs: fill, select, press, submit, close; and how an act ended."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from bot.sandbox.slack import screen_acts, uploads
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.driver_base import (
    Inside,
    blocks_at,
    chosen,
    field_labels,
    find_field,
    find_press,
    label_of,
    pressable,
)
from bot.sandbox.slack.fields import put_values, value_key
from bot.sandbox.slack.people_acts import Done
from bot.sandbox.slack.plain import plain
from bot.sandbox.slack.store import View
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person had on the screen, and the time, before an act."""

    shown: int
    ts: str


def mark(inside: Inside, user: str) -> Mark:
    """Note it."""
    return inside.call(lambda core: Mark(core.store.shown[user], core.store.next_ts()))


class Outcome:
    """How an act ended: `ok`, the `error` that Slack would show, and what it brought to the screen."""

    def __init__(self, inside: Inside, user: str, done: Done, before: Mark) -> None:
        self.ok, self.error = done.ok, done.error
        self._inside, self._user, self._before = inside, user, before

    @property
    def modal(self) -> "Modal":
        """The modal on top, once the app has opened or changed one since the act."""
        self._inside.wait_for(self._has_new_modal)
        return Modal(self._inside, self._user)

    def _has_new_modal(self) -> bool:
        shown, user = self._before.shown, self._user
        return self._inside.call(
            lambda core: core.store.shown[user] > shown and bool(core.store.stacks.get(user))
        )

    @property
    def ephemerals(self) -> list[str]:
        """The words of messages that only this person sees, since the act."""
        return self._inside.call(self._read_ephemerals)

    def _read_ephemerals(self, core: Core) -> list[str]:
        posts = [post for posts in core.store.messages.values() for post in posts.values()]
        mine = [one for one in posts if one.ephemeral_to == self._user and one.ts > self._before.ts]
        return [f"{post.text}\n{plain(post.blocks or [])}".strip() for post in mine]

    def expect_ephemeral(self, text: str, timeout_s: float = 10) -> str:
        """Wait for an ephemeral message that has this text in it."""
        found = self._inside.wait_for(
            lambda: [words for words in self.ephemerals if text in words], timeout_s
        )
        return found[0]


class Screen:
    """A modal or Home tab as the person sees it at this moment."""

    def __init__(self, inside: Inside, user: str) -> None:
        self._inside, self._user = inside, user

    def _view(self, core: Core) -> View:
        raise NotImplementedError

    @property
    def view(self) -> Json:
        """Slack's view object."""
        return self._inside.call(lambda core: core.store.view_json(self._view(core)))

    @property
    def plain(self) -> str:
        """All readable words."""
        return plain(self.view)

    def labels(self) -> list[str]:
        """The words on all buttons and menu entries."""
        return [label_of(control, entry) for _block, control, entry in pressable(self.view["blocks"])]

    def fields(self) -> list[str]:
        """The labels of all inputs and menus."""
        return field_labels(self.view["blocks"])

    def expect(self, text: str, timeout_s: float = 10) -> Self:
        """Wait until this text can be read."""
        try:
            self._inside.wait_for(lambda: text in self.plain, timeout_s)
        except TimeoutError:
            raise AssertionError(f'"{text}" did not appear; there is:\n{self.plain}') from None
        return self

    def press(self, label: str, near: str = "") -> Outcome:
        """Press the button (or menu entry) with this label or action id."""
        block, control, entry = find_press(blocks_at(self._inside, self._view), label, near)
        given = {"selected_option": entry} if entry else {}
        return self._act((block["block_id"], control["action_id"]), given)

    def select(self, label: str, option: Any) -> Outcome:
        """Choose in the menu with this label: an option's text or value, a name, a date; a list for several."""
        block, control = self._field(label)
        ids = (block["block_id"], control["action_id"])

        return self._act(
            ids, self._inside.run(lambda core: chosen(core, self._user, self._view(core), ids, option))
        )

    def value(self, label: str) -> Any:
        """What is entered or chosen in this field now."""
        view, block, control = self._seen(label)
        entry = view["state"]["values"][block["block_id"]][control["action_id"]]
        return entry[value_key(control["type"])]

    def _field(self, label: str) -> tuple[Json, Json]:
        _view, block, control = self._seen(label)
        return block, control

    def _seen(self, label: str) -> tuple[Json, Json, Json]:
        """The view at one look, because it may be drawn anew at any time, with the block and the control of a field."""

        def look() -> tuple[Json, Json, Json] | None:
            view = self.view
            found = find_field(view["blocks"], label)
            return (view, *found) if found else None

        try:
            found = self._inside.wait_for(look)
        except TimeoutError:
            found = None
        if found is None:
            raise AssertionError(f'no field "{label}"; there are: {self.fields()}')
        return found

    def _act(self, ids: tuple[str, str], given: Json) -> Outcome:
        before = mark(self._inside, self._user)
        done = self._inside.run(
            lambda core: screen_acts.act(core, self._user, self._view(core), ids, copy.deepcopy(given))
        )
        return Outcome(self._inside, self._user, done, before)


class Home(Screen):
    """The app's Home tab."""

    def _view(self, core: Core) -> View:
        return core.store.homes[self._user]


@dataclass(frozen=True, slots=True)
class Submission:
    """How a submission ended. `errors` by block id; `modal` is what is on top now, None when all are closed."""

    errors: dict[str, str]
    error: str
    modal: "Modal | None"

    @property
    def closed(self) -> bool:
        """Whether no modal is left."""
        return self.modal is None


class Modal(Screen):
    """The modal on top."""

    def _view(self, core: Core) -> View:
        stack = core.store.stacks[self._user]
        if not stack:
            raise AssertionError(f"{self._user} has no modal open")
        return stack[-1]

    @property
    def title(self) -> str:
        """The words in its head."""
        return str(self.view["title"]["text"])

    @property
    def errors(self) -> dict[str, str]:
        """What it complains about, by block id."""
        return self._inside.call(lambda core: dict(self._view(core).errors))

    @property
    def depth(self) -> int:
        """How many modals lie on each other."""
        return self._inside.call(lambda core: len(core.store.stacks[self._user]))

    def fill(self, label: str, text: str) -> Self:
        """Type into the field with this label, block id or action id; what was there goes."""
        block, control = self._field(label)
        key = value_key(control["type"])
        entry = {block["block_id"]: {control["action_id"]: {key: text}}}
        self._inside.call(lambda core: put_values(self._view(core).values, entry))
        return self

    def attach(self, label: str, *files: tuple[str, bytes]) -> Self:
        """Choose files (name, content) in the field with this label, beside those that are there."""
        block, control = self._field(label)
        ids = (block["block_id"], control["action_id"])
        refused = self._inside.call(lambda core: self._attached(core, ids, control, files))
        if refused:
            raise AssertionError(refused)
        return self

    def _attached(
        self, core: Core, ids: tuple[str, str], control: Json, files: Sequence[tuple[str, bytes]]
    ) -> str:
        entry = self._view(core).values[ids[0]][ids[1]]
        names = [*(one["name"] for one in entry["files"]), *(name for name, _content in files)]
        if refused := uploads.complaint(control, names):
            return refused
        taken = [uploads.take(core, self._user, name, content) for name, content in files]
        entry["files"] = [*entry["files"], *taken]
        return ""

    def submit(self) -> Submission:
        """Press the submit button."""
        ended = self._inside.run(lambda core: screen_acts.submit(core, self._user, self._view(core), {}))
        is_open = self._inside.call(lambda core: bool(core.store.stacks.get(self._user)))
        return Submission(ended.errors, ended.error, Modal(self._inside, self._user) if is_open else None)

    def close(self) -> None:
        """Press the close button; on a pushed modal that shows the one below."""
        self._inside.run(lambda core: screen_acts.close(core, self._user, self._view(core)))
