// Where the page starts: builds its frame once, then redraws each part after every change. Parts
// touch only what changed, so scroll, focus and half-typed text stay.

import { drawModals } from "./modals.js";
import { buildPlaces, drawPlace } from "./places.js";
import { drawSidebar } from "./sidebar.js";
import { onChange, onSeen, start } from "./store.js";
import { buildToasts, toast } from "./toasts.js";
import { drawTopbar, tick } from "./topbar.js";
import { buildTour, drawTour, watchTour } from "./tour.js";

const part = (id) => document.getElementById(id);

buildPlaces(part("middle"), part("right"));
buildToasts(part("toasts"));
buildTour(part("tour"));

onChange(() => {
  drawTopbar(part("topbar"));
  drawSidebar(part("sidebar"));
  drawPlace();
  drawModals();
  watchTour({});
  drawTour();
  tick();
});
onSeen(toast);
onSeen(watchTour);

part("sidebar").addEventListener("click", () => document.body.classList.remove("with-sidebar"));
part("veil").addEventListener("click", () => document.body.classList.remove("with-sidebar"));
setInterval(tick, 1000);

start().catch((why) => {
  part("middle").textContent = `The sandbox server did not answer (${why.message}). Is it running? Reload this page to try again.`;
});
