"""Who would really be notified by a post: the tool for tests that count noise.

Rules (docs.slack.dev, slack.com/help/articles/214888418): direct messages, mentions, replies in a followed
thread; never one's own post, an update, an ephemeral or plain channel talk; do not disturb holds back.
"""

from bot.sandbox.slack.mrkdwn import Mentions, mentions
from bot.sandbox.slack.store import Message, Notice, Store
from bot.sandbox.slack.wire import new_id


def notify(store: Store, message: Message) -> None:
    """Write down a notice for each person whom this new post would notify."""
    if message.ephemeral_to:
        return
    named = mentions(message)
    for user, reason in _notified(store, message, named).items():
        muted = store.users[user].is_quiet(store.now())
        text = _glimpse(message.text)
        notice = Notice(
            new_id("N"), user, message.channel, message.ts, text, message.thread_ts, reason, muted
        )
        store.notices[user].append(notice)
        store.changed("state", user=user)


def _glimpse(text: str) -> str:
    """As much as a banner shows, in whole words: half a mention would show as its id."""
    return text if len(text) <= 150 else f"{text[:150].rsplit(' ', 1)[0]} …"


def _notified(store: Store, message: Message, named: Mentions) -> dict[str, str]:
    channel = store.channels[message.channel]
    reasons: dict[str, str] = {}
    if channel.is_im:
        reasons[channel.with_user] = "dm"
    for user in _named_users(store, message.channel, named):
        reasons.setdefault(user, "mention")
    if message.is_reply:
        for user in followers(store, message):
            reasons.setdefault(user, "thread")
    reasons.pop(message.user, None)
    return {
        user: reason
        for user, reason in reasons.items()
        if user in channel.members and user in store.users and not _is_deaf(store, user)
    }


def _is_deaf(store: Store, user: str) -> bool:
    return store.users[user].is_bot or store.users[user].deleted


def _named_users(store: Store, channel: str, named: Mentions) -> set[str]:
    members = store.channels[channel].members
    users = set(named.users)
    for group in named.groups:
        if group in store.groups and not store.groups[group].is_disabled:
            users |= set(store.groups[group].users)
    if named.broadcasts & {"channel", "everyone"}:
        users |= members
    elif "here" in named.broadcasts:
        users |= {user for user in members if user in store.users and store.users[user].presence == "active"}
    return users


def followers(store: Store, message: Message) -> set[str]:
    """Who follows the thread of this reply: its author, who answered in it, who was named in it before."""
    root = store.messages[message.channel].get(message.thread_ts)
    earlier = [
        reply for reply in store.replies(message.channel, message.thread_ts, "") if reply is not message
    ]
    found: set[str] = set()
    for post in [root, *earlier]:
        if post is not None:
            found |= {post.user} | _named_users(store, message.channel, _personal(mentions(post)))
    return found


def _personal(named: Mentions) -> Mentions:
    """A broadcast makes nobody follow a thread."""
    return Mentions(named.users, named.groups)
