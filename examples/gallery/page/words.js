// Failures in words. Each has a code for the program and a sentence that says what to do.

export class Failure extends Error {
  constructor(code, words) {
    super(words);
    this.code = code;
  }
}

export const canceled = () => new Failure("canceled", "Canceled.");

/** The service's own answer: it has a code and a sentence already. */
export function ofService(status, answer) {
  if (status === 0) return new Failure("service", "The service does not answer. Check that it runs, then retry.");
  return new Failure(answer?.code ?? "service", sentence(answer?.message ?? `The service answered ${status}.`));
}

/** The storage's answer: S3's XML, which the CORS rule lets this page read. */
export function ofStorage(answer, ticket) {
  const xml = new DOMParser().parseFromString(answer.text, "application/xml");
  const text = (name) => xml.querySelector(name)?.textContent ?? "";
  const [code, message] = [text("Code"), text("Message")];
  // The URL was signed after it was asked for, and its time has no fraction of a second.
  const age = (performance.now() - ticket.asked) / 1000;
  if (/expired/i.test(code + message)) {
    if (age + 1 > ticket.expires_in) {
      return new Failure("expired", "The signed URL expired before the upload began. Retry takes a fresh one.");
    }
    return clock(`The storage says that the URL expired, but it is ${Math.round(age)} s old`);
  }
  if (code === "RequestTimeTooSkewed" || /not.*valid yet|not yet valid|in the future/i.test(message)) {
    return clock("The storage says that the URL is not valid yet");
  }
  const [kind, words] = KNOWN[code] ?? [
    answer.status >= 500 ? "busy" : "refused",
    `The storage answered ${answer.status} ${code}. ${sentence(message)}`,
  ];
  return new Failure(kind, words);
}

const binding = ["binding", "The storage refused it: what was sent is not what was signed (key, type, size, name). Retry signs it again."];
const bytes = ["bytes", "The bytes that arrived are not those that were signed. Did the file change? Retry reads it again."];
const KNOWN = {
  SignatureDoesNotMatch: binding,
  AccessDenied: ["refused", "The storage refused it: access denied. Either the keys of the service may not write to the bucket, which its operator can change, or something else was sent than was signed."],
  EntityTooLarge: ["too_large", "The storage refused it: the file is larger than was signed. Retry reads it again."],
  EntityTooSmall: ["too_small", "The storage refused it: the file is smaller than was signed. Retry reads it again."],
  BadDigest: bytes,
  InvalidDigest: bytes,
  XAmzContentSHA256Mismatch: bytes,
  XAmzContentChecksumMismatch: bytes,
  PreconditionFailed: ["exists", "The storage has an object under this key already: a signed URL works once. Retry takes a new key."],
  NoSuchUpload: ["gone", "The storage no longer has this upload. Retry begins a new one."],
  NoSuchBucket: ["bucket", "The bucket does not exist. Start the service with the name of one that does: --bucket."],
  IncompleteBody: ["interrupted", "The connection broke while the file was sent. Retry sends it again."],
  RequestTimeout: ["interrupted", "The connection was too slow, and the storage gave up. Retry sends it again."],
  SlowDown: ["busy", "The storage is busy. Retry in a moment."],
  ServiceUnavailable: ["busy", "The storage is busy. Retry in a moment."],
};

/** No answer at all: the browser does not say why, so it is found out. */
export async function ofSilence(url, file, begun) {
  if (!navigator.onLine) return new Failure("offline", "This device is offline. Retry when it is online.");
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    return new Failure("file", "The file can no longer be read: it was changed or removed. Choose it again.");
  }
  // An answer to this request cannot be read, but it shows that the storage is there.
  const there = await fetch(new URL(url).origin, { mode: "no-cors", cache: "no-store" }).then(() => true, () => false);
  if (!there) return new Failure("unreachable", "The storage cannot be reached. Check the network, and the address of the storage.");
  if (begun) return new Failure("interrupted", "The connection broke while the file was sent. Retry sends it again.");
  return new Failure("cors", "The storage answers, but its CORS rule does not allow this page. Start the service with --set-cors.");
}

const clock = (what) => new Failure("clock", `${what}: the clock of the service or of the storage is wrong. Set it, then retry.`);
const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".") : "");

export function bytesInWords(size) {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let unit = 0;
  while (size >= 1024 && unit < 3) { size /= 1024; unit += 1; }
  if (size === 1 && unit === 0) return "1 byte";
  return `${unit ? size.toFixed(1) : size} ${units[unit]}`;
}
