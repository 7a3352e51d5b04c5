// "Buyer & mail": write to a store as a buyer, see the mails that left, let the next reply fail.

import { weekdayAndTime } from "./clock.js";
import { el, icon, reconcile } from "./dom.js";
import { openList } from "./picker.js";
import { relayPost, S, tell } from "./store.js";
import { t } from "./texts.js";

const STATUS_ICON = { delivered: "check", bounced: "back", opted_out: "close" };
const NEXT = ["none", "bounce", "opt_out"];
// Where a buyer of that language would most likely write; others keep the chosen site.
const SITES = { de: ["DE"], fr: ["FR"], en: ["UK", "US"], es: ["ES", "US"], zh: ["US"] };

const form = {};

/** Draw the area into `parent`; the form is built once per language, so typed text stays. */
export function drawRelay(parent) {
  if (!S.relay) return;
  const key = `relay-${S.as.locale}`;
  if (parent.dataset.kind !== key) {
    parent.dataset.kind = key;
    parent.replaceChildren(el("div", { class: "relay" }, writePart(), sentPart()));
  }
  reconcile(form.sent, S.relay.sent.length ? [...S.relay.sent].reverse().map(sentRow) : [noneRow()]);
  const next = S.relay.next.bounce ? "bounce" : S.relay.next.opt_out ? "opt_out" : "none";
  for (const input of form.next.querySelectorAll("input")) input.checked = input.value === next;
  drawBuyer();
}

function writePart() {
  const market = S.relay.marketplaces;
  form.alias = null;
  form.market = el("select", { class: "plain-select", "aria-label": t("store") },
    market.map((one, index) => el("option", { value: index }, `${one.store_name} · Amazon ${one.code}`)));
  form.name = el("input", { type: "text", class: "text-input", "aria-label": t("buyer_name"), autocomplete: "off" });
  form.order = el("input", { type: "text", class: "text-input", "aria-label": t("order"), placeholder: t("order_auto"), autocomplete: "off" });
  form.text = el("textarea", { rows: 5, class: "text-input", "aria-label": t("text") });
  form.photo = el("input", { type: "checkbox" });
  form.who = el("button", { type: "button", class: "select", "aria-haspopup": "listbox", "aria-expanded": "false", on: { click: chooseBuyer } });
  return el("form", { class: "panel", "aria-label": t("write_title"), on: { submit: write } },
    el("h2", {}, t("write_title")), el("p", { class: "hint" }, t("write_lead")),
    field(t("samples"), samplesPart()),
    field(t("earlier"), form.who), field(t("store"), form.market),
    el("div", { class: "two" }, field(t("buyer_name"), form.name), field(t("order"), form.order)),
    field(t("text"), form.text),
    el("div", { class: "write-foot" },
      el("label", { class: "choice" }, form.photo, el("span", {}, t("photo"))), el("button", { type: "submit", class: "button primary" }, t("write_send"))));
}

function field(label, control) {
  return el("div", { class: "field-row" }, el("div", { class: "label" }, label), control);
}

/** Samples of one language at a time: its button first, then what the buyer writes about. */
function samplesPart() {
  const langs = [...new Set(S.relay.samples.map((sample) => sample.lang))];
  const topics = el("div", { class: "samples" });
  const buttons = langs.map((lang) => el("button", { type: "button", class: "lang-tag", on: { click: () => choose(lang) } }, lang));
  const choose = (lang) => {
    buttons.forEach((node, index) => node.setAttribute("aria-pressed", String(langs[index] === lang)));
    topics.replaceChildren(...S.relay.samples.filter((sample) => sample.lang === lang).map(sampleButton));
  };
  const own = (S.as.locale ?? "").slice(0, 2);
  choose(langs.includes(own) ? own : langs[0]);
  return el("div", {}, el("div", { class: "langs", role: "group", "aria-label": t("language") }, buttons), topics);
}

function sampleButton(sample) {
  return el("button", { type: "button", class: "sample", on: { click: () => takeSample(sample) } }, sample.label);
}

