// Makes and finds elements. Text enters the page as text only.

/** @param {string} selector */
export const find = (selector) => document.querySelector(selector);

/**
 * Returns a new element. `properties` are DOM properties, so no attribute is ever parsed as HTML.
 * @param {string} tag
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Sets attributes: `aria-…`, `role`. Returns the element. */
export function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
  return target;
}

/** Makes `wanted` the children of `parent`. A child that is in its place is not touched and keeps the focus. */
export function place(parent, wanted) {
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild.remove();
}

/** Returns a link to a source, or plain text if the address is not https. */
export function sourceLink(source) {
  if (!source?.url?.startsWith("https://")) return element("span", { textContent: source?.title ?? "" });
  return element("a", { href: source.url, textContent: source.title, target: "_blank", rel: "noopener noreferrer" });
}

/** Copies a text, and confirms it in the button for a moment. */
export async function copy(button, text) {
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser refused";
  }
  setTimeout(() => { button.textContent = label; }, 1500);
}

/** Gives a name to ranges of text, which style.css paints. A browser without the Highlight API paints whole pieces. */
export function paint(name, ranges) {
  if (!globalThis.Highlight) return;
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
}

/** Returns the range of some UTF-16 units of a text node, or null if the node has fewer. A static range costs nothing when
 * the page changes, and each keystroke makes hundreds. */
export function rangeIn(node, start, end) {
  if (!node || start >= end || end > node.length) return null;
  return new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end });
}
