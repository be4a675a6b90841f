// Asks the function in the module that this page contains. It replaces `page/answer.js`.

const labModule = WebAssembly.instantiate(Uint8Array.from(atob(LAB_WASM), (letter) => letter.charCodeAt(0)));

/** Asks with text in JSON, and returns text in JSON. */
export function askModule({ push, ask, word }, question) {
  const bytes = new TextEncoder().encode(question);
  for (let index = 0; index < bytes.length; index += 4) {
    const part = bytes.subarray(index, index + 4);
    push(part[0] | (part[1] << 8) | (part[2] << 16) | (part[3] << 24), part.length);
  }
  const answer = new Uint8Array(ask());
  for (let index = 0; index < answer.length; index += 4) {
    const four = word(index);
    for (let byte = 0; byte < 4 && index + byte < answer.length; byte += 1) answer[index + byte] = four >>> (8 * byte);
  }
  return new TextDecoder().decode(answer);
}

export async function answer(question) {
  const { instance } = await labModule;
  return JSON.parse(askModule(instance.exports, JSON.stringify(question)));
}
