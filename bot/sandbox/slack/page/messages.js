// A list of posts, as in a channel or a thread: day lines, the "New" line, posts, their menus.

import { clockTime, dayOf, fillDate, fullTime, now, weekdayAndTime } from "./clock.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { surfaceOf } from "./inputs.js";
import { addressOf } from "./links.js";
import { openList } from "./picker.js";
import { drawBlocks, firstWords } from "./render_blocks.js";
import { mrkdwn, unescape } from "./render_mrkdwn.js";
import { act, openThread, person, S, tell } from "./store.js";
import { t } from "./texts.js";

/** Draw posts into `list`. `where` is {channel, thread: bool}; returns whether anything changed. */
export function drawMessages(list, messages, where) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const day = dayOf(Number(message.ts), S.as);
    if (!where.thread && (!before || dayOf(Number(before.ts), S.as) !== day)) rows.push(dayRow(message, day));
    if (!where.thread && message.ts === S.newFrom) rows.push(newRow());
    rows.push(messageRow(message, where, follows(message, before)));
    if (where.thread && message === messages[0]) rows.push(countRow(messages.length - 1));
    before = message;
  }
  return reconcile(list, rows);
}

function follows(message, before) {
  return Boolean(before) && before.user === message.user && !message.ephemeral && !before.ephemeral && !message.blocks
    && !before.reply_count && Number(message.ts) - Number(before.ts) < 300 && message.ts !== S.newFrom;
}

function dayRow(message, day) {
  const text = fillDate(Number(message.ts), "{day_divider_pretty}", S.as);
  return { key: `day-${day}`, sig: text + S.as.locale, build: () => el("li", { class: "day-line" }, el("span", {}, text)) };
}

function newRow() {
  return { key: "new", sig: t("new"), build: () => el("li", { class: "new-line" }, el("span", {}, t("new"))) };
}

function countRow(count) {
  const text = count === 1 ? t("reply_one") : t("replies", count);
  return { key: "count", sig: text, build: () => el("li", { class: "count-line" }, el("span", {}, text)) };
}

function messageRow(message, where, compact) {
  const { is_new: _, ...lasting } = message; // what "new" means is drawn by the line, not by the post
  const names = placesSeen();
  return {
    key: `${message.ts}${message.ephemeral ? "-only-you" : ""}`,
    sig: JSON.stringify([lasting, where, compact, dayOf(now(), S.as), S.as.id, names]),
    build: () => messageNode(message, where, compact),
  };
}

/** Posts name channels and people; when those become known the posts are drawn again. */
function placesSeen() {
  return S.state.channels.length + S.boot.users.length;
}

function messageNode(message, where, compact) {
  const who = authorOf(message);
  const body = el("div", { class: "post-body" },
    message.ephemeral && el("div", { class: "only-you" }, icon("eyes"), t("only_you")),
    compact ? null : el("div", { class: "post-head" },
      el("span", { class: "author" }, who.name), who.bot && el("span", { class: "badge-app" }, t("app")), timeLink(message, where)),
    content(message, where),
    reactions(message, where), where.thread ? null : threadLink(message, where));
  return el("li", {
    class: `post${message.ephemeral ? " ephemeral" : ""}${compact ? " compact" : ""}`, data: { ts: message.ts }, tabindex: "-1",
    "aria-label": `${who.name}, ${weekdayAndTime(Number(message.ts), S.as)}: ${unescape(message.text ?? "").slice(0, 300)}`,
  }, compact ? el("span", { class: "gutter-time" }, clockTime(Number(message.ts), S.as)) : avatar(who), body, tools(message, where));
}

function authorOf(message) {
  const user = person(message.user);
  const bot = Boolean(message.bot_id || user?.is_bot);
  return { name: message.username || user?.real_name || user?.name || message.user, color: user?.color, bot };
}

/** The square with a person's initials, or the app's mark. */
export function avatar({ name, color, bot }) {
  const letters = bot ? "24" : /^[\x00-\x7f]/.test(name) ? name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("") : name.slice(0, 1);
  const node = el("span", { class: `avatar${bot ? " bot" : ""}`, "aria-hidden": "true" }, letters.toUpperCase());
  if (!bot) node.style.background = color ? `#${String(color).replace("#", "")}` : "#6b7a8c";
  return node;
}

