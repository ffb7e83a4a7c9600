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
  try {
    sessionStorage.setItem(name, JSON.stringify(written));
    return true;
  } catch {
    return false; // a full store: the page still has them
  }
}

/** What was kept, or null; what cannot be understood is left where it is and told by ``isBroken``. */
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
    return { kept: null, isBroken: true };
  }
}

const isRow = (row: Row) => Object.values(row).every((cell) => typeof cell === "string");
