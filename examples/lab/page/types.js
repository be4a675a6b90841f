// The types of the function's JSON. Nothing imports this file: editors read it.

/**
 * @typedef {{ field: string, start?: number, end?: number } | { part: string }} Origin
 * A place in a member of the question, in UTF-16 units, or another part.
 *
 * @typedef {{ text: string, part?: string, kind: "copied"|"encoded"|"constant"|"computed", from?: Origin[], bytes?: string }} Piece
 * @typedef {{ title: string, url: string }} Source
 * @typedef {{ id: string, name: string, pieces: Piece[], what?: string, why?: string, source?: Source }} Line
 * @typedef {{ id: string, title: string, note?: string, lines: Line[] }} Pane
 * @typedef {{ text: string, differs: boolean }} Mark
 *
 * @typedef {{ name: string, certainty: string, title: string, certain: string, likely: string,
 *   ours: Mark[], theirs: Mark[], change: string, part?: string }} Cause
 *
 * @typedef {{ verdict: "accepted"|"refused", code?: string, status?: number, message?: string, panes: Pane[] }} Verifier
 *
 * @typedef {{ question: Object<string, any>, errors: { field: string, message: string }[], panes: Pane[], signature?: string,
 *   expected: null | { preset: string, signature: string, source: Source, reached: boolean },
 *   verifier?: Verifier,
 *   broken: null | { name: string, sentence: string, service_says: string, verifier_says: string, diagnosis: Cause[] },
 *   diagnosis: Cause[],
 *   code: { rust: string, curl: string, python: string },
 *   presets: { name: string, title: string, question: Object<string, any> }[],
 *   breaks: { name: string, title: string, modes: string[] }[] }} Answer
 *
 * @typedef {{ element: HTMLElement, pane: Pane, line: Line, piece: Piece, side: "signer"|"verifier" }} Shown
 * A piece on the page.
 *
 * @typedef {{ piece?: HTMLElement, field?: string, offset?: number|null }} Target
 * The piece or the field that is pointed at or focused, and the index of the character if it is known.
 */
export {};
