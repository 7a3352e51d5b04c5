// Short notices at the edge: what Slack would have notified, what it would show as an error.

import { el, iconButton } from "./dom.js";
import { mrkdwn } from "./render_mrkdwn.js";
import { goTo, placeName, S } from "./store.js";
import { t } from "./texts.js";

const SHOWN_MS = { say: 4000, notice: 7000, error: 14000 };
const MOST = 4;

let root;

export function buildToasts(parent) {
  root = parent;
}

/** Show what the store tells: {error}, {say} or {notice}. */
export function toast(news) {
  if (news.error) add("error", el("span", {}, news.error));
  else if (news.say) add("say", el("span", {}, news.say));
  else if (news.notice && !inSight(news.notice)) add("notice", noticeButton(news.notice));
}

function inSight(notice) {
  if (document.hidden) return false;
  const inThread = S.thread?.channel === notice.channel && S.thread.ts === notice.thread_ts;
  return inThread || (S.place.kind === "channel" && S.place.id === notice.channel && !notice.thread_ts);
}

function noticeButton(notice) {
  const isChannel = S.state.channels.some((one) => one.id === notice.channel);
  return el("button", { type: "button", class: "toast-open", on: { click: () => goTo({ kind: "channel", id: notice.channel }, notice.thread_ts) } },
    el("strong", {}, `${isChannel ? "#" : ""}${placeName(notice.channel) ?? ""}`), el("span", { class: "toast-text" }, mrkdwn(notice.text)));
}

function add(kind, content) {
  const node = el("div", { class: `toast ${kind}`, role: kind === "error" ? "alert" : "status" }, content, iconButton("close", t("close"), () => node.remove()));
  root.append(node);
  while (root.children.length > MOST) root.firstElementChild.remove();
  setTimeout(() => node.remove(), SHOWN_MS[kind]);
}
