// Joins parts: finds the parts from which a part comes, over all panes and the fields.

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {{ parts: Set<string>, fields: { field: string, start?: number, end?: number }[] }} Reach
 */

export class Joins {
  /** @param {Answer} answer */
  constructor(answer) {
    /** @type {Map<string, { fields: Object[], refs: Set<string> }>} */
    this.parts = new Map();
    /** The parts of each pane: a hash comes from a whole pane. @type {Map<string, Set<string>>} */
    this.panes = new Map();
    for (const pane of [...answer.panes, ...(answer.verifier?.panes ?? [])]) {
      const parts = this.panes.get(pane.id) ?? new Set();
      this.panes.set(pane.id, parts);
      for (const line of pane.lines) for (const piece of line.pieces) {
        this.#add(piece);
        if (joined(piece.part)) parts.add(piece.part);
      }
    }
  }

  #add({ part, from = [] }) {
    if (!joined(part)) return;
    if (!this.parts.has(part)) this.parts.set(part, { fields: [], refs: new Set() });
    const known = this.parts.get(part);
    for (const origin of from) {
      if (origin.field) known.fields.push(origin);
      else if (origin.part && origin.part !== part) known.refs.add(origin.part);
    }
  }

  /** Makes both directions of the graph when they are needed first: most answers are never pointed at. */
  #graph() {
    if (this.up) return;
    this.up = new Map();
    this.down = new Map([...this.parts.keys()].map((part) => [part, new Set()]));
    for (const [part, { refs }] of this.parts) {
      const origins = new Set();
      for (const ref of refs) for (const other of this.#covered(ref)) if (other !== part) origins.add(other);
      this.up.set(part, origins);
      for (const origin of origins) this.down.get(origin).add(part);
    }
  }

  /** Returns the parts that a reference names: a part and what is in it, or all parts of a pane. */
  #covered(ref) {
    const within = [...this.parts.keys()].filter((part) => part === ref || part.startsWith(`${ref}.`));
    return within.length ? within : [...(this.panes.get(ref) ?? [])];
  }

  /** Returns everything that the parts come from. @returns {Reach} */
  origins(parts) {
    this.#graph();
    const found = closure(parts, this.up);
    const fields = [...parts, ...found].flatMap((part) => this.parts.get(part)?.fields ?? []);
    return { parts: found, fields };
  }

  /** Returns everything that is made from the parts. @returns {Set<string>} */
  consequences(parts) {
    this.#graph();
    return closure(parts, this.down);
  }

  /** Returns the parts that come from one character of a field, or from all of it. */
  ofField(field, offset) {
    const found = [];
    for (const [part, { fields }] of this.parts) {
      if (fields.some((origin) => origin.field === field && holds(origin, offset))) found.push(part);
    }
    return found;
  }
}

/** Returns true if an origin has the character at `offset`; `null` means the whole field. */
export function holds({ start, end }, offset) {
  return offset === null || offset === undefined || start === undefined || end === undefined || (start <= offset && offset < end);
}

/** Returns true if pieces with this part belong together: separators do not. */
export const joined = (part) => Boolean(part) && part !== "separator";

function closure(parts, edges) {
  const found = new Set();
  const open = [...parts];
  while (open.length) {
    for (const next of edges.get(open.pop()) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
