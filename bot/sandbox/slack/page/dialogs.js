// Small questions that Slack asks before an action with a `confirm` object.

import { el, trapTab } from "./dom.js";
import { textObject } from "./render_mrkdwn.js";
import { t } from "./texts.js";

/** Ask; resolves to true when the person agrees. Escape and the deny button mean no. */
export function confirmed(question) {
  return new Promise((answer) => {
    const before = document.activeElement;
    const done = (agreed) => {
      layer.remove();
      before?.focus?.({ preventScroll: true });
      answer(agreed);
    };
    const isDanger = question.style === "danger";
    const choice = (text, cls, agreed) => el("button", { type: "button", class: `button ${cls}`, on: { click: () => done(agreed) } }, text);
    const yes = choice(question.confirm ? textObject(question.confirm) : t("yes"), isDanger ? "danger" : "primary", true);
    const no = choice(question.deny ? textObject(question.deny) : t("cancel"), "", false);
    const box = el("div", {
      class: "dialog small", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text",
    },
      el("h2", { id: "confirm-title" }, textObject(question.title)),
      el("div", { id: "confirm-text", class: "dialog-body" }, textObject(question.text)),
      el("div", { class: "dialog-foot" }, no, yes));
    const layer = el("div", { class: "layer top" }, box);
    layer.addEventListener("keydown", (event) => {
      if (event.key === "Escape") done(false);
      trapTab(box, event);
      event.stopPropagation();
    });
    document.body.append(layer);
    (isDanger ? no : yes).focus();
  });
}
