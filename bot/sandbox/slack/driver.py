"""The driver for tests and scenarios: act as people, look at what they see, wait for what must appear.

    ws = sandbox.workspace
    card = ws.channel("amz-nordlicht").expect(text="Case 1042")
    modal = card.click("Reply", by="anna").modal
    modal.fill("Message", "Good morning ...").submit()

All calls block; none polls: a wait looks again whenever something in the sandbox has changed.
"""

import copy
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from bot.sandbox.slack import api_people, api_rooms, people_acts, posting, screen_acts
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.driver_base import Inside, chosen, find_field, find_press, label_of, pressable
from bot.sandbox.slack.driver_views import Home, Modal, Outcome, Screen, Submission, mark
from bot.sandbox.slack.people_acts import Done
from bot.sandbox.slack.plain import plain
from bot.sandbox.slack.store import Message, Notice
from bot.sandbox.slack.wire import Json, new_id
from bot.sandbox.slack.world import Group

T = TypeVar("T")
__all__ = ["Home", "Modal", "Outcome", "Person", "Post", "Room", "Screen", "Submission", "Workspace", "plain"]


class Post:
    """One post as it was when it was looked at; `refresh` looks again."""

    def __init__(self, inside: Inside, message: Message) -> None:
        self._inside, self.message = inside, message

    @property
    def ts(self) -> str:
        """Its timestamp, which is its id."""
        return self.message.ts

    @property
    def text(self) -> str:
        """The top-level text, which screen readers and notifications use."""
        return self.message.text

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return self.message.blocks or []

    @property
    def plain(self) -> str:
        """All readable words, those of the top-level text included."""
        return f"{self.text}\n{plain(self.blocks)}".strip()

    def __repr__(self) -> str:
        return f"<Post {self.ts} {self.plain[:200]!r}>"

    def _live(self, core: Core) -> Message:
        return core.store.message(self.message.channel, self.ts)

    def refresh(self) -> "Post":
        """The post as it is now; raises `message_not_found` when it was deleted."""
        return Post(self._inside, self._inside.call(lambda core: copy.deepcopy(self._live(core))))

    @property
    def exists(self) -> bool:
        """Whether it is still there."""
        posts = self.message.channel
        return self._inside.call(
            lambda core: (
                self.ts in core.store.messages[posts] and not core.store.messages[posts][self.ts].is_tombstone
            )
        )

    def expect(self, text: str, timeout_s: float = 10) -> "Post":
        """Wait until this post has this text in it, and give it as it is then."""
        try:
            return self._inside.wait_for(lambda: self._if_has(text), timeout_s)  # type: ignore[return-value]  # truthy
        except TimeoutError:
            raise AssertionError(
                f'"{text}" did not appear in the post; it says:\n{self.refresh().plain}'
            ) from None

    def _if_has(self, text: str) -> "Post | None":
        now = self.refresh()
        return now if text in now.plain else None

    def thread(self, viewer: str = "") -> list["Post"]:
        """The replies under it, oldest first, ephemeral ones only for `viewer`."""

        def replies(core: Core) -> list[Message]:
            user = core.store.user(viewer).id if viewer else ""
            return copy.deepcopy(core.store.replies(self.message.channel, self.ts, user))

        return [Post(self._inside, message) for message in self._inside.call(replies)]

    def expect_reply(self, text: str = "", timeout_s: float = 10) -> "Post":
        """Wait for a reply in its thread that has this text in it."""
        return _expect(self._inside, self.thread, text, timeout_s)

    def labels(self) -> list[str]:
        """The words on all buttons and menu entries."""
        return [label_of(control, entry) for _block, control, entry in pressable(self.blocks)]

    def button(self, label: str) -> Json:
        """The button with this label or action id, as Slack's element."""
        return find_press(self.blocks, label)[1]

    def click(self, label: str, *, by: str, near: str = "") -> Outcome:
        """Press a button or menu entry as somebody; waits for the ack."""
        user = _user_id(self._inside, by)
        before = mark(self._inside, user)

        def press(core: Core) -> Coroutine[Any, Any, Done]:
            # Found and pressed in one go: nobody can redraw the card in between.
            block, control, entry = find_press(self._live(core).blocks or [], label, near)
            ids = (block["block_id"], control["action_id"])
            return screen_acts.act(
                core, user, self._live(core), ids, {"selected_option": entry} if entry else {}
            )

        return Outcome(self._inside, user, self._inside.run(press), before)

    def select(self, label: str, option: Any, *, by: str) -> Outcome:
        """Choose in a menu of the post, by its placeholder or action id."""
        user = _user_id(self._inside, by)
        before = mark(self._inside, user)

        async def choose(core: Core) -> Done:
            live = self._live(core)
            found = find_field(live.blocks or [], label)
            if found is None:
                raise AssertionError(f'no menu "{label}" in the post')
            ids = (found[0]["block_id"], found[1]["action_id"])
            return await screen_acts.act(core, user, live, ids, await chosen(core, user, live, ids, option))

        return Outcome(self._inside, user, self._inside.run(choose), before)


