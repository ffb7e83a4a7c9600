// One sentence at the top of the page about what just happened; it goes by itself.

import { readonly, ref } from "vue";

import { Fault } from "../api/http";
import { forget } from "./session";

const STAYS_MS = 8_000;

export interface Notice {
  text: string;
  isGood: boolean;
}

const current = ref<Notice | null>(null);
let timer = 0;

export const notice = readonly(current);

export function tell(text: string, isGood = false): void {
  current.value = text ? { text, isGood } : null;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => (current.value = null), STAYS_MS);
}

/** Say what went wrong, in the server's own words; a session that is over ends here. */
export function tellFault(fault: unknown): void {
  if (fault instanceof Fault && fault.status === 401) forget();
  tell(fault instanceof Error ? fault.message : String(fault));
}
