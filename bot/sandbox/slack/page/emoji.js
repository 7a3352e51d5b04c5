// The emoji names that our cards and people's notes use; an unknown name stays as typed, as in Slack.

export const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️",
  x: "❌", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰",
  stopwatch: "⏱️", clock1: "🕐", rotating_light: "🚨", bell: "🔔", no_bell: "🔕", zzz: "💤", moon: "🌔", crescent_moon: "🌙", sunny: "☀️",
  memo: "📝", pencil: "📝", pencil2: "✏️", email: "✉️", envelope: "✉️", incoming_envelope: "📨", mailbox_with_mail: "📬",
  inbox_tray: "📥", outbox_tray: "📤", package: "📦", truck: "🚚", paperclip: "📎", camera: "📷", frame_with_picture: "🖼️",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", raising_hand: "🙋", wave: "👋", pray: "🙏", clap: "👏", muscle: "💪",
  speech_balloon: "💬", globe_with_meridians: "🌐", earth_asia: "🌏", flag: "🚩", triangular_flag_on_post: "🚩", link: "🔗",
  lock: "🔒", unlock: "🔓", key: "🔑", mag: "🔍", bulb: "💡", fire: "🔥", tada: "🎉", sparkles: "✨", star: "⭐", heart: "❤️",
  smile: "😄", slightly_smiling_face: "🙂", disappointed: "😞", cry: "😢", thinking_face: "🤔", sweat_smile: "😅",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", large_green_square: "🟩", large_red_square: "🟥", arrow_right: "➡️", arrow_left: "⬅️",
  arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄", repeat: "🔁", handshake: "🤝", calendar: "📅", date: "📅",
  spiral_calendar_pad: "🗓️", bar_chart: "📊", chart_with_upwards_trend: "📈", clipboard: "📋", page_facing_up: "📄", gear: "⚙️",
  wrench: "🔧", robot_face: "🤖", information_source: "ℹ️", question: "❓", exclamation: "❗", grey_question: "❔", recycle: "♻️",
  money_with_wings: "💸", shield: "🛡️", scales: "⚖️", angry: "😠", sos: "🆘", new: "🆕", ok: "🆗", ok_hand: "👌", de: "🇩🇪", fr: "🇫🇷",
  es: "🇪🇸", it: "🇮🇹", gb: "🇬🇧", uk: "🇬🇧", us: "🇺🇸", jp: "🇯🇵", cn: "🇨🇳",
};

/** Replace :names: that we know in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}
