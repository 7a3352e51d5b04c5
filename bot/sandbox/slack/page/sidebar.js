// The left column: workspace, buyer area, the app, channels with their badges, direct messages.

import { el, icon, reconcile } from "./dom.js";
import { avatar } from "./messages.js";
import { appDm, goTo, person, S } from "./store.js";
import { t } from "./texts.js";
import { openTour } from "./tour.js";

/** Draw the column into `root`. */
export function drawSidebar(root) {
  if (!S.state) return;
  const { state, place } = S;
  const dm = appDm();
  const others = state.dms.filter((one) => one !== dm);
  const rows = [
    { key: "team", sig: S.boot.team.name, build: () => el("div", { class: "team" }, S.boot.team.name) },
    S.relay && entry("relay", { kind: "relay" }, icon("mail"), t("relay"), {}),
    entry("activity", { kind: "activity" }, icon("bell"), t("activity"), {}),
    group("apps", t("apps")),
    ...state.apps.map((app) => entry(
      `app-${app.id}`, { kind: "home", app: app.id }, avatar({ name: app.name, bot: true }), app.name, dm ?? {}, place?.id && place.id === dm?.id)),
    group("channels", t("channels")),
    ...state.channels.map((one) => entry(one.id, { kind: "channel", id: one.id }, icon(one.is_private ? "lock" : "hash"), one.name, one)),
    others.length > 0 && group("dms", t("dms")),
    ...others.map((one) => entry(one.id, { kind: "channel", id: one.id }, face(one.user), person(one.user)?.real_name ?? one.name, one)),
    group("end", ""),
    { key: "tour", sig: t("tour"), build: () => el("button", { type: "button", class: "entry", on: { click: openTour } }, icon("flag"), el("span", {}, t("tour"))) },
    ...S.boot.links.map((one) => ({ key: one.url, sig: one.label, build: () => linkNode(one) })),
  ];
  reconcile(root, rows.filter(Boolean));
}

function linkNode({ url, label }) {
  return el("a", { class: "entry", href: url, target: "_blank", rel: "noopener" }, icon("link"), el("span", {}, label));
}

function face(id) {
  const user = person(id);
  return avatar({ name: user?.real_name ?? "?", color: user?.color, bot: user?.is_bot });
}

function group(key, label) {
  return { key: `group-${key}`, sig: label, build: () => el("div", { class: "group" }, label) };
}

function entry(key, place, mark, label, counts, also = false) {
  const open = also || (S.place?.kind === place.kind && S.place.id === place.id);
  const { is_private: hidden } = counts;
  const { unread = 0, mentions = 0 } = open && !document.hidden ? {} : counts; // what is in sight counts as read
  const isDm = place.kind === "channel" && hidden === undefined;
  const badge = mentions || ((isDm || place.kind === "home") && unread) || 0;
  const go = () => goTo(place.kind === "home" && unread && appDm() ? { kind: "channel", id: appDm().id } : place);
  return {
    key: `entry-${key}`, sig: JSON.stringify([label, open, unread, mentions, S.as.locale]),
    build: () => el("button", {
      type: "button", class: `entry${open ? " open" : ""}${unread || mentions ? " unread" : ""}`, "aria-current": open ? "page" : undefined,
      "aria-label": [label, unread && t("unread", unread), mentions && t("mentions", mentions)].filter(Boolean).join(", "),
      data: { focus: `entry-${key}` }, on: { click: go },
    }, mark, el("span", { class: "entry-name" }, label), badge ? el("span", { class: "badge" }, badge) : null),
  };
}
