// The page: files come in by choice, drop and paste, and wait for their turn.

import * as attempts from "./attempts.js";
import * as gallery from "./gallery.js";
import { discard, unfinished } from "./multipart.js";
import { Row, element } from "./row.js";
import { ask } from "./send.js";
import { bytesInWords } from "./words.js";

const AT_ONCE = 3;
const find = (selector) => document.querySelector(selector);
const [rows, status, drop, input] = [find("#rows"), find("#status"), find("#drop"), find("#files")];
const waiting = [];
let running = 0;
let settings = null;

async function start() {
  try {
    settings = await ask("/api/settings");
  } catch (error) {
    return notice(error.message);
  }
  if (!crypto.subtle) notice("Browsers compute checksums only on https pages and on localhost: open this page at such an address.");
  find("#limits").textContent = `PNG, JPEG, GIF, WebP and AVIF, up to ${bytesInWords(settings.max_size)}`;
  find("#relay").hidden = !settings.relay;
  input.accept = settings.types.join(",");
  attempts.show(find("#attempts"));
  showUnfinished();
  await gallery.load().catch((error) => notice(error.message));
  document.body.dataset.ready = "yes";
}

function take(files) {
  for (const file of files) {
    const way = find("input[name=way]:checked").value;
    const row = new Row(file, { settings, way, done: gallery.add, announce });
    row.onRetry = () => { row.show("waiting", "Waiting…"); queue(row); };
    rows.prepend(row.element);
    queue(row);
  }
}

function queue(row) {
  waiting.push(row);
  next();
}

async function next() {
  while (running < AT_ONCE && waiting.length) {
    const row = waiting.shift();
    if (row.state !== "waiting") continue;
    running += 1;
    row.run().finally(() => { running -= 1; showUnfinished(); next(); });
  }
}

/** Uploads of an earlier visit. The browser gives a file only to a visitor who chooses it again. */
function showUnfinished() {
  const active = new Set([...rows.querySelectorAll(".busy .name, .waiting .name")].map((name) => name.textContent));
  const left = unfinished().filter(({ name }) => !active.has(name));
  const list = find("#unfinished");
  list.hidden = !left.length;
  list.replaceChildren(...left.map((upload) => {
    const words = `Not complete. Choose ${upload.name} again, and only the missing parts are sent.`;
    const button = element("button", { type: "button", textContent: "Discard" });
    button.setAttribute("aria-label", `Discard ${upload.name}`);
    button.onclick = async () => { await discard(upload); showUnfinished(); };
    return element("li", { className: "row" },
      element("span", { className: "picture" }),
      element("div", {},
        element("p", { className: "name", textContent: upload.name }),
        element("p", { className: "size", textContent: bytesInWords(upload.size) })),
      element("div", { className: "buttons" }, button),
      element("p", { className: "words", textContent: words }));
  }));
}

function announce(words) {
  status.textContent = words;
}

function notice(words) {
  Object.assign(find("#notice"), { textContent: words, hidden: false });
}

input.onchange = () => { take([...input.files]); input.value = ""; };
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length) { event.preventDefault(); take(files); }
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});

start();
