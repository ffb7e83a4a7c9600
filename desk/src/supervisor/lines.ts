// On which line each call came that somebody talks in now: the figures of the seats name the call only.

import { shallowRef, watch, type Ref } from "vue";

import type { CallPage } from "../api/answers";
import { ask, at } from "../api/http";
import type { Whole } from "./watching";

const MOST = 200;

/** The line by the call; a call that is not there yet is asked for when a seat names it. */
export function useLines(live: Ref<Whole | null>) {
  const lines = shallowRef<Record<string, string>>({});
  const named = () => Object.values(live.value?.seats ?? {}).flatMap((seat) => (seat.call ? [seat.call] : [])).sort();
  watch(() => named().join(" "), async () => {
    const calls = named();
    const known = Object.fromEntries(calls.flatMap((call) => (lines.value[call] ? [[call, lines.value[call]]] : [])));
    lines.value = known;
    if (calls.every((call) => call in known)) return;
    try {
      const { items } = await ask<CallPage>("GET", `${at("calls")}?limit=${MOST}`);
      const wanted = items.filter((one) => named().includes(one.call_id));
      lines.value = { ...lines.value, ...Object.fromEntries(wanted.map((one) => [one.call_id, one.line])) };
    } catch {
      // the seat still says that it talks; the next change asks again
    }
  }, { immediate: true });
  return lines;
}
