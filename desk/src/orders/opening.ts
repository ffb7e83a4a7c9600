// The orders of the page: the list, the one that is open with its form, and what keeps it fresh.

import { computed, readonly, ref, shallowRef, watch } from "vue";

import { Fault, ask, at } from "../api/http";
import { useDesk } from "../link/desk";
import { tellFault } from "../shell/notices";
import { useSession, whenSessionEnds } from "../shell/session";
import { t } from "../words/words";
import { type Form, type Path, merge, open, restored } from "./form";
import { dropKept, forgetKept, isKept, keep, recallKept } from "./kept";
import type { CallSeen, Intake, Order, Said } from "./order";

const LISTED = 60;
const TRIES_MS = [0, 400, 1_200, 2_500, 5_000]; // the order of a call opens a moment after the call

/** Words of this room. */
type Silence = "stillTalked" | "neverTalked" | "notHeard";

const { me } = useSession();
const { seat, card } = useDesk();

const items = shallowRef<Order[]>([]);
const isListed = ref(false);
const order = shallowRef<Order | null>(null);
const form = ref<Form | null>(null);
const said = shallowRef<Said[] | null>(null);
const silence = ref<Silence | "">("");
const refused = ref("");
const whyUnheard = computed(() => (silence.value ? t(`orders.${silence.value}`) : refused.value));
const call = shallowRef<CallSeen | null>(null);
const intake = shallowRef<Intake | null>(null);
const flashing = ref<Path[]>([]);
const missing = ref<Partial<Record<string, string>>>({});
const keptIds = ref<string[]>([]);
let turn = 0; // whoever asked last for an order is given it
let writes = 0; // what was read before a write is old

export function useOrders() {
  return {
    items, isListed: readonly(isListed), order, form, said, whyUnheard, call, intake, flashing, missing,
    keptIds, mayWrite, running, about,
  };
}

/** The call at this desk: announced, talked or being finished. */
const running = computed(() => card.value?.call ?? seat.value?.call ?? seat.value?.wraps_up ?? null);
/** Of a call out, the call it is about. */
const about = computed(() => card.value?.about || null);

const mayWrite = computed(() => {
  const mine = me.value;
  const shown = order.value;
  if (!mine || !shown || shown.status !== "draft" || shown.centre !== mine.centre) return false;
  const talks = call.value?.talks ?? [];
  const isHere = shown.call_id === seat.value?.call || shown.call_id === seat.value?.wraps_up;
  return mine.role === "supervisor" || isHere || talks.some((talk) => talk.agent === mine.user)
    || !talks.some((talk) => talk.seat);
});

export async function refreshList(): Promise<void> {
  try {
    const told = await ask<{ items: Order[] }>("GET", `${at("work-orders")}?limit=${LISTED}`);
    items.value = told.items;
    isListed.value = true;
    markKept();
    intake.value ??= await ask<Intake>("GET", at("intake"));
  } catch (fault) {
    tellFault(fault);
  }
}

/** Open the newest order, unless a call or a person has asked for another one meanwhile. */
export async function openNewest(): Promise<void> {
  const before = turn;
  await refreshList();
  const [newest] = items.value;
  if (newest && turn === before && running.value === null && order.value === null) await openOrder(newest.id);
}

/** Open an order in the form. What was typed in another one stays kept with that one. */
export async function openOrder(id: string): Promise<void> {
  const mine = ++turn;
  if (order.value?.id === id) {
    await refreshOpen();
    return;
  }
  try {
    const fresh = await ask<Order>("GET", at("work-orders", id));
    if (mine !== turn) return;
    show(fresh);
    await readCall(fresh);
  } catch (fault) {
    tellFault(fault);
  }
}

/** Open the order of a call, as soon as it has one. */
export async function openCall(wanted: string): Promise<boolean> {
  if (order.value?.call_id === wanted) return true;
  const mine = ++turn;
  for (const wait of TRIES_MS) {
    await new Promise((done) => window.setTimeout(done, wait));
    if (mine !== turn) return false;
    try {
      const told = await ask<{ items: Order[] }>("GET", `${at("work-orders")}?call_id=${encodeURIComponent(wanted)}`);
      const [first] = told.items;
      if (mine !== turn) return false;
      if (!first) continue;
      await openOrder(first.id);
      await refreshList();
      return order.value?.call_id === wanted;
    } catch (fault) {
      if (fault instanceof Fault && fault.status === 0) continue;
      tellFault(fault);
      return false;
    }
  }
  return false;
}

