// Finds the target of the pointer or of the keyboard. The last target stays lit; a click pins it; Escape clears it.

import { find } from "./dom.js";
import { offsetInField, offsetInPiece, sentOffset } from "./fields.js";

const panesRoot = find("#panes");
const KEYS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: "down", ArrowUp: "up", Home: "first", End: "last" };
let pinned = null;

/**
 * @param {(target: import("./types.js").Target, by: "pointer"|"keyboard") => void} onTarget
 * @param {() => void} onClear
 */
export function startPointing(onTarget, onClear) {
  panesRoot.addEventListener("pointermove", (event) => {
    if (pinned || event.pointerType === "touch") return;
    const piece = pieceOf(event.target);
    if (piece) onTarget({ piece, offset: offsetInPiece(piece, event.clientX, event.clientY) }, "pointer");
  });
  panesRoot.addEventListener("focusin", (event) => {
    const piece = event.target.closest(".piece");
    if (!piece) return;
    rove(piece);
    if (piece !== pinned) unpin();
    onTarget({ piece, offset: null }, "keyboard");
  });
  panesRoot.addEventListener("click", (event) => {
    const piece = pieceOf(event.target);
    if (!piece || !getSelection().isCollapsed) return;
    const again = piece === pinned;
    unpin();
    if (!again) pin(piece);
    piece.focus({ preventScroll: true });
    onTarget({ piece, offset: offsetInPiece(piece, event.clientX, event.clientY) }, "pointer");
  });
  panesRoot.addEventListener("keydown", move);
  startFieldPointing(onTarget);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    unpin();
    onClear();
  });
}

function startFieldPointing(onTarget) {
  const form = find("#inputs");
  const fieldOf = (target) => target.closest?.("[data-field]")?.querySelector("input, textarea, select");
  form.addEventListener("pointermove", (event) => {
    const control = fieldOf(event.target);
    if (pinned || !control || event.pointerType === "touch") return;
    onTarget({ field: control.id, offset: offsetInField(control, event.clientX, event.clientY) }, "pointer");
  });
  form.addEventListener("focusin", (event) => {
    const control = fieldOf(event.target);
    if (control) { unpin(); onTarget({ field: control.id, offset: null }, "keyboard"); }
  });
  // The character after the caret, so that the arrow keys walk through the field and the panes together.
  document.addEventListener("selectionchange", () => {
    const control = document.activeElement;
    if (!form.contains(control) || !control.id || control.selectionStart === null || control.selectionStart === undefined) return;
    if (control.type === "password" || control.selectionStart >= control.value.length) return;
    onTarget({ field: control.id, offset: sentOffset(control, control.selectionStart) }, "caret");
  });
}

/** Returns the piece at an element. At the name of a line, returns the first piece of the line that has a part. */
function pieceOf(target) {
  const piece = target.closest?.(".piece");
  if (piece) return piece;
  const line = target.closest?.(".line");
  return line?.querySelector(".piece:not(.constant)") ?? line?.querySelector(".piece") ?? null;
}

function move(event) {
  const step = KEYS[event.key];
  const piece = event.target.closest(".piece");
  if (step === undefined || !piece || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const pieces = [...panesRoot.querySelectorAll(".piece")].filter((other) => other.checkVisibility());
  const index = pieces.indexOf(piece);
  const next = typeof step === "number" ? pieces[index + step]
    : step === "first" || step === "last" ? edge(piece, step)
    : neighbour(pieces, index, piece, step);
  next?.focus();
}

function edge(piece, step) {
  const all = piece.closest(".line").querySelectorAll(".piece");
  return all[step === "first" ? 0 : all.length - 1];
}

/** Returns the first piece of the next line, or of the line before; lines of other panes follow. */
function neighbour(pieces, index, piece, step) {
  const line = piece.closest(".line");
  if (step === "down") return pieces.slice(index).find((other) => other.closest(".line") !== line);
  const before = pieces.slice(0, index).findLast((other) => other.closest(".line") !== line);
  return before && pieces.find((other) => other.closest(".line") === before.closest(".line"));
}

function rove(piece) {
  for (const other of piece.closest(".lines").querySelectorAll("[tabindex='0']")) other.setAttribute("tabindex", "-1");
  piece.setAttribute("tabindex", "0");
}

function pin(piece) {
  pinned = piece;
  document.body.dataset.pinned = "yes";
}

function unpin() {
  pinned = null;
  delete document.body.dataset.pinned;
}
