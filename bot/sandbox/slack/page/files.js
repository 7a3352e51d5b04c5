// Files in a modal: chosen on this machine, handed to the server at once, listed by name until they are taken out.

import { el, icon, iconButton } from "./dom.js";
import { upload } from "./api.js";
import { entryOf, setEntry } from "./inputs.js";
import { plainString } from "./render_mrkdwn.js";
import { S } from "./store.js";
import { t } from "./texts.js";

const MOST = 10;

export function fileInput(block, one, surface) {
  const most = one.max_files ?? MOST;
  const list = el("ul", { class: "files-chosen" });
  const note = el("span", { class: "hint", role: "status" }, t("files_most", most));
  const picker = el("input", {
    type: "file", class: "file-picker", multiple: most > 1, accept: one.filetypes?.map((kind) => `.${kind}`).join(","),
    "aria-label": plainString(block.label?.text ?? ""), data: { focus: `${block.block_id}/${one.action_id}`, action: one.action_id },
    on: { change: onChosen },
  });
  const files = () => entryOf(surface, block, one).files;
  const keep = (next) => { setEntry(surface, block, one, { files: next }); paint(); };
  paint();

  function paint() {
    list.replaceChildren(...files().map((file) => el("li", {}, icon("clip"), el("span", {}, `${file.name} (${sizeOf(file.size)})`),
      iconButton("close", t("remove_file", file.name), () => keep(files().filter((other) => other.id !== file.id))))));
  }

  async function onChosen() {
    const chosen = [...picker.files];
    picker.value = "";
    const wrong = wrongOf(one, most, [...files(), ...chosen]);
    note.textContent = wrong || t("uploading");
    if (wrong) return;
    for (const file of chosen) {
      const answer = await upload({ as: S.as.id, name: file.name }, file);
      if (!answer.ok) {
        note.textContent = t("file_failed", file.name, answer.error ?? "");
        return;
      }
      keep([...files(), answer.file]);
    }
    note.textContent = t("files_most", most);
  }
  // The browser's own words on such a button are in the browser's language, not in the person's.
  const shown = el("label", { class: "button" }, icon("clip"), t("add_files"), picker);
  return el("div", { class: "file-input" }, shown, list, note);
}

function wrongOf(one, most, files) {
  if (files.length > most) return t("files_too_many", most);
  const other = one.filetypes && files.find((file) => !one.filetypes.includes(file.name.split(".").at(-1).toLowerCase()));
  return other ? t("file_kind", other.name, one.filetypes.join(", ")) : "";
}

function sizeOf(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
