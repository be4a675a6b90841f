// Writes the page with the module into one HTML file: node page.mjs lab_wasm.wasm lab.html
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [wasm, out] = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const page = (name) => readFileSync(new URL(`../page/${name}`, here), 'utf8');

// The modules in the order of their imports. Their top-level names differ, so that they can share one script.
const scripts = [];
const done = new Set();
function add(name) {
  if (done.has(name)) return;
  done.add(name);
  const text = name === 'answer.js' ? readFileSync(new URL('answer.mjs', here), 'utf8') : page(name);
  for (const [, imported] of text.matchAll(/^import\s[^;]*?from\s+"\.\/([^"]+)";/gm)) add(imported);
  scripts.push(text.replace(/^import\s[^;]*?from\s+"[^"]+";\n?/gm, '').replace(/^export (?=async|function|const|class|let)/gm, ''));
}
add('app.js');
const script = `const LAB_WASM = "${readFileSync(wasm).toString('base64')}";\n${scripts.join('\n')}`.replaceAll('</script', '<\\/script');

const html = page('index.html');
const styles = [...html.matchAll(/<link rel="stylesheet" href="\/?([^"]+)">\n?/g)];
const style = styles.map(([, name]) => page(name)).join('\n');
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = `default-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; style-src ${hash(style)}; img-src data:`;
const icon = `data:image/svg+xml;base64,${Buffer.from(page('icon.svg')).toString('base64')}`;

let text = html;
for (const [link] of styles) text = text.replace(link, '');
text = text
  .replace(/<script type="module"[^>]*><\/script>\n?/, '')
  .replaceAll('/icon.svg', icon)
  .replace('<meta charset="utf-8">', () => `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`)
  .replace('</head>', () => `<style>${style}</style>\n<script type="module">${script}</script>\n</head>`);
writeFileSync(out, text);
console.log(`${out}: ${text.length} bytes`);
