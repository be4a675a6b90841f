// The buttons that break the request after it was signed, and the answer of the service.

import { element, find } from "./dom.js";
import { showCauses } from "./diagnosis.js";

let brokenShown = "";

/**
 * @param {import("./types.js").Answer} answer
 * @param {(name: string) => void} onBreak
 */
export function showBreaks(answer, onBreak) {
  const place = find("#breaks");
  if (place.childElementCount !== answer.breaks.length) {
    place.replaceChildren(...answer.breaks.map(({ name, title }) => {
      const button = element("button", { type: "button", textContent: title });
      button.dataset.break = name;
      button.onclick = () => onBreak(button.getAttribute("aria-pressed") === "true" ? "" : name);
      return button;
    }));
  }
  for (const button of place.children) {
    const { name, modes = [] } = answer.breaks.find((known) => known.name === button.dataset.break) ?? {};
    button.hidden = modes.length > 0 && !modes.includes(answer.question.mode);
    button.setAttribute("aria-pressed", String(answer.question.break === name));
  }
  find("#no-breaks").hidden = [...place.children].some((button) => !button.hidden);
  showBroken(answer.broken);
}

function showBroken(broken) {
  const written = JSON.stringify(broken ?? null);
  if (written === brokenShown) return;
  brokenShown = written;
  const place = find("#broken");
  if (!broken) return place.replaceChildren();
  const causes = element("div", { className: "causes" });
  const verifier = broken.verifier_says
    ? [element("h3", { textContent: "The verifier adds" }), element("p", { className: "note", textContent: broken.verifier_says })] : [];
  if (!broken.service_says) return place.replaceChildren(element("p", { className: "sentence", textContent: broken.sentence }));
  place.replaceChildren(
    element("p", { className: "sentence", textContent: broken.sentence }),
    ...verifier,
    element("h3", { textContent: "Diagnosis" }), causes,
    element("h3", { textContent: "The service says" }),
    element("pre", { className: "says", tabIndex: 0, textContent: broken.service_says }),
  );
  showCauses(causes, broken.diagnosis);
}