/** Look again at the open order: the machine may have filled it in, somebody may have written. */
export async function refreshOpen(): Promise<void> {
  const shown = order.value;
  const before = writes;
  if (!shown) return;
  try {
    const fresh = await ask<Order>("GET", at("work-orders", shown.id));
    if (order.value?.id !== shown.id || writes !== before) return;
    const isHeardAnew = fresh.transcript.engine !== shown.transcript.engine || said.value === null;
    take(fresh);
    if (isHeardAnew) await readCall(fresh);
  } catch (fault) {
    if (fault instanceof Fault && fault.status === 0) return; // the link's own state says so already
    tellFault(fault);
  }
}

/** Take an order's newer state in, the agent's words standing. */
export function take(fresh: Order, how: typeof merge = merge): void {
  if (form.value === null) return;
  const { form: next, changed } = how(form.value as Form, fresh);
  order.value = fresh;
  form.value = next;
  flash(changed);
  const listed = items.value.findIndex((one) => one.id === fresh.id);
  if (listed >= 0) items.value = items.value.with(listed, { ...fresh, caller: { ...fresh.caller, number: items.value[listed]!.caller.number } });
}

/** A write is on its way or done: whatever was read before is old. */
export function noteWrite(): void {
  writes += 1;
}

function show(fresh: Order): void {
  const kept = me.value && fresh.status === "draft" ? recallKept(me.value.user, fresh.id) : null;
  order.value = fresh;
  form.value = kept ? restored(fresh, kept) : open(fresh);
  said.value = null;
  silence.value = refused.value = "";
  call.value = null;
  missing.value = {};
  flashing.value = [];
}

async function readCall(fresh: Order): Promise<void> {
  try {
    const seen = await ask<CallSeen>("GET", at("calls", fresh.call_id));
    if (order.value?.id !== fresh.id) return;
    call.value = seen;
    silence.value = silenceOf(seen);
    if (silence.value) return;
    const words = await ask<{ segments: Said[] }>("GET", at("calls", fresh.call_id, "transcript"));
    if (order.value?.id !== fresh.id) return;
    said.value = words.segments;
    refused.value = "";
  } catch (fault) {
    if (order.value?.id === fresh.id) refused.value = fault instanceof Error ? fault.message : "";
  }
}

/** Why there is nothing to ask for: what would be refused is not asked for every few seconds. */
function silenceOf(seen: CallSeen): Silence | "" {
  if (seen.ended_at === null) return "stillTalked";
  const isOwn = seen.talks.some((talk) => talk.agent === me.value?.user);
  if (isOwn || me.value?.role === "supervisor") return "";
  return seen.talks.length === 0 ? "neverTalked" : "notHeard";
}

function flash(paths: Path[]): void {
  if (paths.length === 0) return;
  flashing.value = paths;
  window.setTimeout(() => { if (flashing.value === paths) flashing.value = []; }, 2_500);
}

function markKept(): void {
  const user = me.value?.user;
  keptIds.value = user ? items.value.filter((one) => isKept(user, one.id)).map((one) => one.id) : [];
}

/** Leave the machine's and the others' words as they are: what was typed here is thrown away. */
export function discard(): void {
  if (order.value === null) return;
  if (me.value) dropKept(me.value.user, order.value.id);
  form.value = open(order.value);
  missing.value = {};
}

watch(form, (now) => {
  if (now === null || order.value === null || me.value === null || order.value.status !== "draft") return;
  keep(me.value.user, order.value.id, now as Form);
  markKept();
}, { deep: true });

whenSessionEnds((isSignedOut) => {
  turn += 1;
  if (isSignedOut) forgetKept();
  items.value = [];
  isListed.value = false;
  order.value = null;
  form.value = null;
});
