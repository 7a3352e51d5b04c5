// Building and updating the page's elements. Nothing here or elsewhere on the page ever parses a
// string as HTML: text becomes text nodes, so no message can bring markup of its own.

const SVG = "http://www.w3.org/2000/svg";

// Strokes on a 24 x 24 grid, drawn for this page.
const ICONS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M4 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  dots: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  send: "M4 12 20 5l-5 15-3-6z",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  back: "M14 6l-6 6 6 6",
  down: "M7 10l5 5 5-5",
  right: "M10 7l5 5-5 5",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  reply: "M4 5h16v11H10l-4 4v-4H4z",
  eyes: "M3 12s3.5-5.5 9-5.5S21 12 21 12s-3.5 5.5-9 5.5S3 12 3 12zM12 10v4",
  check: "M5 12.5l5 5 9-11",
  flag: "M6 21V4h11l-2 4 2 4H6",
  clip: "M8 12V7a4 4 0 0 1 8 0v9a2.5 2.5 0 0 1-5 0V8",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
  link: "M10 14l4-4M8 12l-2 2a3 3 0 0 0 4 4l2-2M16 12l2-2a3 3 0 0 0-4-4l-2 2",
};

/** An element with attributes, listeners (`on`), data attributes (`data`) and children. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  put(node, children);
  return node;
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") for (const [event, hear] of Object.entries(value)) node.addEventListener(event, hear);
  else if (name === "data") for (const [key, one] of Object.entries(value)) setData(node, key, one);
  else if (name === "class") node.className = value;
  else if (["value", "checked", "disabled", "hidden", "multiple"].includes(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

function setData(node, key, value) {
  if (value !== undefined) node.dataset[key] = value;
}

/** Append children; lists are flattened, empty ones left out, anything else becomes text. */
export function put(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

export function icon(name, cls = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${cls}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, cls = "") {
  return el("button", { type: "button", class: `icon-button ${cls}`, "aria-label": label, title: label, on: { click: onclick } }, icon(name));
}

const signatures = new WeakMap();

/**
 * Make the children of `parent` match `items`, touching only those whose signature changed.
 * `rows` are {key, sig, build}. What stays keeps its node, and so its focus, scroll and typed text.
 */
export function reconcile(parent, rows) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let changed = false;
  rows.forEach((row, index) => {
    let node = old.get(row.key);
    old.delete(row.key);
    if (!node || signatures.get(node) !== row.sig) {
      node = replaced(node, row);
      changed = true;
    }
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  for (const node of old.values()) {
    node.remove();
    changed = true;
  }
  return changed;
}

function replaced(node, row) {
  const fresh = row.build();
  fresh.dataset.key = row.key;
  signatures.set(fresh, row.sig);
  if (node) keepingFocus(node, () => node.replaceWith(fresh), fresh);
  return fresh;
}

function keepingFocus(node, swap, fresh) {
  const held = node.contains(document.activeElement) ? document.activeElement : null;
  const name = held?.dataset.focus;
  const at = held?.selectionStart;
  swap();
  if (!name) return;
  const heir = fresh.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  heir?.focus({ preventScroll: true });
  if (typeof at === "number" && heir?.setSelectionRange) heir.setSelectionRange(at, at);
}

/** Empty `node` and fill it again. */
export function refill(node, ...children) {
  node.replaceChildren();
  return put(node, children);
}

/** Keep the Tab key inside `box`; lists that float above count as inside. */
export function trapTab(box, event) {
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll("button, a[href], input, select, textarea, summary, [tabindex='0']")]
    .filter((node) => !node.disabled && node.offsetParent !== null);
  if (!stops.length) return;
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement === edge || !box.contains(document.activeElement)) {
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }
}

/** What this browser remembers between visits; a browser that refuses storage just forgets. */
export const memory = {
  get(key) {
    try { return localStorage.getItem(`reply24.${key}`); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(`reply24.${key}`, value); } catch { /* private window: forgetting is fine */ }
  },
};
