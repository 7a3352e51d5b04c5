"""What one key can't say alone: the parts of the configuration have to fit together.

The checks look at the plain values, not at the validated tree, so that they speak up in the same run as
the faults of single keys. What has the wrong shape is passed over here: it has its own fault.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from posixpath import normpath

from bot.domain.loopback import is_loopback
from bot.settings.api import api_faults
from bot.settings.breaker import breaker_faults
from bot.settings.hints import did_you_mean
from bot.settings.peak import peak_faults
from bot.settings.positions import Keys
from bot.settings.queues import queue_faults
from bot.settings.rota_checks import rota_faults
from bot.settings.solutions import solution_faults

Tree = Mapping[str, object]
Found = Iterator[tuple[Keys, str]]


def crossing_faults(tree: Tree) -> list[tuple[Keys, str]]:
    """All that does not fit together, as (keys, text)."""
    checks = (_something_is_there, _mailboxes_are_complete, _outgoing_is_complete, _names_lead_somewhere)
    more = (
        _all_is_used,
        _read_once,
        _shared_mailboxes,
        _senders,
        _channels,
        _agents,
        _managers,
        _rates,
        _ladder,
        _second_road,
        rota_faults,
        solution_faults,
        peak_faults,
        breaker_faults,
        api_faults,
        queue_faults,
    )
    return [fault for check in (*checks, *more) for fault in check(tree)]


def _table(tree: Tree, section: str) -> Mapping[str, object]:
    found = tree.get(section)
    return found if isinstance(found, Mapping) else {}


def _entries(tree: Tree, section: str) -> Iterator[tuple[str, Tree]]:
    for name, entry in _table(tree, section).items():
        if isinstance(entry, Mapping):
            yield name, entry


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _something_is_there(tree: Tree) -> Found:
    for section in ("stores", "mailboxes", "outgoing", "agents"):
        if tree.get(section) == {}:
            yield (section,), "is empty; at least one is needed"


def _mailboxes_are_complete(tree: Tree) -> Found:
    for name, box in _entries(tree, "mailboxes"):
        keys = ("mailboxes", name)
        if box.get("kind") == "folder" and not box.get("path"):
            yield keys, "a mailbox of kind folder needs `path`"
        if box.get("kind") == "imap":
            lacking = [key for key in ("host", "user") if not box.get(key)]
            if not box.get("password_env") and not box.get("token_env"):
                lacking.append("password_env (or token_env)")
            if lacking:
                yield keys, f"a mailbox of kind imap needs {', '.join(lacking)}"
            if box.get("password_env") and box.get("token_env"):
                yield (*keys, "token_env"), "has a password_env beside it; keep the one that is used"
            yield from _plain_text_stays_here(keys, box)
        if box.get("kind") == "folder" and box.get("further_folders"):
            yield (*keys, "further_folders"), "is for a mailbox of kind imap; remove it"
        canary = _table(box, "canary")
        outgoing = canary.get("outgoing")
        yield from _known((*keys, "canary", "outgoing"), outgoing, _table(tree, "outgoing"), "outgoing entry")


def _outgoing_is_complete(tree: Tree) -> Found:
    for name, server in _entries(tree, "outgoing"):
        keys = ("outgoing", name)
        if bool(server.get("user")) != bool(server.get("password_env")):
            yield keys, "needs both `user` and `password_env`, or neither"
        yield from _plain_text_stays_here(keys, server)


def _plain_text_stays_here(keys: Keys, server: Tree) -> Found:
    host = server.get("host")
    if server.get("tls") == "none" and isinstance(host, str) and not is_loopback(host):
        text = f'without TLS the password can be read on the way to "{host}"; expected ssl or starttls'
        yield (*keys, "tls"), f"{text} (none is for this machine itself)"


def _names_lead_somewhere(tree: Tree) -> Found:
    for name, store in _entries(tree, "stores"):
        for key, section in (("mailbox", "mailboxes"), ("outgoing", "outgoing")):
            yield from _known(
                ("stores", name, key), store.get(key), _table(tree, section), f"{section} entry"
            )
    for section, key in (
        ("agents", "stores"),
        ("agents", "manages"),
        ("groups", "stores"),
        ("groups", "manages"),
    ):
        for name, entry in _entries(tree, section):
            for index, store_name in enumerate(_texts(entry.get(key))):
                keys = (section, name, key, index)
                yield from _known(keys, store_name, _table(tree, "stores"), "store")


def _known(keys: Keys, name: object, table: Mapping[str, object], what: str) -> Found:
    if isinstance(name, str) and table and name not in table:
        yield keys, f'there is no {what} "{name}".{did_you_mean(name, table)} (expected: {", ".join(table)})'


def _all_is_used(tree: Tree) -> Found:
    stores = _table(tree, "stores")
    for key, section in (("mailbox", "mailboxes"), ("outgoing", "outgoing")):
        users = [*(store for _, store in _entries(tree, "stores")), _table(_table(tree, "notify"), "email")]
        users += [_table(box, "canary") for _, box in _entries(tree, "mailboxes")]
        used = [user.get(key) for user in users]
        for name in _table(tree, section) if stores else ():
            if name not in used:
                yield (section, name), f"no store has `{key}: {name}`; name it in a store, or remove it"
    agents = [
        one.get("stores", "all") for section in ("agents", "groups") for _, one in _entries(tree, section)
    ]
    for name in stores if agents else ():
        if not any(choice == "all" or name in _texts(choice) for choice in agents):
            yield (
                ("stores", name),
                "no agent works for this store; add it to an agent's `stores` in agents.yaml",
            )


def _read_once(tree: Tree) -> Found:
    """No place is read under two names: each of its mails would come in twice, and buyers get two answers."""
    first: dict[tuple[str, ...], str] = {}
    for name, box in _entries(tree, "mailboxes"):
        place = _place_of(box)
        other = first.setdefault(place, name) if place else name
        if other != name:
            text = f'is the same mailbox as "{other}", so every mail would come in twice; keep one, name it in each '
            yield ("mailboxes", name), f"{text}store, and give the stores their `recipients`"


def _place_of(box: Tree) -> tuple[str, ...]:
    """What tells one mailbox from another; empty if that can't be said."""
    if box.get("kind") == "folder":
        return ("folder", normpath(str(box["path"]))) if box.get("path") else ()
    host, user, folder = (box.get(key) for key in ("host", "user", "folder"))
    if not isinstance(host, str) or not isinstance(user, str):
        return ()
    folder = "INBOX" if str(folder or "INBOX").upper() == "INBOX" else str(folder)
    return ("imap", host.lower(), user.lower(), folder)


