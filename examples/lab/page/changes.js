// Marks the changes of the last keystroke: tints pieces, and counts the changed bits of a hash.

import { paint, rangeIn } from "./dom.js";

const HASH = /^[0-9a-f]{64,}$/;
const tinted = new Set();
const counted = new Set();
let digits = [];
let round = 0;

/** Forgets the marks of the answer before. */
export function beginChanges() {
  for (const element of tinted) element.classList.remove("changed-0", "changed-1");
  for (const output of counted) output.textContent = "";
  tinted.clear();
  counted.clear();
  digits = [];
  round = 1 - round;
}

/** Tints a piece. The classes alternate, so that the fade begins again in a piece that is still fading. */
export function tint(element) {
  element.classList.add(`changed-${round}`);
  tinted.add(element);
}

/** Counts the bits in which two hashes differ, and marks the digits. */
export function countBits(node, before, after, output) {
  if (before.length !== after.length || !HASH.test(before) || !HASH.test(after)) return;
  let bits = 0;
  let run = null;
  for (let index = 0; index < after.length; index += 1) {
    const differing = parseInt(before[index], 16) ^ parseInt(after[index], 16);
    if (!differing) continue;
    bits += ones(differing);
    if (run?.end === index) run.end += 1;
    else digits.push(run = { node, start: index, end: index + 1 });
  }
  output.textContent = bits ? `${bits} of ${after.length * 4} bits changed` : "";
  counted.add(output);
}

export function endChanges() {
  paint("digits", digits.map(({ node, start, end }) => rangeIn(node, start, end)).filter(Boolean));
}

const ones = (digit) => (digit & 1) + ((digit >> 1) & 1) + ((digit >> 2) & 1) + ((digit >> 3) & 1);
