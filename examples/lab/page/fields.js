// The mirror of a field: the same text under the field, because the text of a field cannot be marked itself.

import { attributes, element, paint, rangeIn } from "./dom.js";

/** @type {Map<string, { control: HTMLElement, text: Text }>} */
const mirrors = new Map();

/** Lays a mirror under each text field of the form, except the secret. */
export function mirrorFields(form) {
  for (const control of form.querySelectorAll("textarea, input:not([type=password], [type=radio])")) {
    const text = document.createTextNode("");
    const mirror = attributes(element("div", { className: "mirror" }, text), { "aria-hidden": "true" });
    const box = element("div", { className: `box ${control.localName}` });
    control.replaceWith(box);
    box.append(mirror, control);
    mirrors.set(control.id, { control, text, mirror });
    control.addEventListener("scroll", () => follow(control.id));
  }
}

/** Writes the fields' text into the mirrors. */
export function syncMirrors() {
  for (const [name, { control, text }] of mirrors) if (text.data !== control.value) { text.data = control.value; follow(name); }
}

const following = new Set();

/** Scrolls a mirror to the place of its field, once before the next frame: to read the place takes a layout. */
function follow(name) {
  if (!following.size) requestAnimationFrame(scrollMirrors);
  following.add(name);
}

function scrollMirrors() {
  const places = [...following].map((name) => [mirrors.get(name), mirrors.get(name).control.scrollTop, mirrors.get(name).control.scrollLeft]);
  following.clear();
  for (const [{ mirror }, top, left] of places) {
    if (mirror.scrollTop !== top) mirror.scrollTop = top;
    if (mirror.scrollLeft !== left) mirror.scrollLeft = left;
  }
}

/**
 * Marks places in fields. A field without a mirror is marked as a whole.
 * @param {{ field: string, start?: number, end?: number }[]} origins
 */
export function markFields(origins, name = "origin") {
  const ranges = [];
  const whole = new Set();
  // A part that several panes show has the same origin in each.
  const places = new Map(origins.map((origin) => [`${origin.field} ${origin.start} ${origin.end}`, origin]));
  for (const { field, start, end } of places.values()) {
    const text = mirrors.get(field)?.text;
    const range = text && rangeIn(text, shownOffset(field, start ?? 0), shownOffset(field, end ?? Infinity));
    if (range) { ranges.push(range); follow(field); }
    whole.add(field);
  }
  paint(name, ranges);
  if (name !== "origin") return;
  for (const box of document.querySelectorAll("[data-field]")) box.classList.toggle("lit", whole.has(box.dataset.field));
}

/** Returns the index of the character of a text field that the pointer is on, or null. */
export function offsetInField(control, x, y) {
  const text = mirrors.get(control.id)?.text;
  if (!text?.length) return null;
  const position = document.caretPositionFromPoint?.(x, y);
  if (position?.offsetNode !== control) return null;
  return sentOffset(control, characterAt(text, position.offset, x, y));
}

/** Returns the text of a control with the line endings of the text that was written into it. */
export const sentText = ({ value, dataset }) => (dataset.crlf ? value.replaceAll("\n", "\r\n") : value);

/** Returns the index in the text that is sent of a character of a control. */
export function sentOffset(control, offset) {
  if (offset === null || !control.dataset.crlf) return offset;
  return offset + control.value.slice(0, offset).split("\n").length - 1;
}

/** Returns the index in a control of a character of the text that is sent. */
function shownOffset(field, offset) {
  const { control, text } = mirrors.get(field);
  if (!control.dataset.crlf) return Math.min(offset, text.length);
  const before = sentText(control).slice(0, offset);
  return before.length - before.split("\r").length + 1;
}

/** Returns the index of the character of a piece that the pointer is on, or null. */
export function offsetInPiece(piece, x, y) {
  const text = piece.firstChild;
  const position = document.caretPositionFromPoint?.(x, y);
  if (position?.offsetNode !== text) return null;
  return characterAt(text, position.offset, x, y);
}

/** Returns the index of the character whose box has the point. The caret is between two characters. */
function characterAt(text, caret, x, y) {
  for (const index of [caret, caret - 1]) {
    if (index < 0 || index >= text.length) continue;
    const range = new Range();
    range.setStart(text, index);
    range.setEnd(text, index + 1);
    const boxes = range.getClientRects();
    if ([...boxes].some((box) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom)) return index;
  }
  return null;
}