def _user_id(inside: Inside, name: str) -> str:
    return inside.call(lambda core: core.store.user(name).id)


def _expect(inside: Inside, posts: Callable[[], list[Post]], text: str, timeout_s: float) -> Post:
    try:
        return inside.wait_for(lambda: [post for post in posts() if text in post.plain], timeout_s)[-1]
    except TimeoutError:
        there = "\n---\n".join(post.plain for post in posts()) or "nothing"
        raise AssertionError(f'no post with "{text}" within {timeout_s} s; there is:\n{there}') from None


class Room:
    """A channel, or the conversation of one person with the bot."""

    def __init__(self, inside: Inside, channel: str) -> None:
        self._inside, self.id = inside, channel

    def messages(self, viewer: str = "") -> list[Post]:
        """The posts of the channel itself, oldest first; ephemeral ones only for `viewer`."""

        def posts(core: Core) -> list[Message]:
            user = core.store.user(viewer).id if viewer else ""
            return copy.deepcopy(list(core.store.timeline(self.id, user)))

        return [Post(self._inside, message) for message in self._inside.call(posts)]

    def expect(self, text: str = "", timeout_s: float = 10, viewer: str = "") -> Post:
        """Wait for a post that has this text in it; of several, the newest."""
        return _expect(self._inside, lambda: self.messages(viewer), text, timeout_s)

    def members(self) -> set[str]:
        """The ids of who is in it."""
        return self._inside.call(lambda core: set(core.store.channels[self.id].members))

    def invite(self, user: str) -> None:
        """Somebody joins, and the app hears of it."""

        def joined(core: Core) -> None:
            api_rooms.add_member(core, core.store.channels[self.id], core.store.user(user).id)

        self._inside.call(joined)

    def share(self, team: str = "T0OTHER", *, pending: bool = False) -> None:
        """Another workspace reads it from now on, or (`pending`) is invited to."""
        self._inside.call(
            lambda core: api_rooms.share(core, core.store.channels[self.id], team, pending=pending)
        )

    def unshare(self) -> None:
        """It is the workspace's own again."""
        self._inside.call(lambda core: api_rooms.unshare(core, core.store.channels[self.id]))

    def archive(self) -> None:
        """Nobody can post in it any more."""
        self._inside.call(lambda core: setattr(core.store.channels[self.id], "is_archived", True))


