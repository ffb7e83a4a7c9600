// The form of an order: what it shows, what the agent changed, and how a machine's later words are
// taken in without touching any of the agent's. Pure.

import type { Office, Order } from "./order";

export const PATHS = [
  "title", "demand_type", "urgency", "place.text", "place.region", "place.township", "place.detail",
  "when.text", "when.start", "when.end", "summary", "content", "offices", "decision", "decline_reason",
  "urgent_office", "caller.name", "caller.anonymous", "caller.disclosure_consent",
] as const;

export type Path = (typeof PATHS)[number];
export type Value = string | boolean | null | { name: string; why: string }[];
export type Values = Record<Path, Value>;
/** What the server said of each field, word for word. */
export type Raw = Record<Path, unknown>;

export interface Form {
  values: Values;
  base: Raw;
  /** Another person's words for a field that the agent changed, too: somebody must choose. */
  theirs: Partial<Raw>;
}

const TIMES: readonly Path[] = ["when.start", "when.end"];
const ANSWERS: readonly Path[] = ["caller.anonymous", "caller.disclosure_consent"];
const AHEAD_MS = 8 * 3_600_000; // China's clock has had no summer time since 1991

export function within(document: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], document);
}

export function rawOf(order: Order): Raw {
  return Object.fromEntries(PATHS.map((path) => [path, within(order, path) ?? null])) as Raw;
}

/** What a field shows for what the server says of it. */
export function shown(path: Path, raw: unknown): Value {
  if (path === "offices") return ((raw as Office[] | null) ?? []).map(({ name, why }) => ({ name, why }));
  if (ANSWERS.includes(path)) return (raw as boolean | null) ?? null;
  if (TIMES.includes(path)) return raw ? localTime(raw as string) : "";
  return (raw as string | null) ?? "";
}

function localTime(iso: string): string {
  return new Date(Date.parse(iso) + AHEAD_MS).toISOString().slice(0, 16);
}

export function open(order: Order): Form {
  const base = rawOf(order);
  const values = Object.fromEntries(PATHS.map((path) => [path, shown(path, base[path])])) as Values;
  return { values, base, theirs: {} };
}

function plain(value: Value): string {
  return JSON.stringify(typeof value === "string" ? value.trim() : value);
}

export function isSame(one: Value, other: Value): boolean {
  return plain(one) === plain(other);
}

/** Whether the agent's words stand in that field and are not with the server yet. */
export function isTouched(form: Form, path: Path): boolean {
  return !isSame(form.values[path], shown(path, form.base[path]));
}

export function touched(form: Form): Path[] {
  return PATHS.filter((path) => isTouched(form, path));
}

/**
 * Take in what the server says now. A field the agent changed keeps the agent's words; if another
 * person wrote it meanwhile, theirs are put beside it. Every other field says the new, and is named.
 */
export function merge(form: Form, fresh: Order): { form: Form; changed: Path[] } {
  const now = rawOf(fresh);
  const persons = new Set(fresh.evidence.filter((one) => one.kind === "agent").map((one) => one.field));
  const next: Form = { values: { ...form.values }, base: { ...form.base }, theirs: {} };
  const changed: Path[] = [];
  for (const path of PATHS) {
    const isNews = JSON.stringify(now[path]) !== JSON.stringify(form.base[path]);
    const isMine = isTouched(form, path);
    if (isMine && isNews && persons.has(path) && !isSame(form.values[path], shown(path, now[path]))) {
      next.theirs[path] = now[path];
      continue;
    }
    next.base[path] = now[path];
    if (isMine || !isNews) continue;
    next.values[path] = shown(path, now[path]);
    if (!isSame(next.values[path], form.values[path])) changed.push(path);
  }
  return { form: next, changed };
}

/** What was sent is with the server now; whatever was typed since is not, and stays. */
export function saved(form: Form, paths: readonly Path[], answer: Order): { form: Form; changed: Path[] } {
  const now = rawOf(answer);
  const base = { ...form.base, ...Object.fromEntries(paths.map((path) => [path, now[path]])) };
  return merge({ ...form, base }, answer);
}

/** Put words back that were typed before the page was loaded anew. */
export function restored(order: Order, kept: Pick<Form, "values" | "base">): Form {
  const form = open(order);
  for (const path of PATHS) {
    if (!(path in kept.values)) continue;
    form.values[path] = kept.values[path];
    form.base[path] = kept.base[path];
  }
  return merge(form, order).form;
}

/** Settle a field that two people wrote. */
export function settle(form: Form, path: Path, keep: "mine" | "theirs"): Form {
  const { [path]: said, ...theirs } = form.theirs;
  const values = keep === "mine" ? form.values : { ...form.values, [path]: shown(path, said) };
  return { values, base: { ...form.base, [path]: said }, theirs };
}

/** What is to be sent of the changed fields, or null; one that two people wrote waits. */
export function edit(form: Form): Record<string, unknown> | null {
  const paths = touched(form).filter((path) => !(path in form.theirs));
  if (paths.length === 0) return null;
  const body: Record<string, unknown> = { was: Object.fromEntries(paths.map((path) => [path, form.base[path]])) };
  for (const path of paths) {
    const [head, tail] = path.split(".") as [string, string | undefined];
    const value = sent(path, form.values[path]);
    if (tail === undefined) body[head] = value;
    else body[head] = { ...(body[head] as object | undefined), [tail]: value };
  }
  return body;
}

function sent(path: Path, value: Value): unknown {
  if (Array.isArray(value)) return value.filter((one) => one.name.trim());
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (text === "") return null;
  return TIMES.includes(path) ? `${text}:00+08:00` : text;
}
