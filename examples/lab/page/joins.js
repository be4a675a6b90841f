// Joins parts: which come from which, over all panes and the fields.

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {{ parts: Set<string>, fields: { field: string, start?: number, end?: number }[] }} Reach
 */

export class Joins {
  /** @param {Answer} answer */
  constructor(answer) {
    /** @type {Map<string, { fields: Object[], refs: Set<string> }>} */
    this.parts = new Map();
    for (const pane of [...answer.panes, ...(answer.verifier?.panes ?? [])]) {
      for (const line of pane.lines) for (const piece of line.pieces) this.#add(piece);
    }
  }

  #add({ part, from = [] }) {
    if (!part) return;
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
      for (const ref of refs) for (const other of this.parts.keys()) if (other !== part && within(other, ref)) origins.add(other);
      this.up.set(part, origins);
      for (const origin of origins) this.down.get(origin).add(part);
    }
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

/** Returns true if an origin has the character at `offset`; `null` stands for the whole field. */
export function holds({ start, end }, offset) {
  return offset === null || offset === undefined || start === undefined || end === undefined || (start <= offset && offset < end);
}

const within = (part, whole) => part === whole || part.startsWith(`${whole}.`);

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
