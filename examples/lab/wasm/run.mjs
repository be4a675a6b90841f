// Asks the module and the server the same questions, and compares the answers: node run.mjs lab_wasm.wasm path/to/lab
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [wasm, program] = process.argv.slice(2);
// `answer.mjs` is part of the page, and reads the module from a constant of the page.
globalThis.LAB_WASM = readFileSync(wasm).toString('base64');
const { askModule } = await import('./answer.mjs');
const { instance } = await WebAssembly.instantiate(readFileSync(wasm));
const askWasm = (question) => askModule(instance.exports, JSON.stringify(question));

const server = spawn(program, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const address = await new Promise((resolve, reject) => {
    server.stdout.on('data', (text) => resolve(/http:\/\/127\.0\.0\.1:\d+/.exec(String(text))[0]));
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const { presets, breaks } = JSON.parse(askWasm({}));
  const questions = [{}, { mode: 'sigv4a' }, { url: '\u{1f600}' }, ...presets.map((preset) => preset.question)];
  for (const { name, modes } of breaks) questions.push(...modes.map((mode) => ({ mode, break: name })));
  for (const question of questions) {
    const reply = await fetch(`${address}/answer`, { method: 'POST', body: JSON.stringify(question) });
    if ((await reply.text()) !== askWasm(question)) throw new Error(`the answers differ: ${JSON.stringify(question).slice(0, 200)}`);
  }
  const start = performance.now();
  for (let count = 0; count < 100; count += 1) askWasm({});
  const each = (performance.now() - start) / 100;
  console.log(`${questions.length} answers of the module and of the server are equal; one takes ${each.toFixed(1)} ms`);
} finally {
  server.kill();
}
