// A table of the working copy: read, changed here, written back whole. What is typed is kept by this
// browser until the server has it, and put onto what others wrote meanwhile.

import { type ShallowRef, computed, ref, shallowRef } from "vue";

import { History, type Row, SELF, cellOf, changed, empty, isEmpty, named } from "./grid";
import { keepRows, recallRows } from "./keptRows";
import { type Brought, type Clash, merge } from "./merging";
import type { FaultShown, LedgerShown } from "../api/answers";
import { Fault, ask } from "../api/http";
import { tell, tellFault } from "../shell/notices";
import { useSession, whenSessionEnds } from "../shell/session";
import { t } from "../words/words";

/** What every table has, whatever is in it. */
export type Sheet = Pick<LedgerShown, "tag" | "file" | "header" | "further" | "rows" | "row_lines" | "written_from" | "written" | "faults" | "is_applied">;

/** A fault, and the row it is in, wherever that stands by now. */
export interface FaultAt extends FaultShown {
  self?: number;
}

export type Table<Shown extends Sheet = Sheet> = ReturnType<typeof tableAt<Shown>>;

/** The table at that address. ``keptAs``: under which name the browser keeps it; ``keysOf``: the columns by which a row is known again. */
export function tableAt<Shown extends Sheet>(address: string, keptAs: string, keysOf: (shown: Shown) => readonly string[]) {
  const { me } = useSession();
  const shown = shallowRef<Shown | null>(null);
  const base = shallowRef<Row[]>([]); // the rows of `shown`, each with its self
  const rows = shallowRef<Row[]>([]);
  const faults = shallowRef<FaultAt[]>([]);
  const clashes = shallowRef<Clash[]>([]);
  const brought = shallowRef<Brought[]>([]); // by others, since the rows here were read
  const isSaving = ref(false);
  let history = new History<Row[]>();
  let keptName = "";

  const added = shallowRef<string[]>([]); // columns wanted here that nothing stands in yet
  const further = computed(() => (shown.value?.further ?? []).filter((column: string) => !columns.value.includes(column)));
  const columns = computed(() => [
    ...(shown.value?.header ?? []),
    ...(shown.value?.further ?? []).filter((column: string) => added.value.includes(column) || rows.value.some((row) => row[column])),
  ]);
  const unsaved = computed(() => changed(base.value, rows.value, columns.value));

  async function load(): Promise<void> {
    try {
      take(await ask<Shown>("GET", address));
    } catch (fault) {
      tellFault(fault);
    }
  }

  /** Show what the server has now, with what was changed in this tab on top. */
  function take(fresh: Shown): void {
    keptName = `hotline.${keptAs}.${me.value?.user ?? ""}`;
    const held = unsaved.value.size > 0 && shown.value ? { tag: shown.value.tag, base: base.value, rows: rows.value } : recalled();
    stand(fresh, fresh.rows);
    history = new History<Row[]>();
    clashes.value = brought.value = [];
    if (!held) return;
    const merged = merge(held.base, held.rows, fresh.rows, [...fresh.header, ...fresh.further], keysOf(fresh));
    base.value = merged.theirs;
    faults.value = placed(fresh.faults, fresh.row_lines, merged.theirs);
    clashes.value = merged.clashes;
    brought.value = merged.brought;
    set(merged.rows);
    if (held.tag !== fresh.tag) tell(t(merged.clashes.length > 0 ? "admin.numbers.mergedClash" : "admin.numbers.merged", { n: merged.clashes.length }));
  }

  function recalled() {
    const { kept, isBroken } = recallRows(keptName);
    if (isBroken) tell(t("admin.numbers.keptBroken"));
    return kept;
  }

  /** The table as the server has it; each row remains the one that stood there in ``like``. */
  function stand(fresh: Shown, written: readonly Row[], like: readonly Row[] = []): void {
    shown.value = fresh;
    base.value = named(written, like);
    rows.value = base.value;
    faults.value = placed(fresh.faults, fresh.row_lines, base.value);
  }

  function placed(told: readonly FaultShown[], lines: readonly number[], at: readonly Row[]): FaultAt[] {
    return told.map((fault) => (fault.file === shown.value?.file ? { ...fault, self: at[lines.indexOf(fault.row)]?.[SELF] } : fault));
  }

  /** Of two who wrote one cell, or one row, theirs it is. */
  function takeTheirs(clash: Clash): void {
    if (clash.column) change(rows.value.map((row) => (row[SELF] === clash.row ? { ...row, [clash.column]: clash.theirs } : row)));
    else if (clash.mine) change(rows.value.filter((row) => row[SELF] !== clash.row));
    settle(clash);
  }

  /** Of two who wrote one cell, or one row, it is as it was made here. */
  function takeMine(clash: Clash): void {
    if (!clash.column && !clash.mine) change(rows.value.filter((row) => row[SELF] !== clash.row));
    settle(clash);
  }

  function settle(clash: Clash): void {
    clashes.value = clashes.value.filter((one) => one !== clash);
  }

  /** What others changed has been looked at. */
  function seen(): void {
    brought.value = [];
  }

  function change(next: Row[]): void {
    history.note(rows.value);
    set(next);
  }

  function undo(): void {
    const state = history.undo(rows.value);
    if (state) set(state);
  }

  function redo(): void {
    const state = history.redo(rows.value);
    if (state) set(state);
  }

  function addRow(after: number): void {
    change(rows.value.toSpliced(after + 1, 0, empty(columns.value)));
  }

  /** Show a column that the table may have and has not. */
  function addColumn(column: string): void {
    added.value = [...added.value, column];
  }

  function dropRow(at: number): void {
    change(rows.value.toSpliced(at, 1));
  }

  /** Write the table. Refused, everything stays as it was typed, with each fault at its cell; what
   * somebody else wrote meanwhile is taken in first, and looked at before it is written. */
  async function save(): Promise<boolean> {
    if (!shown.value || isSaving.value) return false;
    isSaving.value = true;
    const wanted = rows.value.filter((row) => !isEmpty(row));
    const { tag, written_from: from } = shown.value;
    try {
      const fresh = await ask<Shown>("PUT", address, { rows: wanted }, 30_000, { "If-Match": `"${tag}"` });
      const later = rows.value; // typed while it was under way
      const isLater = changed(wanted, later.filter((row) => !isEmpty(row)), columns.value).size > 0;
      stand(fresh, fresh.rows, wanted);
      clashes.value = brought.value = [];
      forget();
      if (isLater) set(later);
      tell(t("admin.numbers.saved"), true);
      return true;
    } catch (fault) {
      if (fault instanceof Fault && Array.isArray(fault.details["faults"]))
        faults.value = placed(fault.details["faults"] as FaultShown[], wanted.map((_, n) => from + n), wanted);
      if (fault instanceof Fault && fault.id === "table-changed") await load();
      else tellFault(fault);
      return false;
    } finally {
      isSaving.value = false;
    }
  }

  /** Go back to what the server has. */
  async function discard(): Promise<void> {
    try {
      const fresh = await ask<Shown>("GET", address);
      forget();
      rows.value = base.value;
      take(fresh);
    } catch (fault) {
      tellFault(fault);
    }
  }

  function set(next: readonly Row[]): void {
    rows.value = named(next);
    if (!shown.value) return;
    if (unsaved.value.size === 0) forget();
    else if (!keepRows(keptName, { tag: shown.value.tag, base: base.value, rows: rows.value })) tell(t("admin.numbers.notKept"));
  }

  function forget(): void {
    sessionStorage.removeItem(keptName);
  }

  const isUnsaved = (row: Row, column: string) => unsaved.value.has(cellOf(row, column));

  whenSessionEnds((isSignedOut) => {
    if (isSignedOut) forget();
    shown.value = null;
    base.value = rows.value = [];
    faults.value = [];
    clashes.value = brought.value = [];
  });
  // a page that is read anew has everything again, a closed one has not
  window.addEventListener("beforeunload", (event) => unsaved.value.size > 0 && event.preventDefault());

  return {
    shown: shown as Readonly<ShallowRef<Shown | null>>, rows, columns, further, faults, clashes, brought, unsaved, isSaving,
    load, change, undo, redo, addRow, addColumn, dropRow, save, discard, takeMine, takeTheirs, seen, isUnsaved,
  };
}
