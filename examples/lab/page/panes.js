// The panes: signer's and verifier's, each with its lines.

import { attributes, element, find, place } from "./dom.js";
import { LineView } from "./line.js";

const SECOND = ["string_to_sign", "keys", "signature"];
const slots = new Map();

class PaneView {
  constructor(id, side) {
    const titleId = `pane-${side}-${id}`;
    this.title = element("h3", { id: titleId });
    this.note = element("p", { className: "note" });
    this.grid = attributes(element("div", { className: "lines" }), { role: "grid", "aria-labelledby": titleId });
    const who = element("span", { className: "who", textContent: side === "signer" ? "Signer" : "Verifier" });
    const head = element("header", {}, this.title, who);
    this.element = element("section", { className: `pane ${side}` }, head, this.note, this.grid);
    this.element.setAttribute("aria-labelledby", titleId);
    this.element.dataset.pane = id;
    this.side = side;
    this.lines = new Map();
  }

  update(pane, algorithm) {
    const fresh = this.lines.size === 0;
    const title = algorithm ? `${pane.title}, ${algorithm}` : pane.title;
    if (this.title.textContent !== title) this.title.textContent = title;
    if (this.note.textContent !== (pane.note ?? "")) this.note.textContent = pane.note ?? "";
    const seen = new Map();
    for (const line of pane.lines) {
      // A repeated id gets a number, so that each line keeps its own elements.
      let key = line.id;
      for (let count = 2; seen.has(key); count += 1) key = `${line.id} ${count}`;
      const view = this.lines.get(key) ?? new LineView();
      view.update(pane, line, this.side, fresh);
      seen.set(key, view);
    }
    this.lines = seen;
    place(this.grid, [...seen.values()].map((view) => view.element));
    // One piece of each pane can be reached with the tab key; the arrow keys do the rest.
    if (!this.grid.querySelector("[tabindex='0']")) this.grid.querySelector(".piece")?.setAttribute("tabindex", "0");
  }
}

/** @param {import("./types.js").Answer} answer */
export function showPanes(answer) {
  const verifier = answer.verifier?.panes ?? [];
  const ids = [...new Set([...answer.panes, ...verifier].map((pane) => pane.id))];
  const groups = { first: [], second: [], third: [] };
  let after = false;
  for (const id of ids) {
    const slot = slotOf(id);
    const own = answer.panes.find((pane) => pane.id === id);
    const theirs = verifier.find((pane) => pane.id === id);
    const algorithm = answer.question.mode !== "sigv4a" ? "" : id.startsWith("sigv4a_") ? "SigV4a" : "SigV4";
    place(slot.element, [fillSide(slot, "signer", own, algorithm), fillSide(slot, "verifier", theirs, algorithm)].filter(Boolean));
    slot.element.classList.toggle("without-signer", !own);
    slot.element.classList.toggle("without-verifier", !theirs);
    after ||= SECOND.includes(id);
    groups[groupOf(id, after, answer.question.mode)].push(slot.element);
  }
  for (const [name, elements] of Object.entries(groups)) place(find(`#${name}`), elements);
  for (const id of slots.keys()) if (!ids.includes(id)) slots.delete(id);
}

function groupOf(id, after, mode) {
  if (mode === "sigv4a") return id.startsWith("sigv4a_") ? "second" : "first";
  if (SECOND.includes(id)) return "second";
  return after ? "third" : "first";
}

function slotOf(id) {
  if (!slots.has(id)) slots.set(id, { id, element: element("div", { className: "pair" }) });
  const slot = slots.get(id);
  slot.element.dataset.pane = id;
  return slot;
}

function fillSide(slot, side, pane, algorithm) {
  if (!pane) {
    slot[side] = undefined;
    return null;
  }
  slot[side] ??= new PaneView(slot.id, side);
  slot[side].update(pane, algorithm);
  return slot[side].element;
}

/** Gives the verifier's panes and lines the ids of the signer's, so that both sides of a step are a pair. */
export function pairIds({ verifier, question }) {
  // In this mode the page shows the request with both algorithms. The verifier receives the one with SigV4a.
  const side = question.mode === "sigv4a" ? "sigv4a_" : "";
  const same = (id) => id.replace(/^verifier_/, side);
  for (const pane of verifier?.panes ?? []) {
    pane.id = same(pane.id);
    for (const line of pane.lines) line.id = same(line.id);
  }
}

/** Returns every piece on the page, in the order of reading. */
export const allPieces = () => document.querySelectorAll("#panes .piece");
