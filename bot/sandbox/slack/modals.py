"""The stack of modals of each person, and Home tabs.

Source: docs.slack.dev/surfaces/modals, .../surfaces/app-home, .../reference/methods/views.open and its kin.
"""

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.fields import first_values, kept_values
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.store import View, with_ids
from bot.sandbox.slack.uploads import check_scope
from bot.sandbox.slack.wire import Json, Refusal, new_id

STACK = 3


def open_view(core: Core, user: str, given: Json) -> View:
    """A new modal, alone on the stack."""
    view = _new(core, user, given)
    core.store.stacks[user] = [view]
    return _shown(core, view)


def push_view(core: Core, user: str, given: Json) -> View:
    """One more modal on top; raises `push_limit_reached` above three, `not_found` without one below."""
    stack = core.store.stacks[user]
    if not stack:
        raise Refusal("not_found")
    if len(stack) >= STACK:
        raise Refusal("push_limit_reached")
    view = _new(core, user, given)
    view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    return _shown(core, view)


def update_view(core: Core, view: View, given: Json, expected_hash: str = "") -> View:
    """Another content for a view; raises `hash_conflict` when it is not the one the caller has seen."""
    if expected_hash and expected_hash != view.hash:
        raise Refusal("hash_conflict")
    check_view(given, view.content["type"])
    check_scope(core, given["blocks"])
    _check_external_id(core, given, view)
    content = _content(given)
    view.values = kept_values(view.values, content["blocks"])
    view.content, view.errors, view.hash = content, {}, _new_hash(core)
    return _shown(core, view)


def publish_home(core: Core, user: str, given: Json, expected_hash: str = "") -> View:
    """A person's Home tab."""
    old = core.store.homes.get(user)
    if old is not None:
        return update_view(core, old, given, expected_hash)
    view = _new(core, user, given, "home")
    core.store.homes[user] = view
    return _shown(core, view)


def close_view(core: Core, view: View) -> None:
    """This modal goes away; the one below shows again."""
    stack = core.store.stacks[view.user]
    if view in stack:
        stack.remove(view)
        del core.store.views[view.id]
        core.store.changed("modals", user=view.user)


def close_all(core: Core, user: str) -> None:
    """No modal is left."""
    for view in core.store.stacks.pop(user, []):
        del core.store.views[view.id]
    core.store.changed("modals", user=user)


def find_view(core: Core, view_id: str, external_id: str = "") -> View:
    """A view that is on somebody's screen; raises `not_found`."""
    for view in core.store.views.values():
        if view.id == view_id or (external_id and view.content.get("external_id") == external_id):
            return view
    raise Refusal("not_found")


def _new(core: Core, user: str, given: Json, surface: str = "modal") -> View:
    check_view(given, surface)
    check_scope(core, given["blocks"])
    _check_external_id(core, given, None)
    content = _content(given)
    view_id = new_id("V")
    return View(view_id, user, content, _new_hash(core), first_values(content["blocks"]), view_id)


def _content(given: Json) -> Json:
    return given | {"blocks": with_ids(given["blocks"])}


def _check_external_id(core: Core, given: Json, itself: View | None) -> None:
    external_id = given.get("external_id")
    for view in core.store.views.values():
        if external_id and view is not itself and view.content.get("external_id") == external_id:
            raise Refusal("duplicate_external_id")


def _new_hash(core: Core) -> str:
    return f"{int(core.store.now())}.{new_id('')[:8]}"


def _shown(core: Core, view: View) -> View:
    core.store.views[view.id] = view
    core.store.shown[view.user] += 1
    core.store.changed("home" if view.content["type"] == "home" else "modals", user=view.user)
    return view
