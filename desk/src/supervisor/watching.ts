// The centre as it stands now, and since when that may be old. A supervisor's comes over the
// socket; an administrator has none and asks every two seconds.

import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";

import type { LiveShown } from "../api/answers";
import { ask, at } from "../api/http";
import { openLink, useDesk } from "../link/desk";
import type { Live } from "../link/wire";
import { useSession } from "../shell/session";

const ASK_MS = 2_000;
const ANSWER_MS = 4_000;
const OLD_MS = 6_000;
const READY_MS = 10_000;

/** Every group has come. */
export type Whole = Required<Omit<Live, "callbacks" | "hands">> & Pick<Live, "callbacks" | "hands">;

export function useLive() {
  const { me } = useSession();
  const bySocket = me.value?.role === "supervisor";
  const got = bySocket ? overSocket() : byAsking();
  const hasSwitch = useSwitch();
  const live = computed(() => {
    const now = got.live.value;
    return now?.now && now.today && now.states && now.seats && now.waiting ? (now as Whole) : null;
  });
  /** Since when the figures stand still, in ms by the server's clock; null: they are of now. */
  const lostAt = ref<number | null>(null);
  const why = computed(() => (!got.isUp.value ? "link" : !hasSwitch.value ? "switch" : null));
  watch(why, (now, was) => {
    if (now === null) lostAt.value = null;
    else if (!was) lostAt.value = got.seenAt.value;
  }, { immediate: true });
  return { live, nowMs: got.nowMs, why, lostAt };
}

function overSocket() {
  openLink();
  const { desk, link, serverNowMs } = useDesk();
  const isUp = computed(() => link.value !== "down");
  return { live: computed(() => desk.value?.live ?? null), isUp, nowMs: serverNowMs, seenAt: serverNowMs };
}

function byAsking() {
  const live = shallowRef<LiveShown | null>(null);
  const aheadMs = ref(0);
  const seenMs = ref(Date.now());
  const tickMs = ref(Date.now());
  every(ASK_MS, async () => {
    const now = await ask<LiveShown>("GET", at("live"), undefined, ANSWER_MS);
    aheadMs.value = Date.now() - Date.parse(now.at);
    seenMs.value = Date.now();
    live.value = now;
  });
  every(250, () => void (tickMs.value = Date.now()));
  return {
    live, nowMs: computed(() => tickMs.value - aheadMs.value),
    isUp: computed(() => tickMs.value - seenMs.value < OLD_MS),
    seenAt: computed(() => seenMs.value - aheadMs.value),
  };
}

/** Whether the server hears the telephone switch: without it, what it says of calls is old. */
function useSwitch() {
  const has = ref(true);
  every(READY_MS, async () => {
    const answer = await fetch("/readyz", { signal: AbortSignal.timeout(ANSWER_MS) });
    has.value = ((await answer.json()) as { switch: boolean }).switch;
  });
  return has;
}

/** Do it now and then, one at a time, while the component stands; what fails is tried again. */
export function every(ms: number, act: () => unknown): void {
  let timer = 0;
  let isOver = false;
  const round = async () => {
    try {
      await act();
    } catch {
      // told by what grows old
    }
    if (!isOver) timer = window.setTimeout(round, ms);
  };
  void round();
  onScopeDispose(() => {
    isOver = true;
    window.clearTimeout(timer);
  });
}
