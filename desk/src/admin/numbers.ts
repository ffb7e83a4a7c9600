// The working copy of the number table: read, changed here, written back whole. What is typed is
// kept by this browser until the server has it.

import { computed, ref, shallowRef } from "vue";

import { History, type Row, changed, empty, isEmpty } from "./grid";
import type { FaultShown, ImportShown, LedgerShown } from "../api/answers";
import { Fault, ask, at, send } from "../api/http";
import { tell, tellFault } from "../shell/notices";
import { useSession, whenSessionEnds } from "../shell/session";
import { t } from "../words/words";

const { me } = useSession();
const shown = shallowRef<LedgerShown | null>(null);
const rows = shallowRef<Row[]>([]);
const faults = shallowRef<FaultShown[]>([]);
const isSaving = ref(false);
const isStale = ref(false);
let history = new History<Row[]>();

const columns = computed(() => shown.value?.header ?? []);
const unsaved = computed(() => changed(shown.value?.rows ?? [], rows.value, columns.value));
/** The line of the file at which the first row stands. */
const firstLine = computed(() => {
  const lines = shown.value?.lines.map((line) => line.row) ?? [];
  return lines.length > 0 ? Math.min(...lines) : 2; // below the heading, where the table cannot be read
});

export function useNumbers() {
  return { shown, rows, columns, faults, unsaved, isSaving, isStale, firstLine };
}

const keptAt = () => `hotline.numbers.${me.value?.user ?? ""}`;

export async function load(): Promise<void> {
  try {
    const fresh = await ask<LedgerShown>("GET", at("numbers"));
    const kept = recall();
    shown.value = fresh;
    faults.value = fresh.faults;
    rows.value = kept && kept.tag === fresh.tag ? kept.rows : fresh.rows;
    if (kept && kept.tag !== fresh.tag) tell(t("admin.numbers.othersChanged"));
    isStale.value = false;
    history = new History<Row[]>();
  } catch (fault) {
    tellFault(fault);
  }
}

export function change(next: Row[]): void {
  history.note(rows.value);
  set(next);
}

export function undo(): void {
  const state = history.undo(rows.value);
  if (state) set(state);
}

export function redo(): void {
  const state = history.redo(rows.value);
  if (state) set(state);
}

export function addRow(after: number): void {
  change(rows.value.toSpliced(after + 1, 0, empty(columns.value)));
}

export function dropRow(at: number): void {
  change(rows.value.toSpliced(at, 1));
}

/** Write the table. Refused, everything stays as it was typed, with each fault at its cell. */
export async function save(): Promise<boolean> {
  if (!shown.value || isSaving.value) return false;
  isSaving.value = true;
  try {
    const wanted = rows.value.filter((row) => !isEmpty(row));
    rows.value = wanted; // so that each fault is told at the row where it is seen
    const fresh = await ask<LedgerShown>("PUT", at("numbers"), { rows: wanted }, 30_000, { "If-Match": `"${shown.value.tag}"` });
    rows.value = fresh.rows;
    shown.value = fresh;
    faults.value = fresh.faults;
    forget();
    tell(t("admin.numbers.saved"), true);
    return true;
  } catch (fault) {
    if (fault instanceof Fault && Array.isArray(fault.details["faults"])) faults.value = fault.details["faults"] as FaultShown[];
    if (fault instanceof Fault && fault.id === "table-changed") isStale.value = true;
    tellFault(fault);
    return false;
  } finally {
    isSaving.value = false;
  }
}

/** Go back to what the server has. */
export async function discard(): Promise<void> {
  forget();
  await load();
}

/** What a file would bring; written only when wanted. */
export async function readSheet(file: File, write: boolean): Promise<ImportShown | null> {
  const query = new URLSearchParams({ name: file.name, write: String(write) });
  const headers: Record<string, string> = write ? { "If-Match": `"${shown.value?.tag ?? ""}"` } : {};
  try {
    return await send<ImportShown>("POST", `${at("numbers", "import")}?${query}`, new Blob([file], { type: "application/octet-stream" }), headers);
  } catch (fault) {
    tellFault(fault);
    return null;
  }
}

function set(next: Row[]): void {
  rows.value = next;
  if (shown.value) sessionStorage.setItem(keptAt(), JSON.stringify({ tag: shown.value.tag, rows: next }));
}

function recall(): { tag: string; rows: Row[] } | null {
  const text = sessionStorage.getItem(keptAt());
  return text ? JSON.parse(text) : null;
}

function forget(): void {
  sessionStorage.removeItem(keptAt());
}

whenSessionEnds(() => {
  forget();
  shown.value = null;
  rows.value = [];
  faults.value = [];
});