function timeLink(message, where) {
  const at = Number(message.ts);
  return el("button", {
    type: "button", class: "post-time", title: fullTime(at, S.as), "aria-label": `${fullTime(at, S.as)}. ${t("thread")}`,
    on: { click: () => openThread(where.channel, message.thread_ts || message.ts) },
  }, clockTime(at, S.as));
}

function content(message, where) {
  const parts = el("div", { class: "post-content" });
  if (message.blocks?.length) {
    const box = el("div", { class: "blocks" });
    const surface = surfaceOf(`m:${where.channel}:${message.ts}`, { channel: where.channel, ts: message.ts }, message.blocks);
    drawBlocks(box, message.blocks, surface);
    parts.append(box);
  } else parts.append(el("div", { class: "post-text" }, mrkdwn(message.text), message.edited && el("span", { class: "edited" }, ` ${t("edited")}`)));
  for (const file of message.files ?? []) parts.append(fileNode(file));
  return parts;
}

function fileNode(file) {
  const here = new URL(file.url, location.href).origin === location.origin;
  if (here && file.mimetype?.startsWith("image/")) {
    return el("a", { class: "file picture", href: file.url, target: "_blank", rel: "noopener" },
      el("img", { src: file.url, alt: file.name, loading: "lazy" }), el("span", {}, file.name));
  }
  return el("a", { class: "file", href: here ? file.url : "#", download: file.name }, icon("clip"), el("span", {}, file.name));
}

function reactions(message, where) {
  if (!message.reactions?.length) return null;
  return el("div", { class: "reactions" }, message.reactions.map((one) => el("button", {
    type: "button", class: "reaction", title: `:${one.name}:`, "aria-label": `${one.name}, ${one.count}`,
    on: { click: () => act("reaction", { channel: where.channel, ts: message.ts, name: one.name }) },
  }, EMOJI[one.name] ?? `:${one.name}:`, el("span", {}, one.count))));
}

function threadLink(message, where) {
  if (!message.reply_count) return null;
  const words = message.reply_count === 1 ? t("reply_one") : t("replies", message.reply_count);
  return el("button", {
    type: "button", class: "thread-link", data: { focus: `thread-${message.ts}` }, on: { click: () => openThread(where.channel, message.ts) },
  },
  (message.reply_users ?? []).slice(0, 4).map((id) => avatar(authorOf({ user: id }))),
  el("strong", {}, words),
  message.latest_reply && el("span", { class: "hint" }, t("last_reply", weekdayAndTime(Number(message.latest_reply), S.as))), icon("right"));
}

function tools(message, where) {
  if (message.ephemeral) return null;
  const react = (name, label, shown) => el("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label,
    on: { click: () => act("reaction", { channel: where.channel, ts: message.ts, name }) },
  }, shown);
  const more = el("button", {
    type: "button", class: "icon-button", "aria-label": t("more_actions"), title: t("more_actions"), "aria-haspopup": "menu", "aria-expanded": "false",
    data: { focus: `more-${message.ts}` }, on: { click: () => openList(more, { items: moreItems(message, where), label: t("more_actions"), menu: true }) },
  }, icon("dots"));
  return el("div", { class: "tools", role: "group", "aria-label": t("message_actions") },
    react("eyes", t("react_eyes"), "👀"), react("white_check_mark", t("react_done"), "✅"),
    where.thread ? null : iconButton("reply", t("reply_in_thread"), () => openThread(where.channel, message.thread_ts || message.ts)), more);
}

function moreItems(message, where) {
  const app = S.state.apps[0]?.name;
  const shortcuts = S.state.shortcuts.message.map((one) => ({
    label: one.name, note: app, icon: icon("bolt"),
    pick: () => act("shortcut", { callback_id: one.callback_id, channel: where.channel, ts: message.ts }),
  }));
  return [...shortcuts, { label: t("copy_link"), icon: icon("link"), pick: () => copyLink(message, where) }];
}

async function copyLink(message, where) {
  await navigator.clipboard?.writeText(addressOf(where.channel, message)).catch(() => {});
  tell({ say: t("copied") });
}

/** The first words of a post, for notices. */
export function glimpse(message) {
  return unescape(message.text || firstWords(message.blocks)).slice(0, 140);
}
