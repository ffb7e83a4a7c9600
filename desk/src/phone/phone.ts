// The telephone of the page: comes when somebody sits at a seat and chose it, rings once the card
// is painted, answers by itself where that was asked for. One for the whole page.

import { computed, effectScope, ref, shallowRef, watch } from "vue";

import { ask, at } from "../api/http";
import { useDesk } from "../link/desk";
import { tellFault } from "../shell/notices";
import { whenSessionEnds } from "../shell/session";
import { choice } from "./choice";
import { replug } from "./headset";
import { OneTab } from "./onetab";
import { forgetTalk, isMine, rememberTalk } from "./rejoin";
import type { Account, Telephone } from "./telephone";
import { beep, ring } from "./tones";

/** A card that does not come must not keep the telephone silent. */
const CARD_WITHIN_MS = 400;

const phone = shallowRef<Telephone | null>(null);
const isElsewhere = ref(false);
let tab: OneTab | null = null;
let quiet = () => {};
let isFollowing = false;

const { desk, seat, card } = useDesk();

export function usePhone() {
  return {
    /** How it stands; null while there is none in this page. */
    standing: computed(() => phone.value?.standing ?? null),
    /** Another tab of this browser has it. */
    isElsewhere: computed(() => isElsewhere.value),
    isChosen: computed(() => choice.kind === "page"),
  };
}

export const answer = () => void phone.value?.answer(choice.microphone, choice.headset);
export const hangUp = () => {
  forgetTalk();
  phone.value?.hangUp();
};
export const mute = (isMuted: boolean) => phone.value?.mute(isMuted);
export const hold = (isHeld: boolean) => phone.value?.hold(isHeld);
export const press = (key: string) => phone.value?.press(key);
export const takeHere = () => tab?.take();

/** Have the telephone follow the seat and the choice; the page asks once. */
export function followSeat(): void {
  if (isFollowing) return;
  isFollowing = true;
  effectScope(true).run(() => {
    const wanted = computed(() => (choice.kind === "page" ? (seat.value?.seat ?? "") : ""));
    watch([wanted, () => desk.value === null], ([now, isAway], [before]) => {
      if (isAway || now === (before ?? "")) return; // a lost link says nothing of the seat
      leave();
      if (now) sitAt(now);
    }, { immediate: true });
    watch(() => choice.headset, (headset) => void phone.value?.speakAt(headset));
  });
  whenSessionEnds(leave);
  window.addEventListener("pagehide", vanish);
  navigator.mediaDevices?.addEventListener("devicechange", unplugged);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // it has no telephone any more
  });
}

function sitAt(name: string): void {
  tab = new OneTab(`hotline.phone.${name}`, (isHere) => {
    isElsewhere.value = !isHere;
    if (isHere) connect(name).catch(tellFault);
    else vanish();
  });
}

async function connect(name: string): Promise<void> {
  // The library comes only where it is wanted: most of the page needs none of it.
  const [account, { Telephone: Made }] = await Promise.all([
    ask<Account>("GET", at("desk", "phone")),
    import("./telephone"),
  ]);
  if (seat.value?.seat !== name || isElsewhere.value || phone.value) return;
  phone.value = new Made(account, { rings, talks, over, unplugged });
}

function rings(): void {
  const mine = phone.value;
  painted(() => {
    if (phone.value !== mine || mine?.standing.talk !== "rings") return;
    if (isAsked()) {
      void beep(choice.headset);
      answer();
    } else {
      quiet();
      quiet = ring(choice.ringer);
    }
  });
}

// Whoever presses "call" or "listen" has asked for the own telephone to ring.
function isAsked(): boolean {
  const dials = Boolean(seat.value?.call?.startsWith("out-"));
  const isBack = isMine(card.value?.call, Date.now());
  return choice.answersItself || dials || isBack || Boolean(desk.value?.supervised);
}

function talks(): void {
  quiet();
  rememberTalk(seat.value?.call ?? card.value?.call, null);
}

function over(wasTalk: boolean): void {
  quiet();
  if (wasTalk) rememberTalk(card.value?.call, Date.now());
}

function unplugged(): void {
  void replug(() => phone.value);
}

/** Do something once the card stands on the screen, or will not come. */
function painted(act: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    window.clearTimeout(timer);
    stop();
    act();
  };
  const timer = window.setTimeout(once, CARD_WITHIN_MS);
  let stop = () => {};
  stop = watch(card, (now) => {
    if (now) requestAnimationFrame(() => requestAnimationFrame(once));
  }, { immediate: true });
}

function vanish(): void {
  quiet();
  phone.value?.vanish();
  phone.value = null;
}

function leave(): void {
  quiet();
  phone.value?.end();
  phone.value = null;
  tab?.end();
  tab = null;
  isElsewhere.value = false;
}
