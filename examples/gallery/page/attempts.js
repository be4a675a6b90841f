// Sends something else than was signed, so that one sees what a signed URL refuses.

import { sha256 } from "./image.js";
import { element } from "./row.js";
import { ask, send } from "./send.js";
import { bytesInWords, ofStorage } from "./words.js";

// One pixel.
const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (letter) => letter.charCodeAt(0),
);

const otherKey = (url) => url.replace(/(incoming\/[^/]+\/)(.)/, (_, folder, digit) => folder + (digit === "0" ? "1" : "0"));
const ATTEMPTS = [
  ["as-signed", "As signed", (request) => request],
  ["type", "Another type", (request) => ({ ...request, headers: { ...request.headers, "content-type": "text/html" } })],
  ["byte", "One byte more", (request) => ({ ...request, body: Uint8Array.of(...PNG, 0) })],
  ["bytes", "Other bytes, as many", (request) => ({ ...request, body: PNG.map((byte, at) => (at > 40 ? byte ^ 1 : byte)) })],
  ["key", "Another key", (request) => ({ ...request, url: otherKey(request.url) })],
  ["name", "Another name", (request) => ({ ...request, headers: { ...request.headers, "content-disposition": "inline" } })],
  ["twice", "The same URL twice", async (request) => { await send(request); return request; }],
];

export function show(place) {
  for (const [id, label, change] of ATTEMPTS) {
    const output = element("output", { id: `attempt-${id}` });
    const button = element("button", { type: "button", textContent: label });
    button.dataset.attempt = id;
    button.onclick = async () => {
      button.disabled = true;
      output.textContent = await attempt(change).catch((error) => error.message);
      button.disabled = false;
      button.focus();
    };
    place.append(button, output);
  }
}

async function attempt(change) {
  const asked = { filename: "pixel.png", content_type: "image/png", size: PNG.length, sha256: await sha256(PNG) };
  const ticket = await ask("/api/generate-upload-url", asked);
  const request = await change({ method: "PUT", url: ticket.url, headers: ticket.headers, body: PNG });
  const answer = await send(request);
  if (answer.status === 0) return "No answer that the page may read.";
  if (answer.status < 300) return `${answer.status}: accepted ${bytesInWords(PNG.length)}. It is not confirmed, so it is deleted after a while.`;
  const code = new DOMParser().parseFromString(answer.text, "application/xml").querySelector("Code")?.textContent ?? "";
  return `${answer.status} ${code}: ${ofStorage(answer, ticket).message}`;
}
