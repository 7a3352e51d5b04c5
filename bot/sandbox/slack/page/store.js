// What the page knows, who it acts as, which place is open; refetches only what an event names.

import { get, listen, post } from "./api.js";
import { setClock } from "./clock.js";
import { memory } from "./dom.js";

/** The page's whole state. Only this file writes it. */
export const S = {
  boot: null, // team, users, links
  as: null, // the acting user
  state: null, // channels, dms, apps, commands, shortcuts, modals, home, notices
  place: null, // {kind: "channel", id} | {kind: "home", app} | {kind: "relay"} | {kind: "activity"}
  thread: null, // {channel, ts}
  messages: null, // of the open channel
  replies: null, // of the open thread
  relay: null, // null when the server has no relay
  newFrom: null, // ts of the first message that was unread when the channel was opened
  online: true,
};

const painters = [];
const seers = [];
const pending = new Map();
let stopListening = () => {};

/** Call `paint` after every change. */
export function onChange(paint) {
  painters.push(paint);
}

/** Call `see` with each successful act, and with notices and errors as {notice} and {error}. */
export function onSeen(see) {
  seers.push(see);
}

export function changed() {
  for (const paint of painters) paint();
}

export function tell(news) {
  for (const see of seers) see(news);
}

export function person(id) {
  return S.boot?.users.find((user) => user.id === id)
    ?? S.state?.apps.filter((app) => app.bot_user === id).map((app) => ({ id, name: app.name, real_name: app.name, is_bot: true }))[0];
}

export function placeName(id) {
  const channel = S.state?.channels.find((one) => one.id === id);
  if (channel) return channel.name;
  const dm = S.state?.dms.find((one) => one.id === id);
  return dm && (person(dm.user)?.real_name || dm.name);
}

export function appDm() {
  return S.state?.dms.find((dm) => S.state.apps.some((app) => app.bot_user === dm.user));
}

/** Fetch who and what there is, then take on the person and open the place that the address names. */
export async function start() {
  S.boot = await get("boot");
  setClock(S.boot.now, S.boot.speed);
  const asked = new URLSearchParams(location.search);
  const people = S.boot.users.filter((user) => !user.is_bot);
  const wanted = asked.get("as") ?? memory.get("as");
  // A newcomer reads the page in the language of the browser; each person has one.
  const inTheirLanguage = people.find((user) => (user.locale ?? "").slice(0, 2) === navigator.language.slice(0, 2));
  await become((people.find((user) => user.id === wanted) ?? inTheirLanguage ?? people[0]).id, asked);
}

/** Act as another person; the open channel stays open when that person can see it. */
export async function become(id, asked = new URLSearchParams()) {
  const state = await get("state", { as: id });
  stopListening();
  Object.assign(S, { as: person(id), state, thread: null, messages: null, replies: null, newFrom: null });
  memory.set("as", id);
  document.documentElement.lang = S.as.locale ?? "en-US";
  setClock(state.now, S.boot.speed);
  stopListening = listen(id, heard, (online) => online !== S.online && wentOnline(online));
  refresh("relay");
  await goTo(placeAsked(asked), asked.get("thread"));
}

function wentOnline(online) {
  S.online = online;
  if (online) ["state", "messages", "replies"].forEach(refresh);
  changed();
}

function placeAsked(asked) {
  const id = asked.get("channel");
  if (id === "home") return { kind: "home", app: S.state.apps[0]?.id };
  if (["relay", "activity"].includes(id)) return { kind: id };
  if (id) return { kind: "channel", id };
  const still = S.place && (S.place.kind !== "channel" || S.state.channels.some((one) => one.id === S.place.id));
  return still ? S.place : { kind: "channel", id: S.state.channels[0]?.id ?? appDm()?.id };
}

/** Open a place, and a thread in it when `ts` is given. */
export async function goTo(place, ts = null) {
  Object.assign(S, { place, messages: null, newFrom: null, replies: null });
  S.thread = ts ? { channel: place.id, ts } : null;
  writeAddress();
  changed();
  if (place.kind === "home") act("open_home", {});
  if (place.kind === "relay") await refresh("relay");
  if (place.kind === "channel") await Promise.all([refresh("messages"), refresh("replies")]);
}

