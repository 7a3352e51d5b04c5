// The box in which people write: Enter sends, "/" suggests commands, "@" suggests people, the
// lightning opens the app's global shortcuts. Escaping and @names are the server's work.

import { el, icon, iconButton, reconcile } from "./dom.js";
import { openList } from "./picker.js";
import { act, S } from "./store.js";
import { t } from "./texts.js";

/** A composer; `where()` says {channel, thread_ts?} at the moment of sending. */
export function composer(label, where) {
  const id = `suggest-${label}`;
  const box = el("div", { class: "suggest", role: "listbox", id, hidden: true });
  const area = el("textarea", {
    rows: 1, class: "composer-text", "aria-label": label, role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false",
    data: { focus: id }, on: { input: onInput, keydown: onKey, blur: () => setTimeout(hide, 150) },
  });
  const bar = el("div", { class: "composer-bar" });
  const look = { items: [], at: 0 };
  const root = el("div", { class: "composer" }, box, area, bar);
  root.relabel = (text) => {
    area.placeholder = text;
    area.setAttribute("aria-label", text);
    reconcile(bar, [{ key: "bar", sig: S.as.locale, build: () => barOf(send) }]);
  };
  root.focusText = () => area.focus({ preventScroll: true });
  root.type = (text) => {
    area.value = text;
    area.focus();
    onInput();
  };
  return root;

  function onInput() {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
    suggest(suggestions(area.value.slice(0, area.selectionStart)));
  }

  function suggest({ items, group }) {
    look.items = items;
    look.at = 0;
    box.hidden = !items.length;
    area.setAttribute("aria-expanded", String(Boolean(items.length)));
    box.setAttribute("aria-label", group);
    box.replaceChildren(el("div", { class: "list-group", role: "presentation" }, group), ...items.map((item, index) => el("div", {
      class: "list-item", role: "option", id: `${id}-${index}`, on: { pointerdown: (event) => { event.preventDefault(); take(index); } },
    }, el("span", { class: "list-label" }, item.label, el("span", { class: "list-hint" }, item.hint), el("span", { class: "list-note" }, item.note)))));
    mark(0);
  }

  function mark(index) {
    look.at = index;
    box.querySelectorAll(".list-item").forEach((node, at) => {
      node.classList.toggle("at", at === index);
      node.setAttribute("aria-selected", String(at === index));
    });
    area.setAttribute("aria-activedescendant", look.items.length ? `${id}-${index}` : "");
    box.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  function hide() {
    look.items = [];
    box.hidden = true;
    area.setAttribute("aria-expanded", "false");
  }

  function take(index) {
    const { insert, from } = look.items[index];
    const rest = area.value.slice(area.selectionStart);
    area.value = `${area.value.slice(0, from)}${insert} ${rest}`;
    area.setSelectionRange(from + insert.length + 1, from + insert.length + 1);
    hide();
    area.focus();
  }

  function onKey(event) {
    if (event.isComposing) return;
    if (look.items.length && onSuggestKey(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  }

  function onSuggestKey(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key]) mark((look.at + moves[event.key] + look.items.length) % look.items.length);
    else if (event.key === "Tab" || (event.key === "Enter" && area.value.trim() !== look.items[look.at].insert)) take(look.at);
    else if (event.key === "Escape") hide();
    else return false;
    event.stopPropagation();
    return true;
  }

  async function send() {
    const text = area.value.trim();
    if (!text) return;
    const sent = await act(text.startsWith("/") ? "command" : "message", { ...where(), text });
    if (sent.ok) area.value = "";
    hide();
    area.style.height = "auto";
  }
}

function barOf(send) {
  const bolt = iconButton("bolt", t("shortcuts"), () => openList(bolt, { items: shortcutItems(), label: t("shortcuts"), menu: true, filter: true }));
  bolt.setAttribute("aria-haspopup", "menu");
  return el("div", { class: "composer-row" }, bolt, el("span", { class: "hint" }, t("composer_hint")), iconButton("send", t("send"), send, "send"));
}

function suggestions(before) {
  if (/^\/\S*$/.test(before)) return { group: t("commands"), items: commandItems(before) };
  const at = /(?:^|\s)@([^\s@]*)$/.exec(before);
  if (at) return { group: t("people"), items: peopleItems(at[1], before.length - at[1].length - 1) };
  return { group: "", items: [] };
}

function commandItems(typed) {
  return S.state.commands.filter((one) => one.command.startsWith(typed))
    .map((one) => ({ label: one.command, hint: one.usage_hint, note: one.description, insert: one.command, from: 0 }));
}

function peopleItems(typed, from) {
  const starts = (text) => text.toLowerCase().startsWith(typed.toLowerCase());
  return S.boot.users.filter((user) => starts(user.name) || user.real_name.split(" ").some(starts))
    .map((user) => ({ label: user.real_name, hint: user.name, note: user.title, insert: `@${user.name}`, from }));
}

function shortcutItems() {
  return S.state.shortcuts.global.map((one) => ({
    label: one.name, note: S.state.apps[0]?.name, icon: icon("bolt"), pick: () => act("shortcut", { callback_id: one.callback_id }),
  }));
}
