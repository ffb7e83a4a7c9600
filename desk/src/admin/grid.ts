// A table as people know it from a spreadsheet: cells, blocks, paste, undo. Pure.

/** The one row this is, however it is changed and wherever it stands; it never reaches the server. */
export const SELF = Symbol("self");
export type Row = Record<string, string> & { [SELF]?: number };

let selves = 0;

/** The same rows, each one somebody: those that are none yet become the one that stands there in ``like``, or new. */
export function named(rows: readonly Row[], like: readonly Row[] = []): Row[] {
  return rows.map((row, n) => (row[SELF] ? row : { ...row, [SELF]: like[n]?.[SELF] ?? ++selves }));
}

export interface Cell {
  row: number;
  column: number;
}

/** What a spreadsheet puts on the clipboard: cells parted by tabs, quoted where they hold breaks. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const end = () => {
    row.push(cell);
    cell = "";
  };
  for (let n = 0; n < text.length; n++) {
    const letter = text[n]!;
    if (isQuoted) {
      if (letter === '"' && text[n + 1] === '"') cell += text[++n];
      else if (letter === '"') isQuoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === "") isQuoted = true;
    else if (letter === "\t") end();
    else if (letter === "\n" || letter === "\r") {
      if (letter === "\r" && text[n + 1] === "\n") n++;
      end();
      rows.push(row);
      row = [];
    } else cell += letter;
  }
  if (cell !== "" || row.length > 0) {
    end();
    rows.push(row);
  }
  return rows.map((cells) => cells.map(oneLine));
}

/** A block as a spreadsheet takes it. */
export function writeBlock(block: readonly (readonly string[])[]): string {
  return block.map((cells) => cells.map((cell) => (/["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t")).join("\n");
}

/** Put a block at a cell; rows are added below where it is longer than the table, columns never. */
export function paste(rows: readonly Row[], columns: readonly string[], at: Cell, block: readonly (readonly string[])[]): Row[] {
  const next = rows.map((row) => row);
  block.forEach((cells, down) => {
    const row = { ...(next[at.row + down] ?? empty(columns)) };
    cells.forEach((cell, across) => {
      const column = columns[at.column + across];
      if (column !== undefined) row[column] = cell;
    });
    next[at.row + down] = row;
  });
  return next;
}

export function empty(columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, ""]));
}

export function isEmpty(row: Row): boolean {
  return Object.values(row).every((cell) => cell.trim() === "");
}

/** Where a cell is: which row, whichever line it stands at, and which column. */
export const cellOf = (row: Row, column: string) => `${row[SELF]} ${column}`;

/** The cells in which the two differ, those of a row that is gone among them: what stands unsaved. */
export function changed(before: readonly Row[], after: readonly Row[], columns: readonly string[]): Set<string> {
  const found = new Set<string>();
  const was = new Map(before.map((row) => [row[SELF], row]));
  const compare = (row: Row, other: Row | undefined) => {
    for (const column of columns) if ((row[column] ?? "") !== (other?.[column] ?? "")) found.add(cellOf(row, column));
  };
  for (const row of after) {
    compare(row, was.get(row[SELF]));
    was.delete(row[SELF]);
  }
  for (const gone of was.values()) compare(gone, undefined);
  return found;
}

/** The cells from one corner to the other, row by row. */
export function block(rows: readonly Row[], columns: readonly string[], one: Cell, other: Cell): string[][] {
  const { top, bottom, left, right } = edges(one, other);
  return rows.slice(top, bottom + 1).map((row) => columns.slice(left, right + 1).map((column) => row[column] ?? ""));
}

/** The same rows with nothing in those cells. */
export function cleared(rows: readonly Row[], columns: readonly string[], one: Cell, other: Cell): Row[] {
  const { top, bottom, left, right } = edges(one, other);
  const nothing = empty(columns.slice(left, right + 1));
  return rows.map((row, n) => (n >= top && n <= bottom ? { ...row, ...nothing } : row));
}

export function edges(one: Cell, other: Cell) {
  return {
    top: Math.min(one.row, other.row), bottom: Math.max(one.row, other.row),
    left: Math.min(one.column, other.column), right: Math.max(one.column, other.column),
  };
}

/** The next cell after ``from``, around the end of the table, in which the text stands. */
export function next(rows: readonly Row[], columns: readonly string[], from: Cell, text: string): Cell | null {
  const wide = columns.length;
  const sought = text.trim().toLowerCase();
  if (!sought) return null;
  for (let step = 1; step <= rows.length * wide; step++) {
    const at = (from.row * wide + from.column + step) % (rows.length * wide);
    const cell = { row: Math.floor(at / wide), column: at % wide };
    if ((rows[cell.row]?.[columns[cell.column]!] ?? "").toLowerCase().includes(sought)) return cell;
  }
  return null;
}

const STEPS = 100;

/** What was done and may be undone. Each state is kept whole: rows are shared, not copied. */
export class History<State> {
  private past: State[] = [];
  private future: State[] = [];

  note(state: State): void {
    this.past = [...this.past.slice(1 - STEPS), state];
    this.future = [];
  }

  undo(now: State): State | null {
    const state = this.past.pop();
    if (state === undefined) return null;
    this.future.push(now);
    return state;
  }

  redo(now: State): State | null {
    const state = this.future.pop();
    if (state === undefined) return null;
    this.past.push(now);
    return state;
  }
}

function oneLine(cell: string): string {
  return cell.replace(/\s*[\r\n]+\s*/g, " ").trim();
}
