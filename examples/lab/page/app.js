// The page: each keystroke asks the function, and the page shows the changes of its answer.

import { answer } from "./answer.js";
import { showBreaks } from "./breaks.js";
import { beginChanges, endChanges } from "./changes.js";
import { showCode, startCode } from "./code.js";
import { showDiagnosis } from "./diagnosis.js";
import { chosenView, markDifferences } from "./differences.js";
import { copy, element, find } from "./dom.js";
import { readQuestion, setBreak, showErrors, showMode, startInputs, writeQuestion } from "./inputs.js";
import { Joins } from "./joins.js";
import { lightsOut, lightUp } from "./light.js";
import { linkTo, questionOfLink } from "./link.js";
import { pairIds, showPanes } from "./panes.js";
import { startPointing } from "./pointing.js";
import { showVerdict } from "./verdict.js";
import { showHint, showWords } from "./words.js";

/** @type {import("./types.js").Answer} */
let latest = null;
/** The presets and the breaks, which are the same in every answer: the page asks for them once. */
let lists = null;
let joins = null;
let target = null;
let asked = 0;
let running = null;
let viewBefore = null;

/** Asks, and shows the answer unless a newer question was asked in the meantime. */
async function ask(question, write = false) {
  const number = ++asked;
  running?.abort();
  running = new AbortController();
  try {
    const received = { ...lists, ...await answer({ ...question, lists: !lists }, running.signal) };
    lists ??= { presets: received.presets, breaks: received.breaks };
    if (number === asked) show(received, write);
  } catch (error) {
    if (number === asked) showErrors([{ message: `The lab does not answer (${error.message}). Is it still running?` }]);
  }
  if (number === asked) document.body.dataset.answered = String(number);
}

function show(received, write) {
  latest = received;
  pairIds(received);
  if (write) writeQuestion(received.question);
  // While a field is wrong, the panes of the last request that could be signed stay, and are grey.
  const stale = received.panes.length === 0;
  document.body.classList.toggle("stale", stale);
  if (!stale) {
    joins = new Joins(received);
    beginChanges();
    showPanes(received);
    endChanges();
  }
  showErrors(received.errors);
  showVerdict(received);
  showPresets(received);
  showBreaks(received, breakIt);
  showDiagnosis(received);
  showCode(received);
  markDifferences(received);
  if (target?.piece && !target.piece.isConnected) target = null;
  if (target && joins) lightUp(target, joins);
}

function showPresets({ presets, question }) {
  const select = find("#preset");
  if (select.options.length !== presets.length + 1) {
    select.replaceChildren(element("option", { value: "", textContent: "Your own request", disabled: true }),
      ...presets.map(({ name, title }) => element("option", { value: name, textContent: title })));
  }
  const same = presets.find((preset) => isPreset(preset, question));
  const name = same?.name ?? "";
  if (select.value !== name) select.value = name;
}

/** Returns true if nothing was edited since the preset was chosen. */
function isPreset(preset, question) {
  return Object.entries(preset.question).every(([name, value]) =>
    name === "break" || name === "service_answer" || String(question[name]) === String(value));
}

function choosePreset(preset) {
  setBreak("");
  setView(viewBefore);
  viewBefore = null;
  ask({ ...preset.question, break: "", service_answer: "" }, true);
}

/** Changes the mode. An edited request keeps its members; an example is replaced by an example of the new mode. */
function chooseMode(mode) {
  const unedited = latest?.presets.some((preset) => isPreset(preset, latest.question));
  const example = latest?.presets.find((preset) => (preset.question.mode ?? "header") === mode);
  if (unedited && example) return choosePreset(example);
  setBreak("");
  showMode();
  ask(readQuestion(), true);
}

/** Breaks the request, or restores it if `name` is empty. The panes of both sides are shown while it is broken. */
function breakIt(name) {
  setBreak(name);
  if (name && viewBefore === null) { viewBefore = chosenView(); setView("both"); }
  if (!name) { setView(viewBefore); viewBefore = null; }
  ask(readQuestion());
}

function setView(view) {
  if (!view) return;
  find(`#view [value=${view}]`).checked = true;
  document.body.dataset.view = view;
}

function aim(next, by) {
  if (!joins) return;
  // The caret moves with each keystroke, before the answer to it: the next answer lights it.
  if (target && target.piece === next.piece && target.field === next.field && target.offset === next.offset) return;
  target = next;
  showWords(target, lightUp(target, joins), by);
}

function start() {
  startInputs(() => ask(readQuestion()));
  startCode();
  showHint();
  startPointing(aim, () => { target = null; lightsOut(); showHint(); });
  find("#mode").addEventListener("change", (event) => chooseMode(event.target.value));
  find("#view").addEventListener("change", () => { viewBefore = null; setView(chosenView()); });
  find("#preset").addEventListener("change", (event) => choosePreset(latest.presets.find(({ name }) => name === event.target.value)));
  find("#copy-link").addEventListener("click", (event) => {
    const link = linkTo(readQuestion());
    history.replaceState(null, "", link);
    copy(event.currentTarget, link);
  });
  // The fragment is the request, so that a link inside the page moves the focus and leaves the fragment as it is.
  for (const link of document.querySelectorAll("[data-jump]")) {
    link.addEventListener("click", (event) => { event.preventDefault(); find(link.hash).focus(); find(link.hash).scrollIntoView(); });
  }
  window.addEventListener("hashchange", () => ask(questionOfLink(), true));
  ask(questionOfLink(), true).then(() => { document.body.dataset.ready = "yes"; });
}

start();
