// Rows that are not with the server yet, kept by the browser's tab with what they were made from:
// a refreshed page has them again, and can tell what changed here from what others changed.

import { type Row, SELF, named } from "./grid";

export interface KeptRows {
  tag: string;
  base: Row[];
  rows: Row[];
}

interface Written {
  tag: string;
  base: Record<string, string>[];
  /** Each row and which of ``base`` it is; null: it is new. */
  rows: [number | null, Record<string, string>][];
}

export function keepRows(name: string, { tag, base, rows }: KeptRows): boolean {
  const places = new Map(base.map((row, n) => [row[SELF], n]));
  const written: Written = { tag, base, rows: rows.map((row) => [places.get(row[SELF]) ?? null, row]) };
  return put(name, JSON.stringify(written));
}

/** A full store has no room; the page still has what it could not take. */
function put(name: string, text: string): boolean {
  try {
    sessionStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** What was kept, or null; what cannot be understood is put aside and told once by ``isBroken``. */
export function recallRows(name: string): { kept: KeptRows | null; isBroken: boolean } {
  const text = sessionStorage.getItem(name);
  if (text === null) return { kept: null, isBroken: false };
  try {
    const written = JSON.parse(text) as Written;
    const base = named(written.base);
    const rows = named(written.rows.map(([from, row]) => (from === null ? row : { ...row, [SELF]: base[from]![SELF] })));
    if (typeof written.tag !== "string" || ![...base, ...rows].every(isRow)) throw new TypeError("no rows");
    return { kept: { tag: written.tag, base, rows }, isBroken: false };
  } catch {
    sessionStorage.removeItem(name);
    put(`${name}.broken`, text);
    return { kept: null, isBroken: true };
  }
}

const isRow = (row: Row) => Object.values(row).every((cell) => typeof cell === "string");
