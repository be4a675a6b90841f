// The form: reads the question from its controls and writes a question into them.

import { attributes, element, find } from "./dom.js";
import { mirrorFields, sentText, syncMirrors } from "./fields.js";

const inputForm = find("#inputs");
const named = () => inputForm.querySelectorAll("input[id], textarea[id], select[id]");
let breakName = "";

export function startInputs(onChange) {
  mirrorFields(inputForm);
  inputForm.addEventListener("submit", (event) => event.preventDefault());
  inputForm.addEventListener("input", (event) => {
    if (event.target.name === "mode") return;
    // A URL has no line endings: the field has several lines because a long URL wraps.
    if ("line" in event.target.dataset) event.target.value = event.target.value.replace(/[\r\n]+/g, "");
    onChange();
  });
  find("#service_answer").addEventListener("input", onChange);
  find("#show-secret").addEventListener("click", toggleSecret);
  find("#now").addEventListener("click", () => { setTime(new Date()); onChange(); });
  find("#tomorrow").addEventListener("click", () => {
    const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(find("#time").value) ?? [];
    if (!year) return;
    setTime(new Date(Date.UTC(+year, month - 1, +day + 1, +hour, +minute, +second)));
    onChange();
  });
}

/** Returns the question that is typed. */
export function readQuestion() {
  const question = { mode: inputForm.mode.value, break: breakName, service_answer: find("#service_answer").value };
  for (const control of named()) {
    const number = "number" in control.dataset && /^\d{1,9}$/.test(control.value);
    question[control.id] = number ? Number(control.value) : sentText(control);
  }
  syncMirrors();
  return question;
}

/** Writes a question into the form. A member that the question does not have keeps its value. */
export function writeQuestion(question) {
  for (const radio of inputForm.querySelectorAll("[name=mode]")) radio.checked = radio.value === question.mode;
  for (const control of named()) {
    const value = question[control.id];
    if (value === undefined || value === null || sentText(control) === String(value)) continue;
    control.value = String(value);
    // A text area has no carriage returns: they are added when its text is read.
    if (String(value).includes("\r\n")) control.dataset.crlf = "yes";
    else delete control.dataset.crlf;
  }
  if (question.service_answer !== undefined) find("#service_answer").value = question.service_answer;
  breakName = question.break ?? breakName;
  showMode();
  syncMirrors();
}

/** Shows the fields that the kind of signature uses. */
export function showMode() {
  const mode = inputForm.mode.value;
  document.body.dataset.mode = mode;
  for (const field of inputForm.querySelectorAll("[data-modes]")) field.hidden = !field.dataset.modes.split(" ").includes(mode);
}

export const setBreak = (name) => { breakName = name; };

/** Shows each error at its field. @param {{ field: string, message: string }[]} errors */
export function showErrors(errors) {
  for (const field of inputForm.querySelectorAll("[data-field]")) {
    const name = field.dataset.field;
    const messages = errors.filter((error) => error.field === name).map(({ message }) => asSentence(message));
    showError(field, name, messages.join(" "));
  }
  const elsewhere = errors.filter(({ field }) => !inputForm.querySelector(`[data-field="${CSS.escape(field ?? "")}"]:not([hidden])`));
  if (!elsewhere.length && !find("#errors").childElementCount) return;
  find("#errors").replaceChildren(...elsewhere.map(({ message }) => element("li", { textContent: asSentence(message) })));
}

function showError(field, name, message) {
  let output = field.querySelector(".error");
  if (!message) {
    output?.remove();
    if (find(`#${name}`).hasAttribute("aria-invalid")) find(`#${name}`).removeAttribute("aria-invalid");
    return;
  }
  if (!output) {
    output = attributes(element("p", { className: "error", id: `error-${name}` }), { role: "status" });
    field.append(output);
  }
  if (output.textContent !== message) output.textContent = message;
  attributes(find(`#${name}`), { "aria-invalid": "true", "aria-errormessage": output.id });
}

const asSentence = (message) => message.charAt(0).toUpperCase() + message.slice(1) + (/[.?!]$/.test(message) ? "" : ".");

function setTime(date) {
  find("#time").value = date.toISOString().replace(/[-:]|\.\d+/g, "");
}

function toggleSecret() {
  const [secret, button] = [find("#secret"), find("#show-secret")];
  const shown = secret.type === "password";
  secret.type = shown ? "text" : "password";
  button.textContent = shown ? "Hide" : "Show";
  button.setAttribute("aria-pressed", String(shown));
}
