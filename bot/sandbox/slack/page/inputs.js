// What a person has typed and chosen on one surface (a message, a modal, the Home), kept as Slack
// keeps it: a value stays while block_id AND action_id stay the same; otherwise the new initial
// value counts. Shape of an entry: docs.slack.dev/reference/interaction-payloads (state.values).

const SEEDS = {
  plain_text_input: (one) => ({ value: one.initial_value ?? null }),
  static_select: (one) => ({ selected_option: one.initial_option ?? null }),
  external_select: (one) => ({ selected_option: one.initial_option ?? null }),
  radio_buttons: (one) => ({ selected_option: one.initial_option ?? null }),
  checkboxes: (one) => ({ selected_options: one.initial_options ?? [] }),
  multi_static_select: (one) => ({ selected_options: one.initial_options ?? [] }),
  multi_external_select: (one) => ({ selected_options: one.initial_options ?? [] }),
  users_select: (one) => ({ selected_user: one.initial_user ?? null }),
  multi_users_select: (one) => ({ selected_users: one.initial_users ?? [] }),
  channels_select: (one) => ({ selected_channel: one.initial_channel ?? null }),
  conversations_select: (one) => ({ selected_conversation: one.initial_conversation ?? null }),
  datepicker: (one) => ({ selected_date: one.initial_date ?? null }),
  timepicker: (one) => ({ selected_time: one.initial_time ?? null }),
  datetimepicker: (one) => ({ selected_date_time: one.initial_date_time ?? null }),
  email_text_input: (one) => ({ value: one.initial_value ?? null }),
  url_text_input: (one) => ({ value: one.initial_value ?? null }),
  file_input: () => ({ files: [] }),
  number_input: (one) => ({ value: one.initial_value ?? null }),
};

const surfaces = new Map();

/** The surface `key`, with its blocks as they are now. `where` says how to name it to the server. */
export function surfaceOf(key, where, blocks, known = {}) {
  if (!surfaces.has(key)) surfaces.set(key, { key, values: new Map() });
  const surface = surfaces.get(key);
  surface.where = where;
  const present = new Set();
  for (const [block, element] of stateful(blocks)) {
    const id = idOf(block, element);
    present.add(id);
    if (surface.values.get(id)?.entry.type === element.type) continue;
    const before = known[block.block_id]?.[element.action_id];
    const entry = before?.type === element.type ? before : seed(element);
    surface.values.set(id, { block_id: block.block_id, action_id: element.action_id, entry });
  }
  for (const id of surface.values.keys()) if (!present.has(id)) surface.values.delete(id);
  return surface;
}

export function forget(key) {
  surfaces.delete(key);
}

function seed(element) {
  return { type: element.type, ...SEEDS[element.type](element) };
}

function idOf(block, element) {
  return JSON.stringify([block.block_id, element.action_id]);
}

/** All [block, element] pairs that hold a value. */
function stateful(blocks = []) {
  return blocks.flatMap((block) => {
    if (block.child_blocks) return stateful(block.child_blocks);
    const elements = [block.element, block.accessory, ...(Array.isArray(block.elements) ? block.elements : [])];
    return elements.filter((one) => one && SEEDS[one.type]).map((one) => [block, one]);
  });
}

export function entryOf(surface, block, element) {
  return surface.values.get(idOf(block, element))?.entry ?? seed(element);
}

export function setEntry(surface, block, element, part) {
  const entry = { type: element.type, ...part };
  surface.values.set(idOf(block, element), { block_id: block.block_id, action_id: element.action_id, entry });
  return entry;
}

/** The surface's values in Slack's form: {block_id: {action_id: entry}}. */
export function stateOf(surface) {
  const values = {};
  for (const { block_id, action_id, entry } of surface.values.values()) (values[block_id] ??= {})[action_id] = entry;
  return values;
}

/** Is there nothing in this entry? */
export function isEmpty(entry) {
  return Object.entries(entry).every(([name, value]) => name === "type" || value === null || value === "" || value?.length === 0);
}
