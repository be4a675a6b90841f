// Lights up the pieces that belong to the piece or field under the pointer: itself, its origins, its uses.

import { paint, rangeIn } from "./dom.js";
import { markFields } from "./fields.js";
import { holds, joined } from "./joins.js";
import { shownIn } from "./line.js";
import { allPieces } from "./panes.js";

/**
 * Lights up a target. Returns the parts in the three classes, for the words.
 * @param {import("./types.js").Target} target
 * @param {import("./joins.js").Joins} joins
 */
export function lightUp(target, joins) {
  const here = new Set(target.piece ? [shownIn(target.piece)?.piece.part].filter(joined) : joins.ofField(target.field, target.offset));
  const origins = joins.origins(here);
  const to = joins.consequences(here);
  for (const element of allPieces()) {
    const part = shownIn(element)?.piece.part;
    const own = element === target.piece;
    setLight(element, own || here.has(part) ? "here" : origins.parts.has(part) ? "from" : to.has(part) ? "to" : "");
    element.classList.toggle("own", own);
  }
  const own = target.field ? [{ field: target.field }] : shownIn(target.piece)?.piece.from?.filter(({ field }) => field) ?? [];
  const fields = target.field ? [] : [...own, ...origins.fields];
  markFields(fields);
  lightCharacter(target);
  return { here, from: origins.parts, to, fields };
}

export function lightsOut() {
  for (const element of allPieces()) {
    setLight(element, "");
    element.classList.remove("own");
  }
  markFields([]);
  markFields([], "character-typed");
  paint("character", []);
}

function setLight(element, light) {
  if ((element.dataset.light ?? "") === light) return;
  if (light) element.dataset.light = light;
  else delete element.dataset.light;
}

/** Marks one character in the field and in each piece that is a copy of it. */
function lightCharacter(target) {
  const place = target.field ? { field: target.field, offset: target.offset } : characterOrigin(target);
  if (!place || place.offset === null || place.offset === undefined) {
    paint("character", []);
    markFields([], "character-typed");
    return;
  }
  const ranges = [];
  for (const element of allPieces()) {
    const index = characterIn(shownIn(element)?.piece, place);
    const range = index === null ? null : rangeIn(element.firstChild, index, index + 1);
    if (range) ranges.push(range);
  }
  paint("character", ranges);
  markFields([{ field: place.field, start: place.offset, end: place.offset + 1 }], "character-typed");
}

/** Returns the place in a field that a character of a copied piece comes from. */
function characterOrigin({ piece, offset }) {
  const shown = shownIn(piece)?.piece;
  if (shown?.kind !== "copied" || offset === null || offset === undefined) return null;
  let rest = offset;
  for (const origin of shown.from ?? []) {
    if (!origin.field || origin.start === undefined) return null;
    const length = origin.end - origin.start;
    if (rest < length) return { field: origin.field, offset: origin.start + rest };
    rest -= length;
  }
  return null;
}

/** Returns the index of the copy of a field's character in a piece, or null. */
function characterIn(piece, { field, offset }) {
  if (piece?.kind !== "copied") return null;
  let before = 0;
  for (const origin of piece.from ?? []) {
    if (origin.field === field && origin.start !== undefined && holds(origin, offset)) return before + offset - origin.start;
    before += (origin.end ?? 0) - (origin.start ?? 0);
  }
  return null;
}
