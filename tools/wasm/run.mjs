// Runs the module of `tools/wasm` without the glue of wasm-bindgen: of its imports only the clock is called.
import { readFile } from 'node:fs/promises';

const module = await WebAssembly.compile(await readFile(process.argv[2]));
// `new Date().getTime()`, with 1 as the handle of the date. Handles below `statics_end` are never dropped. Every
// other import throws.
const clock = { new_0: () => 1, getTime: () => Date.now(), externref_statics_end: () => 132 };
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  const known = Object.keys(clock).find((part) => name.includes(part));
  (imports[from] ??= {})[name] = known ? clock[known] : () => { throw new Error(`the import ${name} was called`); };
}
const { exports } = await WebAssembly.instantiate(module, imports);

const before = Math.floor(Date.now() / 1000);
const now = exports.now();
if (!(before <= now && now <= Date.now() / 1000)) throw new Error(`now() is ${now}, the clock shows ${before}`);
// "Authenticating Requests: Using Query Parameters" of the S3 API Reference: the signature begins with aeeed9.
if (exports.presign() !== 0xaeeed9) throw new Error(`presign() is ${exports.presign()}`);
console.log(`Timestamp::now() is ${now}, and the presigned URL is that of the S3 API Reference`);
