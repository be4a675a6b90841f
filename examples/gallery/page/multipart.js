// Large files: parts in parallel, each with its SHA-256 in its URL. After a reload the storage's list of
// parts is compared with the file, part by part.

import { described, sha256 } from "./image.js";
import { ask, insist, sendThumbnail, store } from "./send.js";
import { Failure } from "./words.js";

const AT_ONCE = 4;
const FIRST = 8 * 1024 * 1024;
const REMEMBERED = "gallery-unfinished";

export async function uploadParts(file, type, small, task) {
  const first = await sha256(file.slice(0, FIRST));
  const begin = { filename: file.name, content_type: type, size: file.size, first_sha256: first };
  const upload = await ask("/api/multipart/start", begin, task.signal);
  const id = { key: upload.key, upload_id: upload.upload_id };
  remember({ ...id, name: file.name, size: file.size });
  task.onCancel = () => discard(id);
  try {
    const parts = await sendParts(file, upload, id, task);
    const ticket = await ask("/api/multipart/urls", { ...id, parts: [], thumbnail: await described(small) }, task.signal);
    await sendThumbnail(ticket.thumbnail, small, task);
    task.say("Checking what the storage has…");
    const listed = await ask("/api/multipart/complete", { ...id, parts }, task.signal);
    forget(id.key);
    return listed;
  } catch (error) {
    if (["differs", "gone", "not_uploaded"].includes(error.code)) forget(id.key);
    throw error;
  }
}

/** Returns each part with its size and checksum, once the storage has all of them. */
async function sendParts(file, upload, id, task) {
  const count = Math.ceil(file.size / upload.part_size);
  const parts = [];
  const sent = new Array(count).fill(0);
  let [next, found, differing, unproven] = [1, 0, 0, 0];
  const stop = new AbortController();
  task.signal.addEventListener("abort", () => stop.abort(), { once: true });
  const report = () => {
    task.progress(sent.reduce((sum, bytes) => sum + bytes, 0));
    task.note = found + differing ? ` Of ${count} parts, ${found} ${found === 1 ? "was" : "were"} there already, and ${differing} had other bytes.` : "";
    if (unproven) task.note = ` ${unproven} parts were there, but this storage lists no checksums, so they were sent again.`;
    task.say(`Uploading ${count} parts…${task.note}`);
  };

  async function one(number) {
    const blob = file.slice((number - 1) * upload.part_size, number * upload.part_size);
    const part = { number, size: blob.size, sha256: await sha256(blob) };
    parts[number - 1] = part;
    const stored = upload.parts.find((stored) => stored.number === number);
    if (stored?.sha256 === part.sha256 && stored.size === part.size) {
      found += 1;
    } else {
      if (stored && stored.sha256) differing += 1;
      else if (stored) unproven += 1;
      await insist(() => sendPart(part, blob), stop.signal);
    }
    sent[number - 1] = blob.size;
    report();
  }

  async function sendPart(part, blob) {
    // A fresh URL for each attempt.
    const ticket = await ask("/api/multipart/urls", { ...id, parts: [part] }, stop.signal);
    const progress = (bytes) => { sent[part.number - 1] = bytes; report(); };
    const { url, headers } = ticket.parts[0];
    await store({ method: "PUT", url, headers, body: blob, signal: stop.signal, progress }, ticket, blob);
  }

  async function worker() {
    while (next <= count) {
      if (stop.signal.aborted) throw new Failure("canceled", "Canceled.");
      await one(next++);
    }
  }

  report();
  const workers = Array.from({ length: Math.min(AT_ONCE, count) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    // The other parts would be sent for nothing.
    stop.abort();
    await Promise.allSettled(workers);
    throw error;
  }
  return parts;
}

/** Deletes the parts that the storage has. */
export async function discard({ key, upload_id }) {
  forget(key);
  await ask("/api/multipart/abort", { key, upload_id }).catch(() => {});
}

// The page shows the uploads that it remembers. The storage knows their parts.

export function unfinished() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? [];
  } catch {
    return [];
  }
}

function remember(upload) {
  keep([...unfinished().filter(({ key }) => key !== upload.key), upload].slice(-20));
}

function forget(gone) {
  keep(unfinished().filter(({ key }) => key !== gone));
}

function keep(uploads) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(uploads));
  } catch {
    // Without storage, the page cannot remind after a reload.
  }
}
