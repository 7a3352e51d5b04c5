// Slack's mrkdwn as elements. Entities are unescaped exactly once, where text becomes a text node;
// nothing is ever read as HTML. Rules: docs.slack.dev/messaging/formatting-message-text.

import { fillDate, fullTime } from "./clock.js";
import { el } from "./dom.js";
import { EMOJI, withEmoji } from "./emoji.js";
import { followLink } from "./links.js";
import { goTo, person, placeName, S } from "./store.js";

const WORD = /[\p{L}\p{N}]/u;
const WRAP = { "*": "strong", _: "em", "~": "del" };

/** Undo Slack's three entities, once. */
export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** A Slack text object ({type, text}) as a fragment; line breaks are kept. */
export function textObject(object) {
  if (!object) return document.createDocumentFragment();
  if (typeof object === "string") return plain(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text, object.verbatim) : plain(object.text, object.emoji);
}

/** plain_text: no markup, but entities and emoji names, as Slack shows it. */
export function plain(text, emoji = true) {
  const fragment = document.createDocumentFragment();
  fragment.append(...lines(plainString(text, emoji)));
  return fragment;
}

export function plainString(text, emoji = true) {
  const once = unescape(text ?? "");
  return emoji === false ? once : withEmoji(once);
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

/** mrkdwn; `verbatim` switches off the linking of bare addresses. */
export function mrkdwn(text, verbatim = false) {
  const fragment = document.createDocumentFragment();
  const parts = (text ?? "").split(/```\n?([\s\S]+?)```\n?/);
  parts.forEach((part, index) => {
    if (index % 2) fragment.append(el("pre", {}, unescape(tokensAsText(part.replace(/\n$/, "")))));
    else quotesAndLines(part, fragment, verbatim);
  });
  return fragment;
}

function quotesAndLines(text, into, verbatim) {
  const rows = text.split("\n");
  if (rows.length > 1 && rows.at(-1) === "") rows.pop();
  let quote = null;
  let open = false; // is there a line before, in the same container, that needs a break?
  for (const [index, row] of rows.entries()) {
    const quoted = /^(?:&gt;|>)\s?/.exec(row);
    if (/^(?:&gt;){3}|^>>>/.test(row)) {
      const rest = [row.replace(/^(?:(?:&gt;){3}|>>>)\s?/, ""), ...rows.slice(index + 1)];
      into.append(el("blockquote", {}, ...rest.flatMap((one, at) => [at ? el("br") : null, inline(one, verbatim)])));
      return;
    }
    if (Boolean(quoted) !== Boolean(quote)) {
      quote = quoted ? into.appendChild(el("blockquote")) : null;
      open = false;
    }
    const target = quote ?? into;
    if (open) target.append(el("br"));
    target.append(inline(quoted ? row.slice(quoted[0].length) : row, verbatim));
    open = true;
  }
}

/** One line of mrkdwn. */
function inline(text, verbatim) {
  const fragment = document.createDocumentFragment();
  let held = "";
  const flush = () => {
    if (held) fragment.append(unescape(held));
    held = "";
  };
  for (let at = 0; at < text.length;) {
    const found = specialAt(text, at, verbatim);
    if (found) {
      flush();
      fragment.append(found.node);
      at += found.length;
    } else {
      held += text[at];
      at += 1;
    }
  }
  flush();
  return fragment;
}

function specialAt(text, at, verbatim) {
  const char = text[at];
  if (char === "<") return tokenAt(text, at);
  if (char === "`") return codeAt(text, at);
  if (WRAP[char]) return wrapAt(text, at, verbatim);
  if (char === ":") return emojiAt(text, at);
  if (char === "h" && !verbatim) return addressAt(text, at);
  return null;
}

function codeAt(text, at) {
  const match = /^`([^`\n]+)`/.exec(text.slice(at));
  return match && { node: el("code", {}, unescape(tokensAsText(match[1]))), length: match[0].length };
}

function emojiAt(text, at) {
  const match = /^:([a-z0-9_+-]+):/.exec(text.slice(at));
  if (!match || !EMOJI[match[1]]) return null;
  return { node: el("span", { class: "emoji", title: match[0] }, EMOJI[match[1]]), length: match[0].length };
}

function addressAt(text, at) {
  if (at && WORD.test(text[at - 1])) return null;
  const match = /^https?:\/\/[^\s<>|]+/.exec(text.slice(at));
  if (!match) return null;
  const url = match[0].replace(/(?:&gt;|&lt;).*$/, "").replace(/[.,;:!?)\]'"*_~]+$/, "");
  return { node: link(unescape(url), unescape(url)), length: url.length };
}

/** *bold*, _italic_, ~struck~: the mark must hug its text and stand free of letters outside. */
function wrapAt(text, at, verbatim) {
  const mark = text[at];
  if ((at && WORD.test(text[at - 1])) || /[\s]/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return null;
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === "<") {
      const token = /^<[^<>\n]+>/.exec(text.slice(end));
      end += token ? token[0].length - 1 : 0;
    } else if (text[end] === mark && !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? " ") && text[end + 1] !== mark) {
      return { node: el(WRAP[mark], {}, inline(text.slice(at + 1, end), verbatim)), length: end + 1 - at };
    }
  }
  return null;
}

function tokenAt(text, at) {
  const match = /^<([^<>\n]+)>/.exec(text.slice(at));
  const node = match && tokenNode(match[1]);
  return node && { node, length: match[0].length };
}

function tokenNode(inner) {
  const bar = inner.indexOf("|");
  const [target, label] = bar < 0 ? [inner, ""] : [inner.slice(0, bar), inner.slice(bar + 1)];
  if (/^@[UW][A-Z0-9]+$/.test(target)) return userMention(target.slice(1), unescape(label));
  if (/^#[CG][A-Z0-9]+$/.test(target)) return channelMention(target.slice(1), unescape(label));
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!subteam^")) return el("span", { class: "mention me" }, unescape(label) || "@group");
  if (target.startsWith("!date^")) return dateToken(target, unescape(label));
  if (/^(https?:\/\/|mailto:|tel:|slack:)/i.test(target)) return link(unescape(target), label ? plainString(label) : unescape(target).replace(/^(mailto|tel):/i, ""));
  return null;
}

export function userMention(id, label = "") {
  const user = person(id);
  return el("span", { class: id === S.as?.id ? "mention me" : "mention" }, `@${user?.real_name || label || id}`);
}

export function broadcast(range) {
  return el("span", { class: "mention me" }, `@${range}`);
}

export function channelMention(id, label = "") {
  const name = placeName(id) || label;
  if (!name) return el("span", { class: "mention" }, "#private-channel");
  return el("button", { type: "button", class: "mention", on: { click: () => goTo({ kind: "channel", id }) } }, `#${name}`);
}

function dateToken(target, fallback) {
  const [, seconds, pattern = "", address] = target.split("^");
  return dateNode(Number(seconds), unescape(pattern), fallback, address && unescape(address));
}

/** A date as the acting person reads it; the fallback stands in for a format Slack would refuse. */
export function dateNode(at, pattern, fallback, address) {
  const text = fillDate(at, pattern, S.as) ?? fallback;
  const props = Number.isFinite(at) ? { datetime: new Date(at * 1000).toISOString(), title: fullTime(at, S.as) } : {};
  const node = el("time", { class: "date", ...props }, text);
  return address ? link(address, node) : node;
}

/** A link that opens in its own tab; links to posts of this workspace open here. */
export function link(url, content) {
  if (!/^(https?:\/\/|mailto:|tel:|slack:)/i.test(url)) return el("span", {}, content);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", on: { click: (event) => followLink(event, url) } }, content);
}

/** What a code span shows for tokens inside it: their target or label, without the brackets. */
function tokensAsText(text) {
  return text.replace(/<([^<>\n]+)>/g, (whole, inner) => {
    const node = tokenNode(inner);
    return node ? node.textContent.replaceAll("&", "&amp;") : whole;
  });
}
