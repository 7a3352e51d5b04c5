// Block Kit blocks as elements. Fields: docs.slack.dev/reference/block-kit/blocks.

import { el, icon, reconcile } from "./dom.js";
import { element, image } from "./render_elements.js";
import { markdown } from "./render_markdown.js";
import { plainString, textObject } from "./render_mrkdwn.js";
import { dataTable, richText, table } from "./render_rich.js";
import { t } from "./texts.js";

const BUILD = {
  header: (block) => el("h3", { class: "block-header" }, textObject(block.text)),
  divider: () => el("hr"),
  section, context, input, alert, container, card,
  actions: (block, surface) => el("div", { class: "block-actions", role: "group" }, block.elements.map((one) => element(block, one, surface))),
  context_actions: (block, surface) => BUILD.actions(block, surface),
  image: imageBlock,
  rich_text: (block) => richText(block),
  table: (block) => table(block),
  data_table: (block) => dataTable(block),
  markdown: (block) => markdown(block),
  carousel: (block, surface) => el("div", { class: "carousel" }, block.elements.map((one) => card(one, surface))),
};

/** Draw `blocks` into `parent`; a block that did not change keeps its elements. `errors` by block_id. */
export function drawBlocks(parent, blocks, surface, errors = {}) {
  const seen = new Map();
  return reconcile(parent, blocks.map((block, index) => {
    const name = block.block_id ?? `at-${index}`;
    const twin = seen.get(name) ?? 0; // a server that lets equal block_ids through must not break the page
    seen.set(name, twin + 1);
    const error = errors[block.block_id];
    return { key: `${name}#${twin}`, sig: JSON.stringify([block, error]), build: () => blockNode(block, surface, error) };
  }));
}

function blockNode(block, surface, error) {
  const build = BUILD[block.type];
  const node = build ? build(block, surface, error) : el("p", { class: "unknown" }, t("unknown_block", block.type));
  node.classList.add("block");
  node.dataset.block = block.block_id ?? "";
  return node;
}

function section(block, surface) {
  const text = block.text && el("div", { class: "section-text" }, textObject(block.text));
  const fields = block.fields && el("div", { class: "fields" }, block.fields.map((field) => el("div", { class: "field" }, textObject(field))));
  const side = block.accessory && el("div", { class: `accessory accessory-${block.accessory.type}` }, element(block, block.accessory, surface));
  const main = el("div", { class: "section-main" }, text && (block.expand ? text : folded(text, block.text.text)), fields);
  return el("div", { class: "block-section" }, main, side);
}

/** Slack folds long section texts behind "Show more". */
function folded(node, source) {
  if (source.length < 700 && source.split("\n").length <= 12) return node;
  node.classList.add("folded");
  const more = el("button", {
    type: "button", class: "link-button", "aria-expanded": "false",
    on: { click: () => {
      const open = !node.classList.toggle("folded");
      more.textContent = t(open ? "show_less" : "show_more");
      more.setAttribute("aria-expanded", String(open));
    } },
  }, t("show_more"));
  return el("div", {}, node, more);
}

function context(block, surface) {
  return el("div", { class: "block-context" }, block.elements.map((one) => (
    one.type === "image" ? element(block, one, surface) : el("span", { class: "context-text" }, textObject(one)))));
}

function imageBlock(block, surface) {
  const title = block.title && el("figcaption", {}, textObject(block.title));
  return el("figure", { class: "block-image" }, title, image(block, block, surface));
}

function input(block, surface, error) {
  const one = block.element;
  const id = `error-${block.block_id}`;
  const control = element(block, one, surface);
  if (error) for (const node of [control, ...control.querySelectorAll("*")].filter((one) => one.matches("input, textarea, button"))) {
    node.setAttribute("aria-invalid", "true");
    node.setAttribute("aria-describedby", id);
  }
  return el("div", { class: `block-input${error ? " wrong" : ""}` },
    el("div", { class: "label" }, textObject(block.label), block.optional && el("span", { class: "optional" }, ` ${t("optional")}`)),
    control,
    error && el("p", { class: "field-error", id, role: "alert" }, error),
    block.hint && el("p", { class: "hint" }, textObject(block.hint)));
}

const ALERT_ICON = { error: "close", warning: "flag", success: "check", info: "bell", default: "bell" };

function alert(block) {
  const level = ALERT_ICON[block.level] ? block.level : "default";
  return el("div", { class: `block-alert ${level}`, role: level === "error" ? "alert" : "status" }, icon(ALERT_ICON[level]), el("div", {}, textObject(block.text)));
}

function container(block, surface) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : el("span", {}, textObject(block.title));
  const subtitle = block.subtitle && el("span", { class: "hint" }, textObject(block.subtitle));
  const head = [block.icon && image(block, block.icon), el("span", { class: "container-title" }, title, subtitle)];
  const inside = el("div", { class: "container-body" });
  drawBlocks(inside, block.child_blocks ?? [], surface);
  const cls = `block-container ${block.width ?? "standard"}${block.has_header_divider ? " ruled" : ""}`;
  if (!block.is_collapsible) return el("div", { class: cls }, el("div", { class: "container-head" }, head), inside);
  return el("details", { class: cls, open: !block.default_collapsed }, el("summary", { class: "container-head" }, icon("right"), head), inside);
}

function card(block, surface) {
  return el("div", { class: "block-card" },
    block.hero_image && el("div", { class: "card-hero" }, image(block, block.hero_image)),
    el("div", { class: "card-body" },
      block.title && el("strong", {}, textObject(block.title)), block.subtitle && el("span", { class: "hint" }, textObject(block.subtitle)),
      block.body && el("div", {}, textObject(block.body)),
      block.actions && el("div", { class: "block-actions" }, block.actions.map((one) => element(block, one, surface)))));
}

/** The words of blocks, for labels: the first header or section text. */
export function firstWords(blocks = []) {
  const block = blocks.find((one) => one.text?.text);
  return block ? plainString(block.text.text) : "";
}
