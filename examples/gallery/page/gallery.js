// The images that are confirmed.

import { element } from "./row.js";
import { ask } from "./send.js";
import { bytesInWords } from "./words.js";

const list = document.querySelector("#images");
const none = document.querySelector("#none");
const more = document.querySelector("#more");
const view = document.querySelector("#view");
const shown = new Set();
let next = null;

export async function load() {
  const page = await ask(`/api/images${next ? `?after=${encodeURIComponent(next)}` : ""}`);
  next = page.next;
  for (const image of page.images) if (!shown.has(image.file_name)) list.append(tile(image));
  more.hidden = !next;
  none.hidden = shown.size > 0;
}

export function add(image) {
  if (!shown.has(image.file_name)) list.prepend(tile(image));
  none.hidden = true;
}

more.onclick = () => load().catch((error) => { none.textContent = error.message; none.hidden = false; });

function tile(image) {
  shown.add(image.file_name);
  const kind = image.content_type.replace("image/", "").toUpperCase();
  const placeholder = () => element("span", { className: "none", textContent: kind });
  let picture = placeholder();
  if (image.thumbnail_url) {
    picture = element("img", { src: image.thumbnail_url, alt: "", loading: "lazy" });
    picture.onerror = () => picture.replaceWith(placeholder());
  }
  const name = element("span", { className: "name", textContent: image.name });
  const size = element("span", { className: "size", textContent: `${kind}, ${bytesInWords(image.size)}` });
  const button = element("button", { type: "button", className: "tile", onclick: () => open(image) }, picture, name, size);
  return element("li", {}, button);
}

/** The URL of a tile may have expired: a view gets a fresh one. */
async function open(image) {
  const picture = view.querySelector("img");
  const title = view.querySelector("h2");
  title.textContent = image.name;
  picture.alt = image.name;
  picture.removeAttribute("src");
  view.showModal();
  try {
    const fresh = await ask(`/presigned-url?file_name=${encodeURIComponent(image.file_name)}`);
    picture.src = fresh.presigned_url;
    picture.onerror = () => { title.textContent = `${image.name}: the browser cannot show this image`; };
  } catch (error) {
    title.textContent = `${image.name}: ${error.message}`;
  }
}
