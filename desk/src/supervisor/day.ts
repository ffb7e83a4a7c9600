// The day so far by half-hours and by lines, read anew every half minute. A day that ends begins
// anew by itself; while the server cannot read the past, what was read last stays, with its age.

import { onScopeDispose, shallowRef, watch, type Ref } from "vue";

import type { ReportShown } from "../api/answers";
import { ask, at } from "../api/http";
import { dayOf, midnightOf } from "./figures";
import { every } from "./watching";

const AGAIN_MS = 30_000;
const OLD_MS = 120_000;

export interface Day {
  day: string;
  halfHours: ReportShown;
  lines: ReportShown;
  readMs: number;
}

export const report = (by: string, since: string, until?: string) => {
  const asked = new URLSearchParams({ by, since, ...(until ? { until } : {}) });
  return ask<ReportShown>("GET", `${at("stats")}?${asked}`);
};

export function useDay(nowMs: Ref<number>) {
  const day = shallowRef<Day | null>(null);
  const isOld = shallowRef(false);
  async function read() {
    const today = dayOf(nowMs.value);
    const since = midnightOf(today);
    const [halfHours, lines] = await Promise.all([report("half-hour", since), report("line", since)]);
    day.value = { day: today, halfHours, lines, readMs: nowMs.value };
  }
  every(AGAIN_MS, read);
  const stop = watch(nowMs, (now) => (isOld.value = day.value !== null && now - day.value.readMs > OLD_MS));
  onScopeDispose(stop);
  return { day, isOld };
}
