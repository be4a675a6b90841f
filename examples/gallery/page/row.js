// One upload on the page: its name, progress, words and buttons.

import { upload } from "./upload.js";
import { bytesInWords } from "./words.js";

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export class Row {
  /** `run` is called when a turn is free; `done` with the listed image; `announce` with words for screen readers. */
  constructor(file, { settings, way, done, announce }) {
    Object.assign(this, { file, settings, way, done, announce });
    this.picture = element("span", { className: "picture" });
    this.bar = element("progress", { max: file.size || 1, value: 0 });
    this.bar.setAttribute("aria-label", `Progress of ${file.name}`);
    this.words = element("p", { className: "words", textContent: "Waiting…" });
    this.cancelButton = this.button("Cancel", () => this.cancel());
    this.retryButton = this.button("Retry", () => this.onRetry());
    this.removeButton = this.button("Remove", () => this.element.remove());
    this.buttons = element("div", { className: "buttons" });
    const name = element("p", { className: "name", textContent: file.name });
    const size = element("p", { className: "size", textContent: bytesInWords(file.size) });
    this.element = element("li", { className: "row" }, this.picture, element("div", {}, name, size), this.buttons, this.bar, this.words);
    this.show("waiting", "Waiting…");
  }

  button(text, onclick) {
    const button = element("button", { type: "button", textContent: text, onclick });
    button.setAttribute("aria-label", `${text} ${this.file.name}`);
    return button;
  }

  show(state, words) {
    const focused = this.buttons.contains(document.activeElement);
    this.state = state;
    this.element.className = `row ${state}`;
    this.element.dataset.code = this.code ?? "";
    this.words.textContent = words;
    const buttons = { waiting: [this.cancelButton], busy: [this.cancelButton], done: [this.removeButton] };
    // Another attempt with the same file would end in the same way.
    if (["refused_type", "empty_file", "too_large"].includes(this.code)) buttons.failed = [this.removeButton];
    this.buttons.replaceChildren(...(buttons[state] ?? [this.retryButton, this.removeButton]));
    this.bar.hidden = state !== "busy" && state !== "waiting";
    // The button that was used is gone: the next one takes the focus.
    if (focused) this.buttons.firstElementChild?.focus();
  }

  async run() {
    const stop = new AbortController();
    this.stop = stop;
    this.code = undefined;
    this.bar.value = 0;
    this.task = {
      signal: stop.signal,
      say: (words) => { if (this.stop === stop && !stop.signal.aborted) this.say(words); },
      progress: (bytes) => { this.bar.value = Math.min(bytes, this.bar.max); },
      picture: (blob) => this.thumbnail(blob),
    };
    this.show("busy", "Reading the file…");
    try {
      const listed = await upload(this.file, this.settings, this.way, this.task);
      this.show("done", `Uploaded, and proven: the storage has the same SHA-256.${this.task.note ?? ""}`);
      this.announce(`${this.file.name}: uploaded.`);
      this.done(listed);
    } catch (error) {
      this.code = error.code ?? "error";
      const words = error.code ? error.message : `Something unexpected happened: ${error.message}`;
      this.show(error.code === "canceled" ? "canceled" : "failed", words);
      this.announce(`${this.file.name}: ${words}`);
      if (error.code === "canceled") await this.task.onCancel?.();
    }
  }

  say(words) {
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  cancel() {
    if (this.state === "waiting") {
      this.code = "canceled";
      this.show("canceled", "Canceled.");
      this.announce(`${this.file.name}: Canceled.`);
    }
    this.stop?.abort();
  }

  thumbnail(blob) {
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.shown = URL.createObjectURL(blob);
    this.picture.replaceChildren(element("img", { src: this.shown, alt: "" }));
  }
}
