// Words for the target: its name, its origins, its uses, its reason, and the source.

import { element, find, sourceLink } from "./dom.js";
import { familyOf, shownIn } from "./line.js";
import { allPieces } from "./panes.js";

const KINDS = {
  copied: "copied, byte for byte", encoded: "written in another encoding", constant: "the same in every request",
  computed: "computed",
};
const wordsRoot = find("#words");
const liveRegion = find("#live");
const heading = (text) => element("h2", { id: "words-title", textContent: text });
let wordsShown = "";

export function showHint() {
  wordsShown = "";
  wordsRoot.classList.add("idle");
  wordsRoot.replaceChildren(
    element("div", { className: "words-head" }, heading("Point at any character")),
    element("p", { className: "words-why", textContent:
      "The page shows where it comes from and where it goes. Arrow keys move from piece to piece. A click pins a piece. Escape clears." }),
    element("ul", { className: "legend" }, ...[["here", "this"], ["from", "it comes from this"], ["to", "it goes into this"]]
      .map(([light, text]) => {
        const sample = element("span", { className: "piece of-path", textContent: "abc" });
        sample.dataset.light = light;
        return element("li", {}, sample, ` ${text}`);
      })));
  if (liveRegion.textContent) liveRegion.textContent = "";
}

/** Shows the words for a target, and announces them to screen readers if the keyboard chose it. */
export function showWords(target, reach, by) {
  const shown = target.piece ? shownIn(target.piece) : firstOf(reach.here);
  const from = [...new Set([...reach.fields.map(({ field }) => `field “${labelOf(field)}”`), ...namesOf(reach.from, reach.here)])];
  const to = namesOf(target.field ? new Set([...reach.here, ...reach.to]) : reach.to, target.field ? new Set() : reach.here);
  const title = target.field ? labelOf(target.field) : shown.line.name;
  const key = JSON.stringify([title, shown?.piece, shown?.line.what, from, to]);
  if (key !== wordsShown) {
    wordsShown = key;
    write(title, shown, from, to);
  }
  if (by !== "keyboard" || !target.piece) return;
  const text = shown.piece.text || "empty";
  const announced = [`${title}: ${text.slice(0, 80)}.`, `${KINDS[shown.piece.kind] ?? ""}.`, from.length && `From ${from.slice(0, 3).join(", ")}.`,
    to.length && `Goes to ${to.slice(0, 3).join(", ")}.`];
  liveRegion.textContent = announced.filter(Boolean).join(" ");
}

function write(title, shown, from, to) {
  wordsRoot.classList.remove("idle");
  const head = element("div", { className: "words-head" }, heading(title));
  if (shown) {
    const family = familyOf(shown.piece.part);
    const sample = element("code", { className: `sample piece${family ? ` of-${family}` : ""}`, textContent: short(shown.piece.text) || "(empty)" });
    head.append(sample, element("p", { className: "kind", textContent: KINDS[shown.piece.kind] ?? "" }));
    if (shown.piece.bytes) head.append(element("p", { className: "kind", textContent: `UTF-8 bytes: ${shown.piece.bytes}` }));
  }
  const why = element("div", { className: "words-why" });
  if (shown && shown.line.name !== title) why.append(element("p", { className: "kind", textContent: shown.line.name }));
  if (shown?.line.what) why.append(element("p", { className: "what", textContent: shown.line.what }));
  if (shown?.line.why) why.append(element("p", { textContent: shown.line.why }));
  if (shown?.line.source) why.append(element("p", { className: "source" }, sourceLink(shown.line.source)));
  if (!shown) why.append(element("p", { textContent: "No line shows what is typed here." }));
  wordsRoot.replaceChildren(head, why, element("dl", { className: "reach" }, ...reachOf("Comes from", from), ...reachOf("Goes to", to)));
}

function reachOf(term, names) {
  if (!names.length) return [];
  const more = names.length > 7 ? `, and ${names.length - 6} more` : "";
  return [element("dt", { textContent: term }), element("dd", { textContent: names.slice(0, more ? 6 : 7).join(", ") + more })];
}

/** Returns the first piece that shows one of some parts. */
function firstOf(parts) {
  const found = [...allPieces()].find((piece) => parts.has(shownIn(piece)?.piece.part));
  return found && shownIn(found);
}

/** Returns the names of the lines that show some parts, in the order of the page. */
function namesOf(parts, except) {
  const names = new Set();
  for (const element of allPieces()) {
    const shown = shownIn(element);
    if (shown && parts.has(shown.piece.part) && !except.has(shown.piece.part)) names.add(shown.line.name);
  }
  return [...names];
}

const labelOf = (field) => find(`label[for="${CSS.escape(field)}"]`)?.textContent ?? field;
const short = (text) => (text.length > 44 ? `${text.slice(0, 30)}…${text.slice(-10)}` : text);
