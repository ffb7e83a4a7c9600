// Who may sign in: found by name, role and whether they still may. Pure.

import type { PersonShown } from "../api/answers";

export const ROLES = ["agent", "expert", "supervisor", "admin", "screen"] as const;
export type RoleName = (typeof ROLES)[number];

export interface Wanted {
  text: string;
  role: string;
  isBlocked: boolean | null;
}

export function found(people: readonly PersonShown[], wanted: Wanted): PersonShown[] {
  const text = wanted.text.trim().toLowerCase();
  return people.filter((one) =>
    one.user.toLowerCase().includes(text) && (!wanted.role || one.role === wanted.role)
    && (wanted.isBlocked === null || one.is_active !== wanted.isBlocked));
}

/** In twelve letters and digits that nobody mistakes for one another. */
export function firstPassword(random: (count: number) => Uint32Array = (count) => crypto.getRandomValues(new Uint32Array(count))): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  return [...random(12)].map((one) => letters[one % letters.length]).join("");
}
