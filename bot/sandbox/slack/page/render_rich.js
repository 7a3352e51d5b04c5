// rich_text, table and data_table blocks. Fields: docs.slack.dev/reference/block-kit/blocks.

import { dateNode, broadcast, channelMention, link, plainString, userMention } from "./render_mrkdwn.js";
import { el, icon } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { t } from "./texts.js";

const INLINE = {
  text: (one) => el("span", {}, lines(one.text)),
  link: (one) => link(one.url, one.text || one.url),
  user: (one) => userMention(one.user_id),
  channel: (one) => channelMention(one.channel_id),
  usergroup: () => el("span", { class: "mention me" }, "@group"),
  broadcast: (one) => broadcast(one.range),
  emoji: (one) => el("span", { class: "emoji", title: `:${one.name}:` }, EMOJI[one.name] ?? `:${one.name}:`),
  date: (one) => dateNode(one.timestamp, one.format, one.fallback ?? "", one.url),
  color: (one) => el("code", {}, one.value),
};

const STYLES = { bold: "strong", italic: "em", strike: "del", code: "code" };

function lines(text) {
  return String(text ?? "").split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

function inlines(elements = []) {
  return elements.map((one) => {
    const node = INLINE[one.type]?.(one) ?? el("span", {}, one.text ?? "");
    return Object.entries(STYLES).reduce((inner, [style, tag]) => (one.style?.[style] ? el(tag, {}, inner) : inner), node);
  });
}

const PARTS = {
  rich_text_section: (part) => el("div", { class: "rich-section" }, inlines(part.elements)),
  rich_text_quote: (part) => el("blockquote", {}, inlines(part.elements)),
  rich_text_preformatted: (part) => el("pre", {}, inlines(part.elements)),
  rich_text_list: (part) => {
    const cls = `rich-list indent-${Math.min(part.indent ?? 0, 6)}`;
    const list = el(part.style === "ordered" ? "ol" : "ul", { start: part.offset ? part.offset + 1 : undefined, class: cls });
    list.append(...(part.elements ?? []).map((item) => el("li", {}, inlines(item.elements))));
    return list;
  },
};

export function richText(block) {
  return el("div", { class: "rich" }, (block.elements ?? []).map((part) => PARTS[part.type]?.(part)));
}

function cellContent(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  return plainString(String(cell?.text ?? cell?.value ?? ""));
}

function cellKey(cell) {
  if (cell?.type === "raw_number") return Number(cell.value);
  const text = cell?.type === "rich_text" ? richText(cell).textContent : String(cell?.text ?? "");
  return text.toLowerCase();
}

function cellNode(cell, header, setting = {}) {
  const align = setting.align ?? (cell?.type === "raw_number" ? "right" : "left");
  return el(header ? "th" : "td", { class: `align-${align}${setting.is_wrapped ? " wrapped" : ""}`, ...(header && { scope: header }) }, cellContent(cell));
}

/** The plain table block: the first row is its head. */
export function table(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  return el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": head.map((cell) => cellNode(cell).textContent).join(", ") },
    el("table", {},
      el("thead", {}, el("tr", {}, head.map((cell, index) => cellNode(cell, "col", settings[index] ?? {})))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, index) => cellNode(cell, "", settings[index] ?? {})))))));
}

/** data_table: a caption, columns that sort, pages of `page_size` rows. */
export function dataTable(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const look = { rows, page: 0, size: block.page_size ?? 5, column: -1, down: false };
  const body = el("tbody");
  const foot = el("div", { class: "table-foot" });
  const heads = head.map((cell, index) => el("th", { scope: "col", class: rows[0]?.[index]?.type === "raw_number" ? "align-right" : "" },
    el("button", { type: "button", class: "sort", on: { click: () => sortBy(index) } }, cellContent(cell))));

  function sortBy(index) {
    look.down = look.column === index && !look.down;
    look.column = index;
    const order = look.down ? -1 : 1;
    look.rows = [...rows].sort((a, b) => order * compare(cellKey(a[index]), cellKey(b[index])));
    look.page = 0;
    draw();
  }

  function draw() {
    const from = look.page * look.size;
    const shown = look.rows.slice(from, from + look.size);
    const lead = block.row_header_column_index ?? 0;
    heads.forEach((node, index) => node.setAttribute("aria-sort", index === look.column ? (look.down ? "descending" : "ascending") : "none"));
    body.replaceChildren(...shown.map((row) => el("tr", {}, row.map((cell, index) => cellNode(cell, index === lead ? "row" : "")))));
    foot.replaceChildren();
    if (rows.length > look.size) foot.append(turn("back", -1), t("page_of", from + 1, from + shown.length, rows.length), turn("right", 1));
  }

  function turn(name, step) {
    const next = look.page + step;
    const label = step < 0 ? t("before") : t("after");
    return el("button", {
      type: "button", class: "icon-button", "aria-label": label, title: label, disabled: next < 0 || next * look.size >= rows.length,
      on: { click: () => { look.page = next; draw(); } },
    }, icon(name));
  }

  draw();
  return el("div", { class: "data-table" },
    el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": block.caption },
      el("table", {}, el("caption", {}, plainString(block.caption ?? "")), el("thead", {}, el("tr", {}, heads)), body)), foot);
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
