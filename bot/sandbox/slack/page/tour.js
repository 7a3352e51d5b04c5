// The five minutes tour: seven steps with a how-to each. A step ticks itself off when the page sees
// that it was done; the browser remembers it.

import { el, icon, iconButton, memory } from "./dom.js";
import { typeForPerson } from "./places.js";
import { goTo, S } from "./store.js";
import { t } from "./texts.js";

const STEPS = [
  {
    title: ["See a message arrive", "看一封消息到达"],
    how: ["Open “Buyer & mail”, pick a sample, send it. A few seconds later its card stands in the store's channel, with the time that is left.", "打开“买家与邮件”，选一个示例并发送。几秒后卡片会出现在店铺频道，并显示剩余时间。"],
    go: () => goTo({ kind: "relay" }), done: (news) => news.relay === "write",
  },
  {
    title: ["Claim it", "认领"],
    how: ["Press “Claim” on the card. It now shows you as its assignee; try it again as somebody else and see what is refused.", "点击卡片上的“认领”，你就成为负责人。换个身份再试一次，看看会被拒绝什么。"],
    go: toCards, done: (news) => /claim/.test(news.act?.action_id ?? ""),
  },
  {
    title: ["Reply by template", "用模板回复"],
    how: ["Press “Reply”, choose a template, change a word, look at the preview, send. Type a link to see it refused.", "点击“回复”，选模板，改几个字，预览后发送。输入一个链接，看看如何被拦下。"],
    go: toCards, done: (news) => news.act?.type === "submit" && kindOf(news.act.view_id) === "modal.preview",
  },
  {
    title: ["See the mail that left", "看已发出的邮件"],
    how: ["After the undo window the mail stands in “Buyer & mail”, word for word. Let the next one bounce and see the clock start again.", "撤销时间过后，邮件会逐字显示在“买家与邮件”。让下一封退信，看看计时如何恢复。"],
    go: () => goTo({ kind: "relay" }), done: () => S.place?.kind === "relay" && S.relay?.sent.length > 0,
  },
  {
    title: ["Let one run into its pings", "让一封走到催办"],
    how: ["The night's oldest cases are nearly due. Leave them: within two minutes the bot pings in the thread, in the channel, by direct message, and the managers in #amz-leads.", "夜里最早的会话快到期了，放着不管：两分钟内机器人会在消息列、频道和私信中催办，并在 #amz-leads 通知主管。"],
    go: () => goTo({ kind: "activity" }), done: (news) => S.place?.kind === "activity" && S.state?.notices.length > 0 && !news.error,
  },
  {
    title: ["/sla-status", "/sla-status"],
    how: ["Act as Wang Fang, the manager (top right), and type /sla-status in any channel: what is open, what is urgent, the rates, who has how much.", "在右上角切换为主管 Wang Fang，在任意频道输入 /sla-status：未回、紧急、回复率、每人的工作量。"],
    go: async () => { await toCards(); typeForPerson("/sla-status"); }, done: (news) => news.act?.type === "command" && news.act.text.startsWith("/sla-status"),
  },
  {
    title: ["Who is on, and when nobody is", "谁在值班，何时无人值班"],
    how: ["Type /oncall, then /shift gaps: the week as a picture, and the best response rate that these shifts can reach. Watch a shift change in the store's channel, or swap shifts with /shift.", "输入 /oncall，再输入 /shift gaps：一周排班图，以及这套排班最高能达到的回复率。也可以在店铺频道看交接班，或用 /shift 换班。"],
    go: async () => { await toCards(); typeForPerson("/shift gaps"); }, done: (news) => news.act?.type === "command" && /^\/(oncall|shift)/.test(news.act.text),
  },
];

const look = { root: null, open: true, at: 0, done: new Set() };

function toCards() {
  const first = S.state.channels.find((one) => one.is_private && one.unread) ?? S.state.channels.find((one) => one.is_private) ?? S.state.channels[0];
  const still = S.place?.kind === "channel" && S.state.channels.some((one) => one.id === S.place.id);
  return still ? undefined : goTo({ kind: "channel", id: first.id });
}

/** What kind of modal was just submitted: it is still the one that was last seen. */
function kindOf(view) {
  return S.state.modals.find((one) => one.id === view)?.callback_id;
}

export function buildTour(root) {
  look.root = root;
  look.open = memory.get("tour") !== "closed";
  look.done = new Set(JSON.parse(memory.get("tour.done") ?? "[]"));
  look.at = Math.max(0, STEPS.findIndex((_, index) => !look.done.has(index)));
}

export function openTour() {
  look.open = true;
  memory.set("tour", "open");
  drawTour();
  look.root.querySelector("button")?.focus();
}

function closeTour() {
  look.open = false;
  memory.set("tour", "closed");
  drawTour();
}

/** Tick off the steps that what just happened, or where the person is now, fulfils. */
export function watchTour(news) {
  if (!S.state) return;
  STEPS.forEach((step, index) => !look.done.has(index) && step.done(news) && finish(index));
}

function finish(index) {
  look.done.add(index);
  memory.set("tour.done", JSON.stringify([...look.done]));
  if (look.at === index) look.at = Math.max(0, STEPS.findIndex((_, other) => !look.done.has(other)));
  drawTour();
}

/** Draw the panel, or nothing when it was closed. */
export function drawTour() {
  const sig = JSON.stringify([look.open, look.at, [...look.done], S.as?.locale]);
  look.root.hidden = !look.open;
  if (!S.as || look.root.dataset.sig === sig) return;
  look.root.dataset.sig = sig;
  look.root.setAttribute("aria-label", t("tour"));
  look.root.replaceChildren(
    el("div", { class: "tour-head" }, el("h2", {}, t("tour")), iconButton("close", t("close"), closeTour)),
    el("p", { class: "hint" }, t("tour_lead")),
    el("ol", {}, STEPS.map(stepNode)));
}

function stepNode(step, index) {
  const lang = (S.as.locale ?? "").startsWith("zh") ? 1 : 0;
  const open = look.at === index;
  const done = look.done.has(index);
  const mark = el("span", { class: `step-mark${done ? " done" : ""}`, role: "img", "aria-label": t(done ? "step_done" : "step", index + 1) }, done ? icon("check") : index + 1);
  const show = () => { look.at = open ? -1 : index; drawTour(); };
  return el("li", { class: open ? "open" : "" },
    el("button", { type: "button", class: "step-head", "aria-expanded": String(open), on: { click: show } }, mark, el("span", {}, step.title[lang])),
    open && el("div", { class: "step-body" }, el("p", {}, step.how[lang]),
      el("div", { class: "step-foot" },
        el("button", { type: "button", class: "button", on: { click: () => step.go() } }, t("tour_go")),
        done ? null : el("button", { type: "button", class: "link-button", on: { click: () => finish(index) } }, t("tour_done")))));
}
