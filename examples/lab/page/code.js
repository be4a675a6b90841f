// The request as a program: Rust, curl, Python.

import { copy, element, find } from "./dom.js";

const LANGUAGES = [["rust", "Rust"], ["curl", "curl"], ["python", "Python"]];
let language = "rust";
let programs = {};
let codeShown = "";

export function startCode() {
  find("#languages").append(...LANGUAGES.map(([name, label]) => {
    const radio = element("input", { type: "radio", name: "language", value: name, checked: name === language });
    radio.onchange = () => { language = name; writeCode(); };
    return element("label", {}, radio, element("span", { textContent: label }));
  }));
  find("#copy-code").onclick = (event) => copy(event.currentTarget, programs[language] ?? "");
}

/** @param {import("./types.js").Answer} answer */
export function showCode({ code }) {
  programs = code ?? {};
  writeCode();
}

function writeCode() {
  const text = programs[language] ?? "There is no program for this request.";
  if (text === codeShown) return;
  codeShown = text;
  find("#code").textContent = text;
}