function takeSample(sample) {
  form.text.value = sample.text;
  form.text.lang = sample.lang;
  form.alias = null;
  form.name.value = form.order.value = "";
  const wanted = SITES[sample.lang] ?? [];
  const index = S.relay.marketplaces.findIndex((one) => wanted.includes(one.code));
  if (index >= 0) form.market.value = index;
  drawBuyer();
  form.text.focus();
}

function chooseBuyer() {
  const fresh = { label: t("new_buyer"), pick: () => takeBuyer(null) };
  const known = S.relay.buyers.map((buyer) => ({ label: buyer.name, note: `${buyer.order_id} · ${buyer.marketplace}`, pick: () => takeBuyer(buyer) }));
  openList(form.who, { items: [fresh, ...known], label: t("earlier"), filter: known.length > 6 });
}

function takeBuyer(buyer) {
  form.alias = buyer?.alias ?? null;
  if (buyer) {
    form.name.value = buyer.name;
    form.order.value = buyer.order_id;
    const index = S.relay.marketplaces.findIndex((one) => one.code === buyer.marketplace && one.store === buyer.store);
    if (index >= 0) form.market.value = index;
  }
  drawBuyer();
  form.text.focus();
}

function drawBuyer() {
  const buyer = S.relay.buyers.find((one) => one.alias === form.alias);
  const label = buyer ? t("follow_up", buyer.name, buyer.order_id) : t("new_buyer");
  if (form.who.firstChild?.textContent !== label) form.who.replaceChildren(el("span", {}, label), icon("down"));
  form.who.setAttribute("aria-label", `${t("earlier")}: ${label}`);
  for (const node of [form.market, form.name, form.order]) node.disabled = Boolean(buyer);
}

async function write(event) {
  event.preventDefault();
  const market = S.relay.marketplaces[Number(form.market.value)];
  if (!form.text.value.trim() || !market) {
    tell({ error: t("text_missing") });
    return;
  }
  const answer = await relayPost("write", {
    marketplace: market.code, store: market.store, name: form.name.value.trim(), order_id: form.order.value.trim() || undefined,
    text: form.text.value, alias: form.alias ?? undefined, attachment: form.photo.checked,
  });
  if (answer.ok === false) return;
  tell({ say: t("written") });
  form.text.value = "";
  form.photo.checked = false;
}

function sentPart() {
  form.sent = el("div", { class: "sent" });
  form.next = el("fieldset", { class: "next" }, el("legend", {}, t("next_title")), NEXT.map((what) => el("label", { class: "choice" },
    el("input", { type: "radio", name: "next", value: what, on: { change: () => relayPost("next", { what }) } }), el("span", {}, t(`next_${what}`)))));
  return el("section", { class: "panel", "aria-label": t("sent_title") }, el("h2", {}, t("sent_title")), form.next, form.sent);
}

function noneRow() {
  return { key: "none", sig: t("sent_none"), build: () => el("p", { class: "hint" }, t("sent_none")) };
}

function sentRow(mail) {
  return { key: String(mail.id), sig: JSON.stringify([mail, S.as.id]), build: () => sentNode(mail) };
}

function storeName(store) {
  return S.relay.marketplaces.find((one) => one.store === store)?.store_name ?? store;
}

function sentNode(mail) {
  const line = (label, value) => el("div", {}, el("dt", {}, label), el("dd", {}, value));
  return el("article", { class: `mail ${mail.status}` },
    el("header", {}, el("strong", {}, mail.subject), el("span", { class: "status" }, icon(STATUS_ICON[mail.status] ?? "mail"), t(mail.status))),
    el("dl", {}, line(t("from_store"), storeName(mail.store)), line(t("to"), mail.to),
      mail.attachments?.length ? line(t("attachments"), mail.attachments.join(", ")) : null),
    el("pre", { class: "mail-text" }, mail.text),
    el("footer", { class: "hint" }, weekdayAndTime(Number(mail.at), S.as)));
}
