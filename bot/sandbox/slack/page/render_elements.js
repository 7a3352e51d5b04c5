// Block elements: what people click, choose and type into. Each builder gets the block, the element
// and the surface, and sends Slack's own action payload when the element dispatches.

import { epochOf, wallOf } from "./clock.js";
import { el, icon } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { fileInput } from "./files.js";
import { entryOf, setEntry, stateOf } from "./inputs.js";
import { followLink } from "./links.js";
import { openList } from "./picker.js";
import { plainString, textObject } from "./render_mrkdwn.js";
import { act, S } from "./store.js";
import { t } from "./texts.js";

const BUILD = {
  button, overflow, image, file_input: fileInput,
  static_select: select, external_select: select, users_select: select, channels_select: select, conversations_select: select,
  multi_static_select: select, multi_external_select: select, multi_users_select: select,
  radio_buttons: choices, checkboxes: choices,
  datepicker: moment, timepicker: moment, datetimepicker: moment,
  plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput, number_input: textInput,
};

export function element(block, one, surface) {
  const build = BUILD[one.type];
  return build ? build(block, one, surface) : el("span", { class: "unknown" }, t("unknown_block", one.type));
}

function focusName(block, one) {
  return `${block.block_id}/${one.action_id}`;
}

async function send(block, one, surface, action, node) {
  if (one.confirm && !(await confirmed(one.confirm))) return;
  node?.setAttribute("aria-busy", "true");
  await act("action", {
    ...surface.where, block_id: block.block_id, action_id: one.action_id,
    action: { ...action, type: one.type }, state: stateOf(surface),
  });
  node?.removeAttribute("aria-busy");
}

/** Keep a new value, and tell the app where Slack would: always, except in inputs that don't ask for it. */
function chosen(block, one, surface, part, node) {
  setEntry(surface, block, one, part);
  if (block.type !== "input" || block.dispatch_action) return send(block, one, surface, part, node);
  return undefined;
}

function button(block, one, surface) {
  const onClick = (event) => {
    if (node.getAttribute("aria-busy")) return;
    if (one.url) openUrl(event, one.url);
    send(block, one, surface, { text: one.text, value: one.value }, node);
  };
  const node = el("button", {
    type: "button", class: `button ${one.style ?? ""}`, "aria-label": one.accessibility_label,
    data: { focus: focusName(block, one), action: one.action_id }, on: { click: onClick },
  }, textObject(one.text), one.url && el("span", { class: "outside", "aria-hidden": "true" }, "↗"));
  return node;
}

