// The desk as the whole page sees it: what the brain says now, and how the link stands.

import { computed, readonly, ref, shallowRef } from "vue";

import { tellFault } from "../shell/notices";
import { recall, whenSessionEnds } from "../shell/session";
import type { Desk } from "./fold";
import { Link } from "./link";
import type { Message } from "./wire";

const desk = shallowRef<Desk | null>(null);
const state = ref<"none" | "up" | "down">("none");
const aheadMs = ref(0);
const nowMs = ref(Date.now());
const listeners = new Set<(message: Message, desk: Desk) => void>();
let link: Link | null = null;

window.setInterval(() => (nowMs.value = Date.now()), 250);

export function useDesk() {
  return {
    desk: computed(() => desk.value),
    seat: computed(() => desk.value?.seat ?? null),
    card: computed(() => desk.value?.card ?? null),
    link: readonly(state),
    /** The server's clock, in ms: this computer's own may be wrong. */
    serverNowMs: computed(() => nowMs.value - aheadMs.value),
  };
}

/** Hear every message after it was folded in. Returns what stops it. */
export function hear(listener: (message: Message, desk: Desk) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Open the link, once; a page that needs it asks for it. */
export function openLink(): void {
  link ??= new Link({ onDesk, onLink });
}

export function closeLink(): void {
  link?.end();
  link = null;
  desk.value = null;
  state.value = "none";
}

/** Ask the brain over the link. Throws what it refuses. */
export async function order(what: string, more: Record<string, unknown> = {}): Promise<void> {
  if (link === null) throw new Error("the link is closed");
  await link.ask(what, more);
}

/** The same, telling the person what was refused. Returns whether it was done. */
export async function say(what: string, more: Record<string, unknown> = {}): Promise<boolean> {
  try {
    await order(what, more);
    return true;
  } catch (fault) {
    tellFault(fault);
    return false;
  }
}

function onDesk(next: Desk, message: Message): void {
  if (message.type === "snapshot" || message.type === "resumed") aheadMs.value = Date.now() - Date.parse(next.at);
  desk.value = next;
  for (const listener of listeners) listener(message, next);
}

function onLink(isUp: boolean): void {
  state.value = isUp ? "up" : "down";
  if (!isUp) recall().catch(() => undefined); // a session that is over shows the sign-in page
}

whenSessionEnds(closeLink);
