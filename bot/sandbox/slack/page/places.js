// The middle of the page: a channel or direct message, the app's Home, the activity list; and the
// thread on the right.

import { weekdayAndTime } from "./clock.js";
import { composer } from "./composer.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { surfaceOf } from "./inputs.js";
import { avatar, drawMessages, glimpse } from "./messages.js";
import { drawBlocks } from "./render_blocks.js";
import { mrkdwn } from "./render_mrkdwn.js";
import { drawRelay } from "./relay.js";
import { appDm, goTo, openThread, person, placeName, S } from "./store.js";
import { t } from "./texts.js";

const NEAR_END = 90;

const main = {};
const side = {};

/** Make the middle and the right pane once; drawing only fills them. */
export function buildPlaces(middle, right) {
  main.head = el("header", { class: "place-head" });
  main.list = el("ol", { class: "posts", "aria-label": t("messages") });
  main.scroll = el("div", { class: "scroll", tabindex: "0", role: "region" }, main.list);
  main.composer = composer("main", () => ({ channel: S.place.id }));
  main.other = el("div", { class: "other" });
  main.voice = el("div", { class: "voice", role: "status" });
  middle.append(main.voice, main.head, main.scroll, main.other, main.composer);
  side.head = el("header", { class: "place-head" });
  side.list = el("ol", { class: "posts" });
  side.scroll = el("div", { class: "scroll", tabindex: "0", role: "region" }, side.list);
  side.composer = composer("thread", () => ({ channel: S.thread.channel, thread_ts: S.thread.ts }));
  right.append(side.head, side.scroll, side.composer);
  side.root = right;
  right.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && closeThread());
}

function closeThread() {
  const { ts } = S.thread;
  openThread(null, null);
  document.querySelector(`[data-focus="thread-${CSS.escape(ts)}"]`)?.focus({ preventScroll: true });
}

/** Put a command into the composer of the open channel. */
export function typeForPerson(text) {
  main.composer.type(text);
}

export function drawPlace() {
  if (!S.state || !S.place) return;
  const { kind } = S.place;
  const posts = kind === "channel";
  main.scroll.hidden = main.composer.hidden = !posts;
  main.other.hidden = posts;
  drawHead();
  if (posts) drawPosts();
  else OTHER[kind](main.other);
  drawThread();
}

function drawHead() {
  const rows = [{ key: "head", sig: JSON.stringify([S.place, headWords(), S.as.id, S.as.locale]), build: headNode }];
  reconcile(main.head, rows);
}

function headWords() {
  const { kind, id } = S.place;
  if (kind === "channel") return placeName(id) ?? id;
  return kind === "home" ? S.state.apps[0]?.name : t(kind);
}

function headNode() {
  const { kind, id } = S.place;
  const channel = S.state.channels.find((one) => one.id === id);
  const inApp = kind === "home" || appDm()?.id === id;
  const mark = channel ? icon(channel.is_private ? "lock" : "hash") : null;
  return el("div", { class: "head-row" }, el("h1", {}, mark, headWords()), inApp && appTabs(kind === "home"));
}

