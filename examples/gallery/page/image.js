// Reads files: their type from the first bytes, their SHA-256, a thumbnail.

const text = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));

/** Returns the type that the first bytes show. The name and the type of the file are not used. The service checks the bytes again. */
export async function sniff(file) {
  const bytes = new Uint8Array(await file.slice(0, 32).arrayBuffer());
  if (text(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  if (text(bytes, 0, 3) === "\xff\xd8\xff") return "image/jpeg";
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return "image/gif";
  if (text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 12) === "WEBP") return "image/webp";
  if (text(bytes, 4, 8) === "ftyp") {
    const brands = [8, 16, 20, 24, 28].map((at) => text(bytes, at, at + 4));
    if (brands.includes("avif") || brands.includes("avis")) return "image/avif";
  }
  return null;
}

/** Returns the SHA-256 in Base64. */
export async function sha256(data) {
  const digest = await crypto.subtle.digest("SHA-256", data instanceof Blob ? await data.arrayBuffer() : data);
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

const EDGE = 320;
const LARGEST = 96 * 1024 * 1024;

/** Returns a small JPEG, or null if the browser cannot decode the image. */
export async function thumbnail(file) {
  if (file.size > LARGEST) return null;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
    const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    // JPEG has no transparency.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  } catch {
    return null;
  } finally {
    bitmap?.close();
  }
}

/** Returns the size and checksum of a thumbnail, which the service signs. */
export async function described(blob) {
  return blob ? { size: blob.size, sha256: await sha256(blob) } : undefined;
}