def _shared_mailboxes(tree: Tree) -> Found:
    stores = dict(_entries(tree, "stores"))
    sharing = Counter(box for store in stores.values() if isinstance(box := store.get("mailbox"), str))
    owners: dict[tuple[object, str], str] = {}
    for name, store in stores.items():
        box = store.get("mailbox")
        if not isinstance(box, str) or sharing[box] < 2:
            continue
        if not store.get("recipients"):
            text = f'mailbox "{box}" serves {sharing[box]} stores; each needs `recipients`, the addresses'
            yield ("stores", name, "mailbox"), f"{text} that its mail is sent to"
        for index, address in enumerate(_texts(store.get("recipients"))):
            first = owners.setdefault((box, address.lower()), name)
            if first != name:
                text = f'mail to "{address}" already belongs to store "{first}", which shares the mailbox'
                yield ("stores", name, "recipients", index), text


def _senders(tree: Tree) -> Found:
    first: dict[str, tuple[str, object]] = {}
    for name, store in _entries(tree, "stores"):
        sender = store.get("sender")
        if not isinstance(sender, str):
            continue
        other, outgoing = first.setdefault(sender.lower(), (name, store.get("outgoing")))
        if outgoing != store.get("outgoing"):
            text = f'store "{other}" sends as {sender} too, but by another server'
            yield ("stores", name, "sender"), f"{text}; one address leaves by one `outgoing`"


