// One line of a pane: its name and its pieces. Only what changed is written.

import { countBits, tint } from "./changes.js";
import { attributes, element } from "./dom.js";

/** @type {WeakMap<HTMLElement, import("./types.js").Shown>} */
const shownBy = new WeakMap();
const FAMILIES = ["method", "path", "query", "header", "payload", "time", "scope", "algorithm", "canonical_hash", "key",
  "signature", "token", "credential", "policy", "chunk"];

/** Returns the piece that an element shows. */
export const shownIn = (element) => shownBy.get(element);

export class LineView {
  constructor() {
    this.name = element("span", { className: "line-name" });
    this.bits = attributes(element("span", { className: "bits" }), { role: "gridcell" });
    const header = attributes(element("div", { className: "name" }, this.name), { role: "rowheader" });
    this.code = attributes(element("div", { className: "code" }, this.bits), { role: "none" });
    this.element = attributes(element("div", { className: "line" }, header, this.code), { role: "row" });
    this.pieces = [];
    this.written = "";
  }

  /** @param {boolean} fresh true if the line was not on the page: then nothing of it counts as changed. */
  update(pane, line, side, fresh) {
    const written = JSON.stringify(line);
    this.pane = pane;
    if (written === this.written) return;
    this.written = written;
    this.name.replaceChildren(...breakable(line.name));
    this.element.dataset.line = line.id;
    const pieces = line.pieces.length ? line.pieces : [{ text: "", kind: "constant" }];
    while (this.pieces.length > pieces.length) this.pieces.pop().element.remove();
    pieces.forEach((piece, index) => this.#piece(pane, line, piece, index, side, fresh));
    this.element.classList.toggle("empty", pieces.every(({ text }) => text === ""));
  }

  #piece(pane, line, piece, index, side, fresh) {
    let view = this.pieces[index];
    const added = !view;
    if (added) {
      const text = document.createTextNode("");
      view = { text, element: attributes(element("span", {}, text), { role: "gridcell", tabindex: "-1" }) };
      this.bits.before(view.element);
      this.pieces.push(view);
    }
    const before = view.text.data;
    if (before !== piece.text) {
      view.text.data = piece.text;
      if (!fresh && (piece.text || added)) tint(view.element);
      if (!fresh && !added) countBits(view.text, before, piece.text, this.bits);
    }
    const family = familyOf(piece.part);
    const classes = ["piece", piece.kind, family && `of-${family}`, piece.bytes && "bytes"].filter(Boolean);
    for (const kept of view.element.classList) if (/^changed/.test(kept)) classes.push(kept);
    view.element.className = classes.join(" ");
    view.element.dataset.part = piece.part ?? "";
    if (piece.text === "") view.element.setAttribute("aria-label", "empty");
    else view.element.removeAttribute("aria-label");
    shownBy.set(view.element, { element: view.element, pane, line, piece, side });
  }
}

/** Returns a name that may break before a capital letter. */
const breakable = (name) => name.split(/(?<=[a-z])(?=[A-Z])/).flatMap((word, index) => (index ? [element("wbr"), word] : [word]));

/** Returns the first word of a part, which decides its colour. */
export function familyOf(part) {
  const word = (part ?? "").split(".")[0];
  if (FAMILIES.includes(word)) return word;
  return FAMILIES.find((family) => word.includes(family)) ?? "";
}