function openUrl(event, url) {
  followLink(event, url);
  if (!event.defaultPrevented && /^https?:/i.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}

function overflow(block, one, surface) {
  const items = one.options.map((option) => ({
    label: plainString(option.text.text), note: option.description && plainString(option.description.text),
    pick: () => send(block, one, surface, { selected_option: option }, node),
  }));
  const node = el("button", {
    type: "button", class: "button square", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": t("more_actions"),
    data: { focus: focusName(block, one), action: one.action_id }, on: { click: () => openList(node, { items, label: t("more_actions"), menu: true }) },
  }, icon("dots"));
  return node;
}

/** A picture; only pictures of this server are loaded. */
export function image(_block, one) {
  const address = one.image_url ?? one.slack_file?.url ?? (one.slack_file?.id && `/files/${one.slack_file.id}/image`);
  const here = address && new URL(address, location.href).origin === location.origin;
  if (!here) return el("span", { class: "image-outside", role: "img", "aria-label": one.alt_text }, t("image_outside", one.alt_text ?? ""));
  return el("img", { src: address, alt: one.alt_text ?? "", loading: "lazy" });
}

const SINGLE = {
  users_select: { field: "selected_user", source: people }, channels_select: { field: "selected_channel", source: channels },
  conversations_select: { field: "selected_conversation", source: channels },
};

function people() {
  return S.boot.users.filter((user) => !user.is_bot).map((user) => ({ key: user.id, label: user.real_name, note: user.title }));
}

function channels() {
  return S.state.channels.map((channel) => ({ key: channel.id, label: `#${channel.name}` }));
}

function optionItem(option, group) {
  const note = option.description && plainString(option.description.text);
  return { key: option.value, label: plainString(option.text.text), note, group: group && plainString(group.label.text), option };
}

function flatOptions(one) {
  return (one.option_groups ?? [{ options: one.options ?? [] }]).flatMap((group) => group.options.map((option) => optionItem(option, group.label && group)));
}

async function loaded(block, one, surface, value) {
  const answer = await act("options", { ...surface.where, block_id: block.block_id, action_id: one.action_id, value });
  return flatOptions(answer);
}

/** How one kind of select reads and writes its entry; plural kinds hold a list. */
function bindingOf(one) {
  const many = one.type.startsWith("multi_");
  const kind = one.type.replace("multi_", "");
  const single = SINGLE[kind];
  const field = (single?.field ?? "selected_option") + (many ? "s" : "");
  const keyOf = (value) => (single ? value : value.value);
  return { many, field, source: single?.source, valueOf: (item) => (single ? item.key : item.option), keyOf };
}

function select(block, one, surface) {
  const bind = bindingOf(one);
  const label = plainString(block.label?.text ?? one.placeholder?.text ?? t("pick"));
  const shown = el("span", { class: "select-value" });
  const node = el("button", {
    type: "button", class: "select", "aria-haspopup": "listbox", "aria-expanded": "false",
    data: { focus: focusName(block, one), action: one.action_id, autofocus: one.focus_on_load ? "1" : undefined },
    on: { click: open },
  }, shown, icon("down"));
  const current = () => [entryOf(surface, block, one)[bind.field] ?? []].flat();
  paint();

  function paint() {
    const texts = current().map((value) => (bind.source ? bind.source().find((item) => item.key === value)?.label ?? value : plainString(value.text.text)));
    shown.textContent = texts.join(", ") || plainString(one.placeholder?.text ?? t(bind.source === people ? "pick_user" : "pick"));
    node.classList.toggle("unset", !texts.length);
    node.setAttribute("aria-label", texts.length ? `${label}: ${texts.join(", ")}` : label);
  }

  function open() {
    const keys = current().map(bind.keyOf);
    const ready = (items) => items.map((item) => ({ ...item, chosen: keys.includes(item.key), pick: () => take(item) }));
    if (one.type.endsWith("external_select")) openList(node, { label, load: async (typed) => ready(await loaded(block, one, surface, typed)) });
    else openList(node, { label, filter: true, items: ready(bind.source ? bind.source() : flatOptions(one)) });
  }

  function take(item) {
    const value = bind.valueOf(item);
    const rest = current().filter((other) => bind.keyOf(other) !== item.key);
    const next = bind.many ? (rest.length === current().length ? [...rest, value] : rest) : value;
    const sent = chosen(block, one, surface, { [bind.field]: next }, node);
    paint();
    return sent;
  }
  return node;
}


function choices(block, one, surface) {
  const many = one.type === "checkboxes";
  const name = `${surface.key}/${focusName(block, one)}`;
  const entry = entryOf(surface, block, one);
  const taken = new Set([many ? entry.selected_options : entry.selected_option ?? []].flat().map((option) => option.value));
  const box = el("fieldset", { class: "choices", "aria-label": plainString(block.label?.text ?? "") || undefined, on: { change: onChange } },
    one.options.map((option, index) => el("label", { class: "choice" },
      el("input", { type: many ? "checkbox" : "radio", name, checked: taken.has(option.value), data: { index, focus: `${focusName(block, one)}/${index}` } }),
      el("span", {}, textObject(option.text), option.description && el("span", { class: "hint" }, textObject(option.description))))));

  function onChange() {
    const picked = [...box.querySelectorAll("input")].filter((input) => input.checked).map((input) => one.options[Number(input.dataset.index)]);
    chosen(block, one, surface, many ? { selected_options: picked } : { selected_option: picked[0] ?? null });
  }
  return box;
}


const MOMENTS = {
  datepicker: { input: "date", field: "selected_date", read: (value) => value, write: (value) => value },
  timepicker: { input: "time", field: "selected_time", read: (value) => value, write: (value) => value },
  datetimepicker: {
    input: "datetime-local", field: "selected_date_time",
    read: (value) => wallOf(value, S.as.tz), write: (value) => epochOf(value, S.as.tz),
  },
};

function moment(block, one, surface) {
  const kind = MOMENTS[one.type];
  const value = entryOf(surface, block, one)[kind.field];
  const node = el("input", {
    type: kind.input, class: "moment", value: value === null ? "" : kind.read(value),
    "aria-label": plainString(block.label?.text ?? one.placeholder?.text ?? "") || one.type,
    data: { focus: focusName(block, one), action: one.action_id },
    on: { change: () => chosen(block, one, surface, { [kind.field]: node.value ? kind.write(node.value) : null }) },
  });
  if (one.type === "datepicker") return node;
  return el("span", { class: "moment-box" }, node, el("span", { class: "hint" }, one.timezone ?? S.as.tz_label ?? S.as.tz));
}


function textInput(block, one, surface) {
  const on = one.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const counter = one.max_length ? el("span", { class: "counter", "aria-live": "polite" }) : null;
  const node = el(one.multiline ? "textarea" : "input", {
    ...(one.multiline ? { rows: 6 } : { type: one.type === "number_input" ? "number" : "text" }),
    class: "text-input", value: entryOf(surface, block, one).value ?? "", placeholder: plainString(one.placeholder?.text ?? ""), autocomplete: "off",
    "aria-label": plainString(block.label?.text ?? ""),
    data: { focus: focusName(block, one), action: one.action_id, autofocus: one.focus_on_load ? "1" : undefined },
    on: { input: onInput, keydown: onKey },
  });
  const tell = () => block.dispatch_action && send(block, one, surface, { value: node.value });
  count();

  function count() {
    if (!counter) return;
    counter.textContent = `${node.value.length} / ${one.max_length}`;
    counter.classList.toggle("over", node.value.length > one.max_length);
  }

  function onInput() {
    setEntry(surface, block, one, { value: node.value || null });
    count();
    if (on.includes("on_character_entered")) tell();
  }

  function onKey(event) {
    if (event.key !== "Enter" || one.multiline || event.isComposing) return;
    event.preventDefault();
    if (on.includes("on_enter_pressed")) tell();
  }
  return counter ? el("div", { class: "counted" }, node, counter) : node;
}
