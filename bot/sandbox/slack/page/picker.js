// Lists that float above the page: menus (overflow, shortcuts, more actions) and the listboxes of
// selects. One list is open at a time; arrows, Enter, Escape and typing work in all of them.

import { el, refill } from "./dom.js";
import { t } from "./texts.js";

let open = null;
let serial = 0;

export function closeList(refocus = true) {
  if (!open) return;
  const { box, anchor } = open;
  open = null;
  box.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus) anchor.focus({ preventScroll: true });
}

/**
 * Open a list under `anchor`. Items are {label, note?, group?, danger?, pick}. With `load` (text ->
 * promise of items) each typed text asks again; else `filter` narrows the given items.
 */
export function openList(anchor, { items = [], load, filter = false, label, menu = false }) {
  const again = open?.anchor === anchor;
  closeList(false);
  if (again) return;
  const list = el("div", { role: menu ? "menu" : "listbox", "aria-label": label, class: "list-items", id: `list-${(serial += 1)}`, tabindex: "-1" });
  const search = (filter || load) && el("input", {
    type: "text", class: "list-search", placeholder: t("search"), "aria-label": `${t("search")}: ${label}`,
    role: "combobox", "aria-expanded": "true", "aria-controls": list.id, "aria-autocomplete": "list", autocomplete: "off",
  });
  const box = el("div", { class: menu ? "list menu" : "list" }, search, list);
  open = { box, anchor, list, search, menu, shown: [], at: menu ? -1 : 0 };
  anchor.setAttribute("aria-expanded", "true");
  (anchor.closest("[role='dialog']") ?? document.body).append(box);
  box.addEventListener("keydown", onKey);
  const mine = open;
  const narrow = async () => {
    const typed = search ? search.value.trim() : "";
    if (load) refill(list, el("div", { class: "list-none" }, t("loading")));
    const found = load ? await load(typed) : items.filter((item) => String(item.label).toLowerCase().includes(typed.toLowerCase()));
    if (open === mine && (!search || search.value.trim() === typed)) show(found);
  };
  search?.addEventListener("input", narrow);
  if (load) narrow();
  else show(items);
  (search || list).focus({ preventScroll: true });
}

function show(items) {
  const { list, menu } = open;
  open.shown = items;
  open.at = menu ? -1 : Math.max(0, items.findIndex((item) => item.chosen));
  let group;
  const rows = items.flatMap((item, index) => {
    const head = item.group && item.group !== group ? el("div", { class: "list-group", role: "presentation" }, item.group) : null;
    group = item.group;
    return [head, row(item, index)];
  });
  refill(list, rows.length ? rows : el("div", { class: "list-none" }, t("no_match")));
  place();
  mark(open.at);
}

function row(item, index) {
  return el("div", {
    class: `list-item${item.danger ? " danger" : ""}`, role: open.menu ? "menuitem" : "option", id: `${open.list.id}-${index}`,
    "aria-selected": open.menu ? undefined : String(Boolean(item.chosen)), data: { index },
    on: { click: () => pick(index), mousemove: () => open?.at !== index && mark(index) },
  }, item.icon, el("span", { class: "list-label" }, item.label, item.note && el("span", { class: "list-note" }, item.note)));
}

function pick(index) {
  const item = open.shown[index];
  closeList();
  item?.pick();
}

function mark(index) {
  open.at = index;
  for (const node of open.list.querySelectorAll(".list-item")) node.classList.toggle("at", Number(node.dataset.index) === index);
  const id = index >= 0 ? `${open.list.id}-${index}` : "";
  (open.search || open.list).setAttribute("aria-activedescendant", id);
  open.list.querySelector(".at")?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const count = open.shown.length;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (moves[event.key] && count) mark((open.at + moves[event.key] + count + (open.at < 0 && event.key === "ArrowUp" ? 1 : 0)) % count);
  else if (event.key === "Enter" || (event.key === " " && !open.search)) pick(Math.max(open.at, 0));
  else if (event.key === "Escape" || event.key === "Tab") closeList();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function place() {
  const { box, anchor } = open;
  const at = anchor.getBoundingClientRect();
  const width = Math.min(Math.max(at.width, 240), innerWidth - 16);
  box.style.minWidth = `${Math.min(width, 420)}px`;
  const left = Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8));
  const below = innerHeight - at.bottom;
  box.style.left = `${left}px`;
  if (below < 260 && at.top > below) Object.assign(box.style, { top: "auto", bottom: `${innerHeight - at.top + 4}px`, maxHeight: `${Math.min(360, at.top - 12)}px` });
  else Object.assign(box.style, { bottom: "auto", top: `${at.bottom + 4}px`, maxHeight: `${Math.min(360, below - 12)}px` });
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.box.contains(event.target) && !open.anchor.contains(event.target)) closeList(false);
});
addEventListener("resize", () => open && place()); // a phone's keyboard opens: stay, and move