class Person:
    """One person of the workspace."""

    def __init__(self, inside: Inside, user: str) -> None:
        self._inside, self.id = inside, user

    def _does(self, act: Callable[[Core], Any]) -> Outcome:
        before = mark(self._inside, self.id)
        return Outcome(self._inside, self.id, self._inside.run(act), before)

    def command(self, typed: str, channel: str, thread: Post | None = None) -> Outcome:
        """Run a slash command in a channel; waits for the ack."""
        thread_ts = thread.ts if thread else ""
        return self._does(
            lambda core: people_acts.command(core, self.id, core.store.channel(channel), typed, thread_ts)
        )

    def shortcut(self, callback_id: str, post: Post) -> Outcome:
        """Take an entry of a post's menu."""
        place = post.message.channel
        return self._does(
            lambda core: people_acts.shortcut(core, self.id, callback_id, core.store.message(place, post.ts))
        )

    def global_shortcut(self, callback_id: str) -> Outcome:
        """Take an entry of the lightning menu."""
        return self._does(lambda core: people_acts.shortcut(core, self.id, callback_id))

    def say(self, text: str, channel: str, thread: Post | None = None) -> Post:
        """Write into a channel or a thread, as typed: `@anna` mentions her."""

        def said(core: Core) -> Done:
            place = core.store.channel(channel)
            return people_acts.say(core, self.id, place, text, thread.ts if thread else "")

        done = self._inside.call(said)
        if done.post is None:
            raise AssertionError(f"{self.id} can't write in {channel}: {done.error}")
        return Post(self._inside, copy.deepcopy(done.post))

    def say_to_bot(self, text: str) -> Post:
        """Write into the conversation with the bot."""
        return self.say(text, self.direct().id)

    def react(self, post: Post, name: str) -> None:
        """Add a reaction."""
        place = post.message.channel

        def reacted(core: Core) -> Done:
            return people_acts.react(core, self.id, core.store.channels[place], post.ts, name)

        self._inside.call(reacted)

    def modal(self, timeout_s: float = 10) -> Modal:
        """The modal on top; waits until there is one."""
        self._inside.wait_for(lambda: self.has_modal, timeout_s)
        return Modal(self._inside, self.id)

    @property
    def has_modal(self) -> bool:
        """Whether a modal is open."""
        return self._inside.call(lambda core: bool(core.store.stacks.get(self.id)))

    def home(self, timeout_s: float = 10) -> Home:
        """Open the app's Home tab and wait until the app has published it anew."""
        before = self._inside.call(lambda core: core.store.homes.get(self.id))
        seen = before.hash if before else ""
        self._inside.call(lambda core: people_acts.open_home(core, self.id))

        def is_new(core: Core) -> bool:
            return self.id in core.store.homes and core.store.homes[self.id].hash != seen

        self._inside.wait_for(lambda: self._inside.call(is_new), timeout_s)
        return Home(self._inside, self.id)

    def direct(self) -> Room:
        """The conversation with the bot."""
        return Room(self._inside, self._inside.call(lambda core: core.store.direct(self.id).id))

    def dms(self) -> list[Post]:
        """The posts of the conversation with the bot."""
        return self.direct().messages(self.id)

    def expect_dm(self, text: str = "", timeout_s: float = 10) -> Post:
        """Wait for a direct message that has this text in it."""
        return self.direct().expect(text, timeout_s, self.id)

    def notifications(self, *, muted: bool = False) -> list[Notice]:
        """What really notified this person, oldest first; with `muted`, what do not disturb held back."""
        return self._inside.call(
            lambda core: [notice for notice in core.store.notices[self.id] if notice.muted == muted]
        )

    def mute(self, span: timedelta) -> None:
        """Do not disturb, from now on for this long."""

        def muted(core: Core) -> None:
            now = core.store.now()
            core.store.users[self.id].quiet = (now, now + span.total_seconds())

        self._inside.call(muted)

    def unmute(self) -> None:
        """End do not disturb."""
        self._inside.call(lambda core: setattr(core.store.users[self.id], "quiet", None))

    def change(self, **fields: Any) -> None:
        """Change the profile (`zone`, `locale`, `deleted`, `presence`, ...); the app gets user_change."""

        def changed(core: Core) -> None:
            user = core.store.users[self.id]
            for name, value in fields.items():
                setattr(user, name, value)
            if fields.keys() != {"presence"}:
                api_people.change_user(core, user)

        self._inside.call(changed)


class Workspace:
    """The way into the sandbox for tests."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside

    def channel(self, name: str) -> Room:
        """A channel by name or id."""
        return Room(self._inside, self._inside.call(lambda core: core.store.channel(name).id))

    def user(self, name: str) -> Person:
        """A person by name or id."""
        return Person(self._inside, _user_id(self._inside, name))

    def group(self, handle: str) -> list[str]:
        """The ids of who is in a user group."""
        return self._inside.call(lambda core: list(core.store.group(handle).users))

    def make_group(self, handle: str, *users: str) -> None:
        """There is a user group with these people; one that is there gets these people instead."""

        def made(core: Core) -> None:
            ids = [core.store.user(name).id for name in users]
            known = [one for one in core.store.groups.values() if one.handle == handle]
            group = known[0] if known else Group(new_id("S0"), handle, handle)
            core.store.groups[group.id] = group
            api_people.change_group(core, group, ids)

        self._inside.call(made)

    def disable_group(self, handle: str) -> None:
        """A user group is switched off."""
        self._inside.call(lambda core: api_people.disable_group(core, core.store.group(handle)))

    def delete(self, post: Post) -> None:
        """A person with the right to it deletes a post."""

        def deleted(core: Core) -> None:
            posting.delete(core, core.store.message(post.message.channel, post.ts))

        self._inside.call(deleted)

    def edit(self, post: Post, text: str) -> None:
        """Its author changes the words of a post."""

        def edited(core: Core) -> None:
            message = core.store.message(post.message.channel, post.ts)
            before = core.store.message_json(message)
            message.text, message.edited_ts = text, core.store.next_ts()
            posting.changed(core, message, before)

        self._inside.call(edited)

    def wait_for(self, look: Callable[[], T], timeout_s: float = 10) -> T:
        """The first truthy result of `look`, which is called again whenever something has changed."""
        return self._inside.wait_for(look, timeout_s)
