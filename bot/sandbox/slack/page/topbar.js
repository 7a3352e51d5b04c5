// The top bar: that this is simulated, what time it is for each part of the team, who acts.

import { clockTime, dayOf, now, speed, weekdayAndTime } from "./clock.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { avatar } from "./messages.js";
import { openList } from "./picker.js";
import { become, S, tell } from "./store.js";
import { t } from "./texts.js";

const CITIES = {
  "Asia/Shanghai": ["Beijing", "北京"],
  "America/New_York": ["New York", "纽约"],
  "America/Los_Angeles": ["Los Angeles", "洛杉矶"],
  "Europe/Berlin": ["Berlin", "柏林"],
};

function city(zone) {
  const [english, chinese] = CITIES[zone] ?? [zone.split("/").at(-1).replace("_", " ")];
  return (S.as.locale ?? "").startsWith("zh") ? chinese ?? english : english;
}

/** Draw the bar into `root`. */
export function drawTopbar(root) {
  if (!S.as) return;
  const people = S.boot.users.filter((user) => !user.is_bot);
  const zones = [...new Set(people.map((user) => user.tz))].slice(0, 3);
  reconcile(root, [
    { key: "menu", sig: t("open_menu"), build: () => iconButton("menu", t("open_menu"), toggleSidebar, "menu-button") },
    { key: "badge", sig: t("simulated"), build: () => el("span", { class: "simulated", title: t("simulated_hint") }, t("simulated")) },
    { key: "clocks", sig: JSON.stringify([zones, S.as.tz, S.as.locale]), build: () => clocks(zones) },
    { key: "speed", sig: `${speed()}${S.as.locale}`, build: () => el("span", { class: "speed" }, icon("clock"), speed() === 1 ? t("real_time") : t("times_faster", Math.round(speed() * 10) / 10)) },
    { key: "line", sig: `${S.online}${S.as.locale}`, build: () => el("span", { class: "offline", role: "status" }, S.online ? "" : t("offline")) },
    { key: "as", sig: JSON.stringify(S.as), build: () => actAs(people) },
  ]);
}

function toggleSidebar() {
  document.body.classList.toggle("with-sidebar");
}

function clocks(zones) {
  return el("div", { class: "clocks", role: "group" }, zones.map((zone) => el("span", { class: `clock${zone === S.as.tz ? " mine" : ""}` },
    el("span", { class: "city" }, city(zone)), el("time", { data: { zone } }))));
}

function actAs(people) {
  const node = el("button", {
    type: "button", class: "act-as", "aria-haspopup": "menu", "aria-expanded": "false", data: { focus: "act-as" },
    "aria-label": `${t("act_as")}: ${S.as.real_name}, ${S.as.title}`, on: { click: open },
  },
  avatar({ name: S.as.real_name, color: S.as.color }),
  el("span", { class: "act-words" }, el("span", { class: "hint" }, t("act_as")), el("strong", {}, S.as.real_name), el("span", { class: "act-title" }, S.as.title)),
  el("time", { data: { zone: S.as.tz } }), icon("down"));

  function open() {
    openList(node, {
      label: t("act_as"), menu: true,
      items: people.map((user) => ({
        label: user.real_name, note: `${user.title ? `${user.title} · ` : ""}${city(user.tz)} ${timeIn(user.tz)}`,
        icon: avatar({ name: user.real_name, color: user.color }), pick: () => become(user.id).catch((why) => tell({ error: why.message })),
      })),
    });
  }
  return node;
}

function timeIn(zone) {
  const who = { tz: zone, locale: S.as.locale };
  return dayOf(now(), who) === dayOf(now(), S.as) ? clockTime(now(), who) : weekdayAndTime(now(), who);
}

/** Move all clocks on; called each second, it touches only text that changed. */
export function tick() {
  if (!S.as) return;
  for (const node of document.querySelectorAll("#topbar time[data-zone]")) {
    const text = timeIn(node.dataset.zone);
    if (node.textContent !== text) node.textContent = text;
  }
}