export async function openThread(channel, ts) {
  Object.assign(S, { thread: ts ? { channel, ts } : null, replies: null });
  writeAddress();
  changed();
  await refresh("replies");
}

function writeAddress() {
  const query = new URLSearchParams({ as: S.as.id, channel: S.place.kind === "channel" ? S.place.id ?? "" : S.place.kind });
  if (S.thread) query.set("thread", S.thread.ts);
  history.replaceState(null, "", `/?${query}`);
}

function heard(event) {
  const open = S.place?.kind === "channel" && event.channel === S.place.id;
  if (event.what === "relay") refresh("relay");
  else if (event.what === "thread" || event.what === "channel") {
    if (open) refresh("messages");
    if (S.thread && event.channel === S.thread.channel) refresh("replies");
    refresh("state");
  } else refresh("state");
}

/** Refetch one piece. Calls that arrive meanwhile are answered by one more fetch, not by many. */
function refresh(piece) {
  const running = pending.get(piece);
  if (running) {
    running.again = true;
    return running.done;
  }
  const entry = { again: false };
  entry.done = (async () => {
    do {
      entry.again = false;
      await FETCH[piece]().catch((why) => tell({ error: why.message }));
    } while (entry.again);
    pending.delete(piece);
  })();
  pending.set(piece, entry);
  return entry.done;
}

const FETCH = {
  async state() {
    const as = S.as.id;
    const state = await get("state", { as });
    if (as !== S.as.id) return;
    const known = new Set(S.state.notices.map((notice) => notice.id));
    const fresh = state.notices.filter((notice) => !known.has(notice.id));
    S.state = state;
    setClock(state.now, S.boot.speed);
    changed();
    fresh.forEach((notice) => tell({ notice }));
    markRead();
  },
  async messages() {
    const { as, place } = S;
    if (place?.kind !== "channel" || !place.id) return;
    const { messages } = await get("messages", { as: as.id, channel: place.id });
    if (as !== S.as || place !== S.place) return;
    if (!S.messages) S.newFrom = messages.find((message) => message.is_new && message.user !== as.id)?.ts ?? null;
    S.messages = messages;
    changed();
    markRead();
  },
  async replies() {
    const { as, thread } = S;
    if (!thread) return;
    const { messages } = await get("thread", { as: as.id, channel: thread.channel, ts: thread.ts });
    if (as !== S.as || thread !== S.thread) return;
    S.replies = messages;
    changed();
  },
  async relay() {
    S.relay = await get("relay").catch((why) => (why.status === 404 ? null : Promise.reject(why)));
    changed();
  },
};

let lastRead = "";

function markRead() {
  if (document.hidden || S.place?.kind !== "channel" || !S.messages) return;
  const seen = [...S.state.channels, ...S.state.dms].find((one) => one.id === S.place.id);
  const key = JSON.stringify([S.as.id, seen, S.messages.at(-1)?.ts]);
  if (key === lastRead || !(seen?.unread || seen?.mentions)) return;
  lastRead = key; // said once; a server that still counts must not be asked again and again
  post("act", { as: S.as.id, type: "read", channel: S.place.id }).then(() => refresh("state"));
}

document.addEventListener("visibilitychange", markRead);

/** Do something as the acting person. What Slack would show as an error is told, and returned. */
export async function act(type, fields, quiet = false) {
  const answer = await post("act", { as: S.as.id, type, ...fields });
  if (answer.ok !== false) tell({ act: { type, ...fields } });
  else if (!quiet) tell({ error: answer.error });
  if (type !== "options") ["state", "messages", "replies"].forEach(refresh);
  return answer;
}

/** POST to the relay part: write, or next. */
export async function relayPost(what, fields) {
  const answer = await post(`relay/${what}`, fields);
  if (answer.ok === false) tell({ error: answer.error });
  else tell({ relay: what });
  await refresh("relay");
  return answer;
}
