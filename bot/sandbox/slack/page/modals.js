// Modals: a stack of which the top one shows. Slack's rules for required fields, errors, keeping
// what was typed, and closing: docs.slack.dev/surfaces/modals.

import { el, iconButton, reconcile, trapTab } from "./dom.js";
import { closeList } from "./picker.js";
import { entryOf, forget, isEmpty, stateOf, surfaceOf } from "./inputs.js";
import { drawBlocks } from "./render_blocks.js";
import { plainString } from "./render_mrkdwn.js";
import { act, S } from "./store.js";
import { t } from "./texts.js";
import { avatar } from "./messages.js";

let shown = null; // {view, layer, parts, surface, returnTo}
let faults = {}; // of the shown view: block_id -> text, found here before sending
let trouble = ""; // what Slack says when the app did not answer
let busy = false;

/** Show the top modal of the acting person, or none. */
export function drawModals() {
  if (!S.state) return;
  const stack = S.state.modals;
  const view = stack.at(-1);
  const returnTo = shown?.returnTo ?? remembered(document.activeElement);
  const isOther = shown?.view.id !== view?.id;
  if (shown && isOther) leave(stack);
  document.getElementById("page").inert = Boolean(view);
  if (view) {
    if (isOther) enter(view, returnTo);
    fill(view, stack);
    if (isOther) focusFirst();
  } else if (isOther) giveFocusBack(returnTo);
}

function enter(view, returnTo) {
  closeList(false);
  const body = el("div", { class: "dialog-body blocks" });
  const head = el("div", { class: "dialog-head" });
  const foot = el("div", { class: "dialog-foot" });
  const note = el("div", { class: "dialog-trouble", role: "alert" });
  const box = el("div", { class: "dialog modal", role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title", tabindex: "-1" }, head, body, note, foot);
  const layer = el("div", { class: "layer", on: { keydown: onKey } }, box);
  shown = { view, layer, returnTo, parts: { box, head, body, foot, note } };
  faults = {};
  trouble = "";
  busy = false;
  document.body.append(layer);
}

function leave(stack) {
  const { layer, view } = shown;
  shown = null;
  layer.remove();
  if (!stack.some((one) => one.id === view.id)) forget(`v:${view.id}`);
}

/** The element that has the focus, and its name in case it is drawn anew meanwhile. */
function remembered(node) {
  return { node, name: node?.dataset?.focus };
}

function giveFocusBack({ node, name }) {
  const heir = node?.isConnected ? node : name && document.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  heir?.focus?.({ preventScroll: true });
}

function fill(view, stack) {
  const { head, body, foot, note, box } = shown.parts;
  const loading = Boolean(busy || view.loading);
  shown.view = view;
  shown.surface = surfaceOf(`v:${view.id}`, { view_id: view.id }, view.blocks, view.state?.values);
  box.setAttribute("aria-busy", String(loading));
  redo(head, JSON.stringify([view.title, stack.length]), () => headParts(view, stack));
  drawBlocks(body, view.blocks, shown.surface, { ...view.errors, ...faults });
  note.textContent = trouble;
  redo(foot, JSON.stringify([view.submit, view.close, loading, S.as.locale]), () => footParts(view, loading));
}

function redo(parent, sig, build) {
  reconcile(parent, [{ key: "all", sig, build: () => el("div", { class: "dialog-row" }, build()) }]);
}

function headParts(view, stack) {
  const back = stack.length > 1 ? iconButton("back", t("step_back"), close) : avatar({ name: "", bot: true });
  return [back, el("h2", { id: "modal-title" }, plainString(view.title?.text ?? "")), iconButton("close", t("close"), close)];
}

function footParts(view, loading) {
  const needsSubmit = view.submit || view.blocks.some((block) => block.type === "input");
  const shut = el("button", { type: "button", class: "button", data: { focus: "modal-close" }, on: { click: close } }, plainString(view.close?.text ?? t("close")));
  const submit = needsSubmit && el("button", {
    type: "button", class: "button primary", "aria-busy": loading ? "true" : undefined, data: { focus: "modal-submit" }, on: { click: send },
  }, plainString(view.submit?.text ?? t("send")));
  return submit ? [shut, submit] : [shut];
}

function focusFirst() {
  const { body, box } = shown.parts;
  const first = body.querySelector("[data-autofocus]") ?? body.querySelector("input, textarea, select, .select, .button");
  (first ?? box).focus({ preventScroll: true });
}

function onKey(event) {
  if (event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
  else trapTab(shown.parts.box, event);
}

function close() {
  return act("close", { view_id: shown.view.id });
}

/** Check as Slack's client does, then hand the values to the app. */
async function send() {
  const { view, surface } = shown;
  if (busy || view.loading) return;
  faults = faultsOf(view, surface);
  trouble = "";
  busy = !Object.keys(faults).length;
  drawModals();
  if (!busy) {
    shown.parts.body.querySelector("[aria-invalid='true']")?.focus();
    return;
  }
  const answer = await act("submit", { view_id: view.id, state: stateOf(surface) }, true);
  if (shown?.view.id !== view.id) return;
  busy = false;
  trouble = answer.ok ? "" : answer.error ?? "";
  drawModals();
}

function faultsOf(view, surface) {
  const found = {};
  for (const block of view.blocks.filter((one) => one.type === "input")) {
    const entry = entryOf(surface, block, block.element);
    const size = entry.value?.length ?? 0;
    if (!block.optional && isEmpty(entry)) found[block.block_id] = t("required");
    else if (block.element.max_length && size > block.element.max_length) found[block.block_id] = t("too_long", block.element.max_length, size);
    else if (block.element.min_length && size && size < block.element.min_length) found[block.block_id] = t("too_short", block.element.min_length);
  }
  return found;
}
