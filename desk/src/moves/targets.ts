// Where callers can be taken, as the server says it; read anew when the line changes or one looks.

import { computed, ref } from "vue";

import type { TargetKind, TargetShown, Targets } from "../api/answers";
import { ask, at } from "../api/http";
import { find } from "./find";
import type { Kind } from "./move";

export type { TargetKind };
export type Target = TargetShown;
type Directory = Pick<Targets, "items" | "typed_numbers" | "first_answerer">;

const SHOWN = 60;
const TYPED = /^\+?[\d\s-]{3,20}$/;

const directory = ref<Directory>({ items: [], typed_numbers: ["supervisor"], first_answerer: "" });

/** Everybody, the rule of who takes a doubtful matter, and the hotlines above and below us. */
export function useTargets() {
  return {
    directory,
    hotlines: computed(() => directory.value.items.filter((one) => one.kind === "centre" && one.ways.length && one.is_open)),
  };
}

/** Ask again. Throws what the server refuses; what was known stays. */
export async function loadTargets(): Promise<void> {
  directory.value = await ask<Targets>("GET", at("targets"));
}

export interface Wanted {
  asked: string;
  kind: TargetKind | "";
  way: Kind | "";
  line: string;
  role: string;
  typedName: string;
}

/** What the dialog lists. Emergency lines have keys of their own: nobody calls one by opening the
 * directory and Enter. A number that is typed comes last, for who may dial any. */
export function listed(all: Directory, wanted: Wanted): Target[] {
  const typed = wanted.asked.trim();
  const fits = (one: Target) =>
    (wanted.kind ? one.kind === wanted.kind : typed !== "" || one.kind !== "emergency") &&
    (!wanted.way || one.ways.includes(wanted.way));
  const found = find(all.items.filter(fits), typed, wanted.line).slice(0, SHOWN);
  if (!TYPED.test(typed) || !all.typed_numbers.includes(wanted.role)) return found;
  const number = typed.replace(/[\s-]/g, "");
  const own: Target = {
    id: "", name: number, number, kind: "number", kind_name: wanted.typedName, ways: ["consult", "three-way", "blind"],
    is_open: true, opens_at: null, is_free: null, lines: [], is_urgent: false, note: "", pinyin: [],
  };
  return !wanted.way || own.ways.includes(wanted.way) ? [...found, own] : found;
}
