// What is doubtful about the open order as it is saved: asked again whenever it was written.

import { ref, watch } from "vue";

import type { Answers } from "../api/answers";
import { Fault, ask, at } from "../api/http";
import { tellFault } from "../shell/notices";
import { whenSessionEnds } from "../shell/session";
import { useOrders } from "./opening";

type Checks = Answers["GET /api/v1/work-orders/{order}/checks"];
export type Doubt = Checks["items"][number];

const REST_MS = 400; // a draft that grows is written several times at once

const doubts = ref<readonly Doubt[]>([]);
let timer = 0;

/** The doubts of one field that no refusal tells already. */
export function doubtsAt(paths: readonly string[]): readonly Doubt[] {
  return doubts.value.filter((one) => paths.includes(one.field));
}

async function look(id: string): Promise<void> {
  const { order } = useOrders();
  try {
    const told = await ask<Checks>("GET", at("work-orders", id, "checks"));
    if (order.value?.id === id) doubts.value = told.items;
  } catch (fault) {
    if (fault instanceof Fault && fault.status === 0) return; // the link's own state says so already
    tellFault(fault);
  }
}

/** Look the open order over, as long as the component that asks stands. */
export function watchDoubts(): void {
  const { order } = useOrders();
  watch(order, (now, before) => {
    window.clearTimeout(timer);
    if (now?.id !== before?.id) doubts.value = [];
    if (now?.status === "draft") timer = window.setTimeout(() => { void look(now.id); }, REST_MS);
    else doubts.value = [];
  }, { immediate: true });
}

whenSessionEnds(() => {
  window.clearTimeout(timer);
  doubts.value = [];
});
