// Addresses of posts in this workspace: made here, and opened here instead of in a new tab.

import { goTo, S } from "./store.js";

/** Open a link of this workspace inside the page; other links are left to the browser. */
export function followLink(event, url) {
  const place = placeOf(url);
  if (!place) return;
  event.preventDefault();
  goTo(place.place, place.ts);
}

function placeOf(url) {
  const post = /\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?(?:\?.*thread_ts=([\d.]+))?/.exec(url);
  if (post) return { place: { kind: "channel", id: post[1] }, ts: post[4] ?? (post[2] ? `${post[2]}.${post[3]}` : null) };
  if (/^slack:\/\/app\b/.test(url)) return { place: { kind: "home", app: S.state.apps[0]?.id }, ts: null };
  return null;
}

/** The address that opens one post for the acting person. */
export function addressOf(channel, message) {
  const query = new URLSearchParams({ as: S.as.id, channel, thread: message.thread_ts || message.ts });
  return `${location.origin}/?${query}`;
}
