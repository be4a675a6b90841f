// The verdict: AWS's own value is reached or not, and the verifier accepts the final request or refuses it.

import { element, find, sourceLink } from "./dom.js";

let verdictShown = "";

/** @param {import("./types.js").Answer} answer */
export function showVerdict({ expected, verifier, signature }) {
  const key = JSON.stringify([expected, verifier?.verdict, verifier?.code, verifier?.status, !signature]);
  if (key === verdictShown) return;
  verdictShown = key;
  find("#verdict").replaceChildren(published(expected, signature), element("span", { className: "gap", textContent: " " }), received(verifier));
}

function published(expected, signature) {
  if (!signature) return element("span", { className: "state bad", textContent: "✕ No signature: see the marked fields" });
  if (!expected) return element("span", { className: "state none", textContent: "No published value for this request" });
  const [state, text] = expected.reached ? ["good", "✓ AWS’s own value reached"] : ["none", "≠ AWS’s published value"];
  const shown = element("span", { className: `state ${state}`, textContent: text });
  if (expected.source) shown.append(" ", sourceLink({ ...expected.source, title: "source" }));
  shown.lastChild.title = expected.source?.title ?? "";
  return shown;
}

function received(verifier) {
  if (!verifier) return element("span", {});
  if (verifier.verdict === "accepted") return element("span", { className: "state good", textContent: "✓ Verifier accepts" });
  const shown = element("span", { className: "state bad", textContent: `✕ ${verifier.status ?? ""} ${verifier.code ?? "Verifier refuses"}` });
  shown.title = verifier.message ?? "";
  return shown;
}
