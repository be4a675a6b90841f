// Causes, likeliest first: what is certain, what is likely, both strings with their differing bytes, and the change to make.

import { element, find } from "./dom.js";

let diagnosisShown = "";

/** @param {import("./types.js").Answer} answer */
export function showDiagnosis({ diagnosis, question }) {
  const written = JSON.stringify([diagnosis, Boolean(question.service_answer)]);
  if (written === diagnosisShown) return;
  diagnosisShown = written;
  const place = find("#diagnosis");
  if (!question.service_answer) return place.replaceChildren();
  showCauses(place, diagnosis ?? []);
}

/** @param {import("./types.js").Cause[]} causes */
export function showCauses(place, causes) {
  if (!causes.length) return place.replaceChildren(element("p", { className: "note", textContent: "The diagnosis names no cause." }));
  place.replaceChildren(element("ol", { className: "causes" }, ...causes.map(causeItem)));
}

function causeItem(cause) {
  const item = element("li", { className: "cause" },
    element("h4", { textContent: cause.title }),
    element("p", { className: "tags" }, element("code", { textContent: cause.name }), ` ${cause.certainty}`));
  item.dataset.cause = cause.name;
  const sides = [["We signed", cause.ours], ["The service has", cause.theirs]].filter(([, marks]) => marks?.length);
  for (const [who, marks] of sides) {
    item.append(element("div", { className: "side" }, element("span", { className: "side-name", textContent: who }), markedText(marks)));
  }
  for (const [term, text] of [["Certain", cause.certain], ["Likely", cause.likely], ["Change", cause.change]]) {
    if (text) item.append(element("p", {}, element("strong", { textContent: `${term}:` }), ` ${text}`));
  }
  return item;
}

function markedText(marks) {
  return element("code", { className: "marked" }, ...marks.map(({ text, differs }) => element(differs ? "mark" : "span", { textContent: text })));
}
