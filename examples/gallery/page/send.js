// Requests: to the service in JSON, to the storage exactly as signed.

import { Failure, canceled, ofService, ofSilence, ofStorage } from "./words.js";

/** Asks the service. */
export async function ask(path, body, signal) {
  const sent = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const asked = performance.now();
  let answer;
  try {
    answer = await fetch(path, { ...sent, signal });
  } catch (error) {
    throw error.name === "AbortError" ? canceled() : ofService(0);
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw ofService(answer.status, said);
  return { ...said, asked };
}

/** Sends to the storage, or fails in words. `ticket` has the time at which the URL was asked for, and its lifetime. */
export async function store(request, ticket, file) {
  const answer = await send(request);
  if (answer.status === 0) throw await ofSilence(request.url, file, answer.begun);
  if (answer.status >= 300) throw ofStorage(answer, ticket);
  return answer;
}

/** A missing thumbnail is no reason to fail. */
export async function sendThumbnail(ticket, blob, task) {
  if (!ticket || !blob) return;
  await send({ method: "PUT", url: ticket.url, headers: ticket.headers, body: blob, signal: task.signal }).catch((error) => {
    if (error.code === "canceled") throw error;
  });
}

/** XMLHttpRequest tells how many bytes were sent, which fetch does not. */
export function send({ method, url, headers = {}, body, signal, progress }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(canceled());
    const xhr = new XMLHttpRequest();
    let begun = false;
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      // The browser sets the length itself, from the body. It is signed, so it must be right.
      if (name !== "content-length") xhr.setRequestHeader(name, value);
    }
    if (progress) {
      xhr.upload.onprogress = (event) => { begun ||= event.loaded > 0; progress(event.loaded); };
    }
    xhr.onload = () => resolve({ status: xhr.status, text: xhr.responseText, begun: true });
    xhr.onerror = () => resolve({ status: 0, text: "", begun });
    xhr.ontimeout = xhr.onerror;
    signal?.addEventListener("abort", () => { xhr.abort(); reject(canceled()); }, { once: true });
    xhr.send(body);
  });
}

/** Repeats what may work the second time, with a pause that grows. */
export async function insist(attempt, signal) {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const may = error instanceof Failure && ["busy", "expired", "interrupted", "unreachable"].includes(error.code);
      if (!may || count === 4 || signal.aborted) throw error;
      await new Promise((wake) => setTimeout(wake, 250 * 2 ** count * (0.5 + Math.random() / 2)));
    }
  }
}
