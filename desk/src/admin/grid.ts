// A table as people know it from a spreadsheet: cells, blocks, paste, undo. Pure.

export type Row = Record<string, string>;

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

/** Where the two differ, as "row column": what stands unsaved. */
export function changed(before: readonly Row[], after: readonly Row[], columns: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (let n = 0; n < Math.max(before.length, after.length); n++)
    for (const column of columns)
      if ((before[n]?.[column] ?? "") !== (after[n]?.[column] ?? "")) found.add(`${n} ${column}`);
  return found;
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
