// What was typed and is not with the server yet, kept by the browser's tab: a refreshed page has it
// again. Under the user's name, and gone when the user signs out.

import { type Form, type Path, type Raw, type Values, touched } from "./form";

const UNDER = "hotline.order.";

export interface Kept {
  values: Values;
  base: Raw;
}

const nameOf = (user: string, order: string) => `${UNDER}${user}.${order}`;

export function keep(user: string, order: string, form: Form): void {
  const paths = touched(form);
  if (paths.length === 0) {
    sessionStorage.removeItem(nameOf(user, order));
    return;
  }
  const only = <T>(all: Record<Path, T>) => Object.fromEntries(paths.map((path) => [path, all[path]]));
  const kept = { values: only(form.values), base: only(form.base) };
  try {
    sessionStorage.setItem(nameOf(user, order), JSON.stringify(kept));
  } catch {
    // a full store keeps what it has: the words are in the page all the same, and are being saved
  }
}

export function recallKept(user: string, order: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(user, order)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

export function isKept(user: string, order: string): boolean {
  return sessionStorage.getItem(nameOf(user, order)) !== null;
}

export function dropKept(user: string, order: string): void {
  sessionStorage.removeItem(nameOf(user, order));
}

export function forgetKept(): void {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(UNDER)) sessionStorage.removeItem(name);
  }
}
