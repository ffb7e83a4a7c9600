// A text cut into its marked and unmarked stretches. Pure.

import type { Mark } from "../link/wire";

export interface Stretch {
  text: string;
  kind: Mark["kind"] | null;
}

/** Marks stand apart and in order, as the server makes them; offsets count characters. */
export function stretches(text: string, marks: readonly Mark[]): Stretch[] {
  const letters = [...text]; // the server counts characters, JavaScript counts UTF-16 units
  const found: Stretch[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.start > at) found.push({ text: letters.slice(at, mark.start).join(""), kind: null });
    found.push({ text: letters.slice(mark.start, mark.end).join(""), kind: mark.kind });
    at = mark.end;
  }
  if (at < letters.length) found.push({ text: letters.slice(at).join(""), kind: null });
  return found;
}

/** The words of danger in what was said last, or ''. */
export function danger(said: readonly { text: string; marks: readonly Mark[] }[]): string {
  for (const one of [...said].reverse()) {
    const found = stretches(one.text, one.marks).find((part) => part.kind === "danger");
    if (found) return found.text;
  }
  return "";
}
