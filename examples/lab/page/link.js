// The link: the request in the fragment of the URL, which browsers do not send. Secrets are left out.

const SECRET = ["secret", "session_token"];
// A pasted answer can repeat a token that the page does not know.
const LEFT_OUT = [...SECRET, "service_answer"];
const TOKEN = "x-amz-security-token";

/** Returns the address of the page with the question in its fragment. */
export function linkTo(question) {
  const members = new URLSearchParams();
  const secrets = SECRET.map((name) => question[name]).filter((value) => value?.length > 0);
  for (const [name, value] of Object.entries(question)) {
    if (!LEFT_OUT.includes(name)) members.set(name, withoutSecrets(name, String(value), secrets));
  }
  return `${location.href.split("#")[0]}#${members}`;
}

/** Returns the question of the page's fragment, or an empty one: then the function answers with its first example. */
export function questionOfLink() {
  const question = {};
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (LEFT_OUT.includes(name)) continue;
    question[name] = ["expires", "chunk_size"].includes(name) && /^\d{1,9}$/.test(value) ? Number(value) : value;
  }
  return question;
}

function withoutSecrets(name, value, secrets) {
  let text = value;
  for (const secret of secrets) for (const form of [secret, encodeURIComponent(secret)]) text = text.replaceAll(form, "");
  if (name === "headers") text = text.split("\n").filter((line) => !line.trim().toLowerCase().startsWith(TOKEN)).join("\n");
  if (name === "url") text = text.replace(/([?&])x-amz-security-token=[^&#]*/gi, "$1x-amz-security-token=");
  return text;
}
