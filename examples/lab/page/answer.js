// Asks the function. This is the only file that knows where the function runs.

/**
 * @param {Object<string, any>} question
 * @param {AbortSignal} [signal]
 * @returns {Promise<import("./types.js").Answer>}
 */
export async function answer(question, signal) {
  const headers = { "content-type": "application/json" };
  const reply = await fetch("/answer", { method: "POST", headers, body: JSON.stringify(question), signal });
  if (!reply.ok) throw new Error(`the lab answered ${reply.status}`);
  return reply.json();
}
