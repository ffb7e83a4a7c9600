// Saving and handing in the open order. Saves by itself after a pause; says how that stands.

import { nextTick, ref, watch } from "vue";

import { Fault, ask, at } from "../api/http";
import { tell, tellFault } from "../shell/notices";
import { moment } from "../look/time";
import { t } from "../words/words";
import { type Form, type Path, edit, saved, touched } from "./form";
import type { Order } from "./order";
import { noteWrite, openCall, refreshList, take, useOrders } from "./opening";

const PAUSE_MS = 2_000;
const AGAIN_MS = 10_000;

export interface Saving {
  state: "clean" | "unsaved" | "saving" | "saved" | "failed" | "differs";
  said: string;
}

const { order, form, missing, mayWrite } = useOrders();

export const saving = ref<Saving>({ state: "clean", said: "" });
let timer = 0;
let underWay: Promise<boolean> | null = null;
let isHandingIn = false;

/** Send what the agent changed. Says whether all of it is with the server; tells why it is not. */
export async function save(): Promise<boolean> {
  window.clearTimeout(timer);
  while (underWay) await underWay;
  underWay = send();
  try {
    return await underWay;
  } finally {
    underWay = null;
  }
}

async function send(): Promise<boolean> {
  const shown = order.value;
  const body = form.value && mayWrite.value ? edit(form.value as Form) : null;
  if (!shown || !form.value) return true;
  const isSettled = Object.keys(form.value.theirs).length === 0;
  if (body === null) {
    if (!isSettled) saving.value = { state: "differs", said: t("orders.saving.differs") };
    return isSettled;
  }
  const paths = touched(form.value as Form).filter((path) => !(path in form.value!.theirs));
  saving.value = { state: "saving", said: t("orders.saving.saving") };
  noteWrite();
  try {
    const answer = await ask<Order>("PATCH", at("work-orders", shown.id), body);
    noteWrite();
    if (order.value?.id === shown.id) {
      take(answer, (kept, fresh) => saved(kept, paths, fresh));
      saving.value = { state: "saved", said: t("orders.saving.saved", { at: moment(new Date().toISOString()) }) };
    }
    return isSettled;
  } catch (fault) {
    noteWrite();
    if (order.value?.id === shown.id) refused(fault);
    return false;
  }
}

function refused(fault: unknown): void {
  if (fault instanceof Fault && fault.id === "order-changed") {
    const told = (fault.details["fields"] ?? []) as { field: Path; now: unknown }[];
    for (const { field, now } of told) form.value!.theirs[field] = now;
    saving.value = { state: "differs", said: t("orders.saving.differs") };
    return;
  }
  if (fault instanceof Fault && fault.id === "invalid-body") {
    const told = (fault.details["fields"] ?? []) as { field: string }[];
    missing.value = Object.fromEntries(told.map(({ field }) => [field, fault.message]));
  }
  const why = fault instanceof Error ? fault.message : String(fault);
  saving.value = { state: "failed", said: t("orders.saving.failed", { why }) };
  const isPassing = fault instanceof Fault && (fault.status === 0 || fault.status >= 500);
  if (isPassing) timer = window.setTimeout(() => void save(), AGAIN_MS);
  if (fault instanceof Fault && fault.status === 401) tellFault(fault);
}

/** Hand in the order of that call, or, with null, the open one. Tells itself what is missing. */
export async function submitOrder(call: string | null): Promise<void> {
  if (isHandingIn) return;
  isHandingIn = true;
  try {
    if (call !== null && order.value?.call_id !== call && !(await openCall(call))) {
      tell(t("orders.noOrderYet"));
      return;
    }
    await handIn();
  } finally {
    isHandingIn = false;
  }
}

export function submitCurrent(): Promise<void> {
  return submitOrder(null);
}

async function handIn(): Promise<void> {
  const shown = order.value;
  if (!shown || shown.status !== "draft" || !mayWrite.value) {
    tell(t(shown && shown.status === "draft" ? "orders.notYours" : "orders.openDraft"));
    return;
  }
  missing.value = {};
  if (!(await save())) {
    tell(saving.value.said);
    return;
  }
  noteWrite();
  try {
    const answer = await ask<Order>("POST", at("work-orders", shown.id, "submit"));
    if (order.value?.id === shown.id) take(answer);
    saving.value = { state: "clean", said: "" };
    tell(t("orders.submitted", { title: answer.title ?? answer.id }), true);
    await refreshList();
  } catch (fault) {
    if (fault instanceof Fault && fault.id === "order-incomplete") await askFor(fault);
    else tellFault(fault);
  } finally {
    noteWrite();
  }
}

async function askFor(fault: Fault): Promise<void> {
  const told = (fault.details["fields"] ?? []) as { field: string; why: string }[];
  missing.value = Object.fromEntries(told.map(({ field, why }) => [field, why]));
  tell(told.map(({ why }) => why).join(""));
  await nextTick();
  const [first] = told;
  if (first) document.getElementById(`order-${first.field}`)?.focus();
}

watch(form, (now, before) => {
  if (now === null || !mayWrite.value) return;
  const left = touched(now as Form);
  for (const path of left) if (path in missing.value) delete missing.value[path];
  const open = left.filter((path) => !(path in now.theirs));
  if (before === null || left.length === 0) {
    if (saving.value.state === "unsaved" && !underWay) saving.value = { state: "clean", said: "" };
    return;
  }
  if (open.length === 0) {
    saving.value = { state: "differs", said: t("orders.saving.differs") };
    return;
  }
  if (!underWay) saving.value = { state: "unsaved", said: t("orders.saving.unsaved") };
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void save(), PAUSE_MS);
}, { deep: true });

watch(() => order.value?.id, () => {
  window.clearTimeout(timer);
  saving.value = { state: "clean", said: "" };
});
