// Two who changed one table: what each changed is kept, and where both changed the same cell the
// one who sits here says which it is. Pure.

import { type Row, SELF, isEmpty, named } from "./grid";

/** Both changed it. ``column`` is empty where one changed a row that the other removed. */
export interface Clash {
  row: number;
  column: string;
  was: string;
  mine: string;
  theirs: string;
}

/** What became of a cell there. ``column`` is empty where a whole row came or went. */
export interface Brought {
  row: number;
  column: string;
  was: string;
  now: string;
}

export interface Merged {
  /** Theirs with what changed here; where both did, what stands here. */
  rows: Row[];
  /** Theirs, each row the one it was here. */
  theirs: Row[];
  clashes: Clash[];
  /** What they changed and was not changed here, too. */
  brought: Brought[];
}

/**
 * Put what became of ``base`` here (``mine``) onto what became of it there (``theirs``). Rows here are
 * known by themselves; theirs by what they say, then by the cells of ``keys``, then by the first of them.
 */
export function merge(base: readonly Row[], mine: readonly Row[], fresh: readonly Row[], columns: readonly string[], keys: readonly string[]): Merged {
  const theirs = recognised(base, fresh, columns, keys);
  const was = new Map(base.map((row) => [row[SELF]!, row]));
  const there = new Map(theirs.map((row) => [row[SELF]!, row]));
  const here = new Set(mine.map((row) => row[SELF]!));
  const clashes: Clash[] = [];
  const rows: Row[] = [];
  for (const row of mine) {
    const before = was.get(row[SELF]!);
    const other = there.get(row[SELF]!);
    if (!before) {
      if (!theirs.some((one) => !was.has(one[SELF]!) && isSame(one, row, columns))) rows.push(row); // new here
    } else if (other) rows.push(cellByCell(before, row, other, columns, clashes));
    else if (!isSame(before, row, columns)) {
      clashes.push({ row: row[SELF]!, column: "", was: "", mine: words(row, columns), theirs: "" });
      rows.push(row);
    }
  }
  theirs.forEach((row, n) => {
    const before = was.get(row[SELF]!);
    if (here.has(row[SELF]!) || (before && isSame(before, row, columns))) return; // here already, or removed here alone
    if (before) clashes.push({ row: row[SELF]!, column: "", was: "", mine: "", theirs: words(row, columns) });
    const above = theirs.slice(0, n).map((one) => rows.findIndex((stands) => stands[SELF] === one[SELF])).findLast((at) => at >= 0);
    rows.splice((above ?? -1) + 1, 0, row);
  });
  const isSettled = new Set(clashes.map((clash) => `${clash.row} ${clash.column}`));
  const brought = broughtBy(base, theirs, mine, columns).filter((one) => !isSettled.has(`${one.row} ${one.column}`) && !isSettled.has(`${one.row} `));
  return { rows, theirs, clashes, brought };
}

function broughtBy(base: readonly Row[], theirs: readonly Row[], mine: readonly Row[], columns: readonly string[]): Brought[] {
  const was = new Map(base.map((row) => [row[SELF]!, row]));
  const here = new Map(mine.map((row) => [row[SELF]!, row]));
  const there = new Set(theirs.map((row) => row[SELF]!));
  const found: Brought[] = [];
  for (const row of theirs) {
    const self = row[SELF]!;
    const before = was.get(self);
    if (!before) {
      if (!mine.some((one) => !was.has(one[SELF]!) && isSame(one, row, columns))) found.push({ row: self, column: "", was: "", now: words(row, columns) });
      continue;
    }
    for (const column of columns) {
      const [old, now] = [before[column] ?? "", row[column] ?? ""];
      if (old !== now && here.get(self)?.[column] !== now) found.push({ row: self, column, was: old, now });
    }
  }
  for (const row of base)
    if (!there.has(row[SELF]!) && here.has(row[SELF]!) && !isEmpty(row)) found.push({ row: row[SELF]!, column: "", was: words(row, columns), now: "" });
  return found;
}

function cellByCell(before: Row, mine: Row, theirs: Row, columns: readonly string[], clashes: Clash[]): Row {
  const merged: Row = { ...theirs };
  for (const column of columns) {
    const [was, here, there] = [before[column] ?? "", mine[column] ?? "", theirs[column] ?? ""];
    if (here === was || here === there) continue;
    merged[column] = here;
    if (there !== was) clashes.push({ row: mine[SELF]!, column, was, mine: here, theirs: there });
  }
  return merged;
}

/** Their rows, each one the row of ``base`` that it was. */
function recognised(base: readonly Row[], fresh: readonly Row[], columns: readonly string[], keys: readonly string[]): Row[] {
  const left = new Set(base.filter((row) => !isEmpty(row)));
  const found: (number | undefined)[] = fresh.map(() => undefined);
  for (const by of [columns, keys, keys.slice(0, 1)]) {
    fresh.forEach((row, n) => {
      if (found[n] !== undefined) return;
      const same = [...left].find((one) => isSame(one, row, by) && !isEmpty(row));
      if (!same) return;
      left.delete(same);
      found[n] = same[SELF];
    });
  }
  return named(fresh.map((row, n) => (found[n] === undefined ? row : { ...row, [SELF]: found[n] })));
}

const isSame = (one: Row, other: Row, by: readonly string[]) => by.length > 0 && by.every((column) => (one[column] ?? "") === (other[column] ?? ""));
const words = (row: Row, columns: readonly string[]) => columns.map((column) => row[column]).filter(Boolean).slice(0, 4).join(" ");
