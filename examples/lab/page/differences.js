// Marks the differences between the signer's and the verifier's panes, and in the parts that a diagnosis names.

import { find, paint, rangeIn } from "./dom.js";
import { shownIn } from "./line.js";
import { allPieces } from "./panes.js";

/** @param {import("./types.js").Answer} answer */
export function markDifferences(answer) {
  const ranges = [];
  const lines = new Set();
  for (const pair of document.querySelectorAll("#panes .pair")) {
    const [ours, theirs] = ["signer", "verifier"].map((side) => pair.querySelector(`.${side}`));
    if (ours && theirs) comparePanes(ours, theirs, ranges, lines);
  }
  for (const line of document.querySelectorAll("#panes .line")) line.classList.toggle("differs", lines.has(line));
  const parts = new Set([...(answer.broken?.diagnosis ?? []), ...(answer.diagnosis ?? [])].map((cause) => cause.part).filter(Boolean));
  for (const element of allPieces()) {
    const part = shownIn(element)?.piece.part ?? "";
    element.classList.toggle("accused", [...parts].some((accused) => part === accused || part.startsWith(`${accused}.`)));
  }
  paint("differs", ranges);
  document.body.classList.toggle("has-differences", lines.size > 0);
}

function comparePanes(ours, theirs, ranges, lines) {
  const mine = byLine(ours);
  const others = byLine(theirs);
  for (const [id, line] of mine) compareLines(line, others.get(id), ranges, lines);
  for (const [id, line] of others) if (!mine.has(id)) compareLines(line, undefined, ranges, lines);
}

/** Marks the differences of two lines. A line that only one side has differs as a whole. */
function compareLines(line, other, ranges, lines) {
  const text = textOf(line);
  const otherText = other ? textOf(other) : "";
  if (other && text === otherText) return;
  const limit = Math.min(text.length, otherText.length);
  let start = 0;
  while (start < limit && text[start] === otherText[start]) start += 1;
  let end = 0;
  while (end < limit - start && text[text.length - 1 - end] === otherText[otherText.length - 1 - end]) end += 1;
  for (const [side, length] of [[line, text.length], [other, otherText.length]]) {
    if (!side) continue;
    lines.add(side);
    // Where one side has a byte less, the mark is on its neighbour, so that there is something to see.
    const from = start < length - end ? start : Math.max(0, start - 1);
    ranges.push(...rangesOf(side, from, Math.max(length - end, from + 1)));
  }
}

function rangesOf(line, start, end) {
  const found = [];
  let before = 0;
  for (const { firstChild } of line.querySelectorAll(".piece")) {
    const range = rangeIn(firstChild, Math.max(0, start - before), Math.min(firstChild.length, end - before));
    if (range) found.push(range);
    before += firstChild.length;
  }
  return found;
}

function byLine(pane) {
  const found = new Map();
  for (const line of pane.querySelectorAll(".line")) {
    let key = line.dataset.line;
    while (found.has(key)) key += " again";
    found.set(key, line);
  }
  return found;
}

const textOf = (line) => [...line.querySelectorAll(".piece")].map((piece) => piece.textContent).join("");
export const chosenView = () => find("#view input:checked").value;