function appTabs(home) {
  const dm = appDm();
  const tab = (on, label, place) => el("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(on), on: { click: () => goTo(place) } }, label);
  return el("div", { role: "tablist", class: "tabs" },
    tab(home, t("home"), { kind: "home", app: S.state.apps[0].id }), dm && tab(!home, t("messages"), { kind: "channel", id: dm.id }));
}

function drawPosts() {
  const name = placeName(S.place.id) ?? "";
  const isChannel = S.state.channels.some((one) => one.id === S.place.id);
  main.composer.relabel(t("message_to", isChannel ? `#${name}` : name));
  main.scroll.setAttribute("aria-label", name);
  const key = `${S.as.id}/${S.place.id}`;
  const fresh = main.shownKey !== key;
  const { scroll, list } = main;
  const atEnd = fresh || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
  if (!S.messages) {
    if (fresh) list.replaceChildren(el("li", { class: "empty" }, t("loading")));
    return;
  }
  const isAnswer = announce(fresh);
  if (S.messages.length) drawMessages(list, S.messages, { channel: S.place.id, thread: false });
  else reconcile(list, [{ key: "empty", sig: key + name, build: () => el("li", { class: "empty" }, emptyWords(isChannel, name)) }]);
  main.shownKey = key;
  if (fresh && list.querySelector(".new-line")) list.querySelector(".new-line").scrollIntoView({ block: "start" });
  else if (isAnswer) showWhole(list.lastElementChild);
  else if (atEnd) scroll.scrollTop = scroll.scrollHeight;
}

/** Bring a post into sight from its beginning on, even when it is taller than the window. */
function showWhole(post) {
  post.scrollIntoView({ block: post.offsetHeight > main.scroll.clientHeight ? "start" : "end" });
}

/** Tell screen readers of a new post in the open channel; true when it is for the acting person alone. */
function announce(fresh) {
  const last = S.messages.at(-1);
  if (!last || last.ts === main.lastTs) return false;
  if (!fresh && last.user !== S.as.id) main.voice.textContent = glimpse(last);
  main.lastTs = last.ts;
  return !fresh && Boolean(last.ephemeral);
}

function emptyWords(isChannel, name) {
  const isForCards = S.relay && S.state.channels.some((one) => one.id === S.place.id && one.is_private);
  if (isForCards) return t("empty_cards");
  return isChannel ? t("empty_channel") : t("empty_dm", name);
}

function drawThread() {
  side.root.hidden = !S.thread;
  document.body.classList.toggle("with-thread", Boolean(S.thread));
  if (!S.thread) {
    side.shownKey = null;
    return;
  }
  const name = placeName(S.thread.channel) ?? "";
  const isChannel = S.state.channels.some((one) => one.id === S.thread.channel);
  reconcile(side.head, [{
    key: "head", sig: name + S.as.locale,
    build: () => el("div", { class: "head-row" },
      el("h2", {}, t("thread"), el("span", { class: "hint" }, isChannel ? `#${name}` : name)), iconButton("close", t("close_thread"), closeThread)),
  }]);
  side.composer.relabel(t("reply_here"));
  side.scroll.setAttribute("aria-label", t("thread"));
  const key = `${S.as.id}/${S.thread.channel}/${S.thread.ts}`;
  const { scroll, list } = side;
  const atEnd = side.shownKey !== key || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
  if (!S.replies?.length) {
    list.replaceChildren(el("li", { class: "empty" }, t(S.replies ? "thread_gone" : "loading")));
    return;
  }
  drawMessages(list, S.replies, { channel: S.thread.channel, thread: true });
  if (atEnd && S.replies.length > 1) scroll.scrollTop = scroll.scrollHeight;
  // Somebody who opened it by hand wants to write; on a phone that would raise the keyboard.
  const byHand = side.shownKey !== key && main.scroll.contains(document.activeElement);
  if (byHand && !matchMedia("(hover: none)").matches) side.composer.focusText();
  side.shownKey = key;
}

const OTHER = { home: drawHome, relay: drawRelay, activity: drawActivity };

/** One root per kind of place, so that each keeps what was typed in it. */
function rootIn(parent, kind, cls) {
  if (parent.dataset.kind !== kind) {
    parent.dataset.kind = kind;
    parent.replaceChildren(el("div", { class: cls }));
  }
  return parent.firstElementChild;
}

function drawHome(parent) {
  const root = rootIn(parent, "home", "home blocks");
  const { home } = S.state;
  if (!home) return root.replaceChildren(el("p", { class: "empty" }, t("home_empty")));
  const surface = surfaceOf(`v:home:${S.as.id}`, { view_id: home.id }, home.blocks, home.state?.values);
  const stale = root.querySelector(":scope > .empty");
  stale?.remove();
  if (root.dataset.as !== S.as.id) root.replaceChildren();
  root.dataset.as = S.as.id;
  return drawBlocks(root, home.blocks, surface);
}

function drawActivity(parent) {
  const root = rootIn(parent, "activity", "activity");
  const notices = [...S.state.notices].reverse();
  if (!notices.length) return root.replaceChildren(el("p", { class: "empty" }, t("activity_none")));
  root.querySelector(":scope > .empty")?.remove();
  return reconcile(root, notices.map((notice) => ({ key: notice.id, sig: JSON.stringify([notice, S.as.locale]), build: () => noticeNode(notice) })));
}

function noticeNode(notice) {
  const name = placeName(notice.channel) ?? "";
  const isChannel = S.state.channels.some((one) => one.id === notice.channel);
  const app = S.state.apps[0];
  return el("button", { type: "button", class: "notice", on: { click: () => goTo({ kind: "channel", id: notice.channel }, notice.thread_ts) } },
    avatar({ name: app?.name ?? "", bot: true, color: person(app?.bot_user)?.color }),
    el("span", { class: "notice-text" },
      el("span", { class: "hint" }, `${isChannel ? "#" : ""}${name} · ${weekdayAndTime(Number(notice.ts), S.as)}`),
      el("span", {}, mrkdwn(notice.text))));
}
