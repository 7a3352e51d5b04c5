// The markdown block: the standard Markdown that Slack draws in it (headings, lists, quotes, code,
// tables, emphasis, links), as elements and never as HTML.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./render_mrkdwn.js";

const INLINE = [
  [/^`([^`]+)`/, (match) => el("code", {}, match[1])],
  [/^\*\*(?=\S)(.+?)\*\*/, (match) => el("strong", {}, inline(match[1]))],
  [/^__(?=\S)(.+?)__/, (match) => el("strong", {}, inline(match[1]))],
  [/^~~(?=\S)(.+?)~~/, (match) => el("del", {}, inline(match[1]))],
  [/^\*(?=\S)(.+?)\*/, (match) => el("em", {}, inline(match[1]))],
  [/^_(?=\S)(.+?)_(?![\p{L}\p{N}])/u, (match) => el("em", {}, inline(match[1]))],
  [/^!?\[([^\]]*)\]\(([^\s)]+)\)/, (match) => link(match[2], match[1] || match[2])],
  [/^<(https?:\/\/[^>\s]+)>/, (match) => link(match[1], match[1])],
  [/^\\([\\`*_{}[\]()#+\-.!~>|])/, (match) => document.createTextNode(match[1])],
];

function inline(text) {
  const out = [];
  let held = "";
  for (let rest = text; rest;) {
    const hit = (/^[`*_~![<\\]/.test(rest) || null) && INLINE.map(([rule, build]) => [rule.exec(rest), build]).find(([match]) => match);
    if (!hit) {
      held += rest[0];
      rest = rest.slice(1);
      continue;
    }
    if (held) out.push(withEmoji(held));
    held = "";
    out.push(hit[1](hit[0]));
    rest = rest.slice(hit[0][0].length);
  }
  if (held) out.push(withEmoji(held));
  return out;
}

const KINDS = [
  { test: /^```/, build: fenced },
  { test: /^#{1,6}\s/, build: (rows) => heading(rows.shift()) },
  { test: /^(-{3,}|\*{3,}|_{3,})\s*$/, build: (rows) => (rows.shift(), el("hr")) },
  { test: /^>/, build: (rows) => el("blockquote", {}, blocks(takeWhile(rows, /^>/).map((row) => row.replace(/^>\s?/, "")))) },
  { test: /^\s*([-*+]|\d+[.)])\s/, build: list },
  { test: /^\|.*\|\s*$/, build: pipes },
];

function takeWhile(rows, rule) {
  const taken = [];
  while (rows.length && rule.test(rows[0])) taken.push(rows.shift());
  return taken;
}

function heading(row) {
  const [, marks, text] = /^(#{1,6})\s+(.*)$/.exec(row) ?? [null, "#", row];
  return el(`h${Math.min(marks.length + 2, 6)}`, {}, inline(text));
}

function fenced(rows) {
  rows.shift();
  const code = [];
  while (rows.length && !/^```/.test(rows[0])) code.push(rows.shift());
  rows.shift();
  return el("pre", {}, code.join("\n"));
}

function list(rows) {
  const ordered = /^\s*\d/.test(rows[0]);
  const items = takeWhile(rows, /^\s*([-*+]|\d+[.)])\s/).map((row) => {
    const depth = Math.min(Math.floor(/^\s*/.exec(row)[0].length / 2), 6);
    const text = row.replace(/^\s*([-*+]|\d+[.)])\s+/, "");
    const task = /^\[([ xX])\]\s/.exec(text);
    const tick = task && el("input", { type: "checkbox", disabled: true, checked: task[1] !== " " });
    return el("li", { class: `indent-${depth}` }, tick, inline(task ? text.slice(4) : text));
  });
  return el(ordered ? "ol" : "ul", {}, items);
}

function pipes(rows) {
  const cells = takeWhile(rows, /^\|.*\|\s*$/).map((row) => row.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
  const [head, ...rest] = cells;
  const body = rest.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
  return el("div", { class: "table-box" }, el("table", {},
    el("thead", {}, el("tr", {}, head.map((cell) => el("th", { scope: "col" }, inline(cell))))),
    el("tbody", {}, body.map((row) => el("tr", {}, row.map((cell) => el("td", {}, inline(cell))))))));
}

function paragraph(rows) {
  const taken = [rows.shift()];
  while (rows.length && rows[0].trim() && !KINDS.some((kind) => kind.test.test(rows[0]))) taken.push(rows.shift());
  return el("p", {}, taken.flatMap((row, index) => [index ? el("br") : null, inline(row)]));
}

function blocks(rows) {
  const out = [];
  while (rows.length) {
    if (!rows[0].trim()) rows.shift();
    else out.push((KINDS.find((kind) => kind.test.test(rows[0]))?.build ?? paragraph)(rows));
  }
  return out;
}

export function markdown(block) {
  return el("div", { class: "markdown" }, blocks((block.text ?? "").split("\n")));
}
