// The sandbox's clock, which may run faster than ours, and how instants read in a person's zone
// and language. Formats of date tokens: docs.slack.dev/messaging/formatting-message-text.

let base = 0;
let since = 0;
let rate = 1;

export function setClock(now, speed) {
  base = now;
  rate = speed || 1;
  since = performance.now();
}

/** The sandbox's now, epoch seconds. */
export function now() {
  return base + ((performance.now() - since) / 1000) * rate;
}

export function speed() {
  return rate;
}

const formats = new Map();

function format(locale, zone, options) {
  const key = JSON.stringify([locale, zone, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }));
  return formats.get(key);
}

function written(at, who, options) {
  return format(who.locale || "en-US", who.tz || "UTC", options).format(new Date(at * 1000));
}

export function clockTime(at, who) {
  return written(at, who, { hour: "numeric", minute: "2-digit" });
}

export function fullTime(at, who) {
  return written(at, who, { dateStyle: "full", timeStyle: "long" });
}

export function weekdayAndTime(at, who) {
  return written(at, who, { weekday: "short", hour: "numeric", minute: "2-digit" });
}

/** The calendar day in the person's zone, as 2026-11-23. */
export function dayOf(at, who) {
  return format("en-CA", who.tz || "UTC", { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(at * 1000));
}

/** "Today", "Yesterday", "Tomorrow" in the person's language, else undefined. */
function nearDay(at, who) {
  const days = Math.round((Date.parse(dayOf(at, who)) - Date.parse(dayOf(now(), who))) / 86400000);
  if (Math.abs(days) > 1) return undefined;
  const word = new Intl.RelativeTimeFormat(who.locale || "en-US", { numeric: "auto" }).format(days, "day");
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const HALF_YEAR = 183 * 86400;

function ordinal(text, locale) {
  if (!String(locale).startsWith("en")) return text;
  return text.replace(/(\d{1,2})(?=,|$)/, (day) => {
    const teen = day % 100 > 10 && day % 100 < 14;
    return day + (teen ? "th" : { 1: "st", 2: "nd", 3: "rd" }[day % 10] || "th");
  });
}

function day(at, who, month, weekday) {
  const far = Math.abs(at - now()) > HALF_YEAR;
  const text = written(at, who, { month, day: "numeric", ...(far && { year: "numeric" }), ...(weekday && { weekday: "long" }) });
  return month === "long" ? ordinal(text, who.locale) : text;
}

function ago(at, who) {
  const seconds = at - now();
  const words = new Intl.RelativeTimeFormat(who.locale || "en-US", { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return words.format(0, "minute");
}

const TOKENS = {
  date_num: (at, who) => dayOf(at, who),
  date_slash: (at, who) => dayOf(at, who).replaceAll("-", "/"),
  date: (at, who) => day(at, who, "long"),
  date_short: (at, who) => day(at, who, "short"),
  date_long: (at, who) => day(at, who, "long", true),
  date_long_full: (at, who) => written(at, who, { dateStyle: "full" }),
  date_pretty: (at, who) => nearDay(at, who) ?? day(at, who, "long"),
  date_short_pretty: (at, who) => nearDay(at, who) ?? day(at, who, "short"),
  date_long_pretty: (at, who) => nearDay(at, who) ?? day(at, who, "long", true),
  day_divider_pretty: (at, who) => nearDay(at, who) ?? day(at, who, "long", true),
  time: clockTime,
  time_secs: (at, who) => written(at, who, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** Fill a date token's format; undefined when it holds a token that Slack does not know. */
export function fillDate(at, pattern, who) {
  if (!Number.isFinite(at)) return undefined;
  let known = true;
  const text = pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    if (TOKENS[name]) return TOKENS[name](at, who);
    known = false;
    return whole;
  });
  return known ? text : undefined;
}

/** Epoch seconds of a wall time "2026-11-23T14:05" in a zone. */
export function epochOf(wall, zone) {
  const asUtc = Date.parse(`${wall}Z`) / 1000;
  let guess = asUtc;
  for (let pass = 0; pass < 2; pass += 1) guess = asUtc - (Date.parse(`${wallOf(guess, zone)}Z`) / 1000 - guess);
  return Math.round(guess);
}

/** Wall time "2026-11-23T14:05" of an instant in a zone. */
export function wallOf(at, zone) {
  const text = format("sv-SE", zone, { dateStyle: "short", timeStyle: "short" }).format(new Date(at * 1000));
  return text.replace(" ", "T");
}
