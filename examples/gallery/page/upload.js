// One file, from its bytes to the listing.

import { described, sha256, sniff, thumbnail } from "./image.js";
import { uploadParts } from "./multipart.js";
import { ask, send, sendThumbnail, store } from "./send.js";
import { Failure, bytesInWords, ofService } from "./words.js";

/** `task` has `signal`, and takes `say(words)`, `progress(bytes)` and `picture(blob)`. Returns the listed image. */
export async function upload(file, settings, way, task) {
  if (file.size === 0) throw new Failure("empty_file", "The file is empty: it has 0 bytes. Choose another one.");
  task.say("Reading the file…");
  const type = await sniff(file).catch(() => {
    throw new Failure("file", "The file cannot be read. Is it a folder, or was it removed?");
  });
  if (!settings.types.includes(type)) {
    throw new Failure("refused_type", "This type is not accepted: the first bytes are not those of a PNG, JPEG, GIF, WebP or AVIF. Convert it, or choose another file.");
  }
  if (file.size > settings.max_size) {
    throw new Failure("too_large", `The file is too large: ${bytesInWords(file.size)}; at most ${bytesInWords(settings.max_size)}. Choose a smaller one.`);
  }
  if (!crypto.subtle) throw new Failure("insecure", "Browsers compute checksums only on https pages and on localhost. Open this page at such an address.");
  const small = await thumbnail(file);
  if (small) task.picture(small);
  if (way === "url" && file.size > settings.multipart_from) return uploadParts(file, type, small, task);

  const asked = { filename: file.name, content_type: type, size: file.size, sha256: await sha256(file), thumbnail: await described(small) };
  const key = await WAYS[way](file, asked, small, task);
  task.say("Checking what the storage has…");
  return ask("/api/confirm", { key, size: asked.size, sha256: asked.sha256 }, task.signal);
}

const WAYS = {
  async url(file, asked, small, task) {
    const ticket = await ask("/api/generate-upload-url", asked, task.signal);
    task.say("Uploading…");
    await sendThumbnail(ticket.thumbnail, small, task);
    await store({ method: "PUT", ...request(ticket, task), body: file }, ticket, file);
    return ticket.key;
  },

  async form(file, asked, small, task) {
    const ticket = await ask("/api/upload-form", asked, task.signal);
    task.say("Uploading by form…");
    await sendThumbnail(ticket.thumbnail, small, task);
    const body = new FormData();
    for (const [name, value] of ticket.fields) body.append(name, value);
    body.append("file", file);
    await store({ method: "POST", ...request({ url: ticket.url }, task), body }, ticket, file);
    return ticket.key;
  },

  async relay(file, asked, _small, task) {
    const { filename, content_type, sha256 } = asked;
    task.say("Uploading through the service…");
    const url = `/api/relay?${new URLSearchParams({ filename, content_type, sha256 })}`;
    const answer = await send({ method: "POST", ...request({ url }, task), body: file });
    const said = answer.text ? JSON.parse(answer.text) : null;
    if (answer.status !== 200) throw ofService(answer.status, said);
    return said.key;
  },
};

const request = ({ url, headers }, { signal, progress }) => ({ url, headers, signal, progress });