def _channels(tree: Tree) -> Found:
    for name, store in _entries(tree, "stores"):
        marketplaces = _texts(store.get("marketplaces"))
        channels = store.get("channels")
        for code in channels if isinstance(channels, Mapping) else ():
            if marketplaces and code not in marketplaces:
                text = f"this store does not sell in {code} (its marketplaces: {', '.join(marketplaces)})"
                yield ("stores", name, "channels", code), text


def _agents(tree: Tree) -> Found:
    first: dict[tuple[str, str], str] = {}
    for name, agent in _entries(tree, "agents"):
        if not agent.get("slack") and not agent.get("email"):
            yield ("agents", name), "needs `slack` (the Slack user id) or `email`"
        for key in ("slack", "email"):
            value = agent.get(key)
            if isinstance(value, str) and first.setdefault((key, value.lower()), name) != name:
                other = first[key, value.lower()]
                yield ("agents", name, key), f'agent "{other}" has the same; each person is listed once'


def _managers(tree: Tree) -> Found:
    """`manages` narrows the role manager down to some of the entry's own stores."""
    for section in ("agents", "groups"):
        for name, entry in _entries(tree, section):
            chosen, stores = entry.get("manages"), entry.get("stores", "all")
            if chosen is None:
                continue
            keys: Keys = (section, name, "manages")
            if entry.get("role", "agent") != "manager":
                yield keys, "is for role manager alone; set `role: manager`, or remove this"
            for index, store in enumerate(_texts(chosen)):
                if stores != "all" and store not in _texts(stores):
                    yield (*keys, index), f'"{store}" is not among the `stores` of this entry'


def _rates(tree: Tree) -> Found:
    thresholds = _table(tree, "thresholds")
    low, high = thresholds.get("minimum_response_rate", 0.90), thresholds.get("target_response_rate", 0.95)
    if isinstance(low, float | int) and isinstance(high, float | int) and low > high:
        yield ("thresholds", "minimum_response_rate"), f"{low} is above target_response_rate, {high}"


def _ladder(tree: Tree) -> Found:
    rungs = _table(tree, "thresholds").get("pings")
    before: int | None = None
    names: set[str] = set()
    for index, rung in enumerate(rungs if isinstance(rungs, list) else ()):
        if not isinstance(rung, Mapping):
            continue
        minutes, name = rung.get("minutes_left"), rung.get("name")
        if isinstance(minutes, int) and before is not None and minutes >= before:
            keys: Keys = ("thresholds", "pings", index, "minutes_left")
            yield keys, f"{minutes} follows {before}; expected less and less time from stage to stage"
        before = minutes if isinstance(minutes, int) else before
        if isinstance(name, str) and name in names:
            text = f'"{name}" is given twice; a name is what pings are remembered by'
            yield ("thresholds", "pings", index, "name"), text
        names.add(str(name))


def _second_road(tree: Tree) -> Found:
    section = _table(tree, "notify")
    outgoing = _table(section, "email").get("outgoing")
    yield from _known(("notify", "email", "outgoing"), outgoing, _table(tree, "outgoing"), "outgoing entry")
    names: list[object] = []
    hooks = section.get("webhooks")
    for index, hook in enumerate(hooks if isinstance(hooks, list) else ()):
        if not isinstance(hook, Mapping):
            continue
        keys: Keys = ("notify", "webhooks", index)
        if hook.get("name") in names:
            yield (
                (*keys, "name"),
                f'"{hook.get("name")}" is given twice; each webhook needs a name of its own',
            )
        names.append(hook.get("name"))
        if hook.get("kind") == "wecom" and hook.get("secret_env"):
            yield (*keys, "secret_env"), "wecom has no secret beside the key in its address; remove this"
        for place, store in enumerate(_texts(hook.get("stores"))):
            yield from _known((*keys, "stores", place), store, _table(tree, "stores"), "store")
