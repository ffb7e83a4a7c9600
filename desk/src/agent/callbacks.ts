// Whom to call back: what the quiet queue offers this desk, what it has claimed, what is owed, and
// the call out. The list is asked for, not pushed: it is read anew whenever something may have changed.

import { computed, onScopeDispose, ref, watch } from "vue";

import { isOut } from "./seating";
import type { AttemptShown, CallbackPage, CallbackShown } from "../api/answers";
import { ask, at } from "../api/http";
import { useDesk } from "../link/desk";
import { useSession } from "../shell/session";
import { tell, tellFault } from "../shell/notices";
import { t } from "../words/words";

const REFRESH_MS = 30_000;
/** The record of a call out is written a moment after it ends. */
const WRITTEN_MS = 1_500;
/** Within this the own phone rings; the switch may see what the page cannot. */
const UNSEEN_MS = 2_500;

export type Outcome = AttemptShown["outcome"];
export const OUTCOMES: readonly Outcome[] = ["answered", "no-answer", "busy", "unreachable", "refused"];

/** A caller to be called back. */
export type Task = CallbackShown;

/** The open tasks by whose they are. */
export function sorted(open: Task[], user: string | undefined) {
  return {
    mine: open.find((task) => task.state === "claimed" && task.claimed_by === user) ?? null,
    owed: open.filter((task) => task.state === "owed"),
    others: open.filter((task) => task.state === "claimed" && task.claimed_by !== user),
  };
}

/** Seconds until it must be done; negative once it is overdue. */
export const untilDue = (dueAt: string, nowMs: number) => (Date.parse(dueAt) - nowMs) / 1000;

export function useCallbacks() {
  const { me } = useSession();
  const { desk, seat } = useDesk();
  const open = ref<Task[]>([]);
  const isAsking = ref(false);
  const isCalling = computed(() => isOut(seat.value));
  const offered = computed(() => desk.value?.callback ?? null);
  const whose = computed(() => sorted(open.value, me.value?.user));

  async function refresh() {
    try {
      open.value = (await ask<CallbackPage>("GET", `${at("callbacks")}?open=true&limit=200`)).items;
    } catch (fault) {
      tellFault(fault);
    }
  }

  async function act(call: string, what: string, body?: unknown): Promise<boolean> {
    isAsking.value = true;
    try {
      await ask("POST", at("callbacks", call, what), body);
      return true;
    } catch (fault) {
      tellFault(fault);
      return false;
    } finally {
      isAsking.value = false;
      await refresh();
    }
  }

  async function dial(task: Task) {
    if (!(await act(task.call_id, "dial"))) return;
    window.setTimeout(() => {
      if (!isCalling.value && whose.value.mine?.call_id === task.call_id) tell(t("agent.callbacks.notOut"));
    }, UNSEEN_MS);
  }

  /** What comes next: take the task, then call. */
  async function next() {
    if (isCalling.value || isAsking.value) return;
    if (whose.value.mine) return dial(whose.value.mine);
    const call = offered.value?.call_id ?? whose.value.owed[0]?.call_id;
    if (call) await act(call, "claim");
    else tell(t("agent.callbacks.none"));
  }

  watch(isCalling, (is, was) => { if (was && !is) window.setTimeout(refresh, WRITTEN_MS); });
  watch(() => offered.value?.call_id, refresh);
  watch(() => desk.value === null, (isAway) => { if (!isAway) void refresh(); }, { immediate: true });
  const timer = window.setInterval(refresh, REFRESH_MS);
  onScopeDispose(() => window.clearInterval(timer));

  return { offered, whose, isCalling, isAsking, act, dial, next };
}
