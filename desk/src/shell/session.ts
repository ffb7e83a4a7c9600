// Who is signed in. One session a page; every room may look.

import { readonly, ref } from "vue";

import { Fault, ask, at } from "../api/http";

export type Role = "agent" | "expert" | "supervisor" | "admin" | "system" | "screen";

export interface Me {
  user: string;
  name: string;
  role: Role;
  centre: string;
}

const me = ref<Me | null>(null);
const isKnown = ref(false);
const endings: ((isSignedOut: boolean) => void)[] = [];
/** The other tabs of this browser: they share the session. */
const tabs = new BroadcastChannel("hotline.session");
tabs.onmessage = ({ data }) => (data === "left" ? forget(true) : recall().catch(() => undefined));

export function useSession() {
  return { me: readonly(me), isKnown: readonly(isKnown) };
}

/** Have something done whenever the session ends: signed out by the person, or run out. */
export function whenSessionEnds(act: (isSignedOut: boolean) => void): void {
  endings.push(act);
}

/** Ask whether somebody is signed in already: a refreshed page, a second tab. */
export async function recall(): Promise<void> {
  try {
    const now = await ask<Me>("GET", at("session"));
    if (me.value !== null && me.value.user !== now.user) forget(true);
    me.value = now;
  } catch (fault) {
    if (!(fault instanceof Fault) || fault.status !== 401) throw fault;
    forget();
  } finally {
    isKnown.value = true;
  }
}

export async function signIn(user: string, password: string): Promise<void> {
  const is_framed = window.parent !== window; // there browsers keep the session apart
  me.value = await ask<Me>("POST", at("session"), { user, password, ...(is_framed && { is_framed }) });
  tabs.postMessage("changed");
}

export async function signOut(): Promise<void> {
  await ask("DELETE", at("session")).catch(() => null);
  forget(true);
  tabs.postMessage("left");
}

/** The session is over; the sign-in page comes. */
export function forget(isSignedOut = false): void {
  if (me.value !== null) for (const act of endings) act(isSignedOut);
  me.value = null;
}
