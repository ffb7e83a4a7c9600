// The figures above the wall, each with how it stands.

import { computed, type Ref } from "vue";

import { decimal, judgeShare, judgeWait, percent, type Verdict, type Wait } from "./figures";
import type { Mood } from "./WallTile.vue";
import type { Whole } from "./watching";
import { clock } from "../look/time";
import { t } from "../words/words";

const SHARES: Record<Verdict, Mood> = { good: "good", near: "near", bad: "bad", nothing: "calm" };
const WAITS: Record<Wait, Mood> = { noOne: "good", soon: "good", over15: "near", over60: "bad" };

export interface Tile {
  name: string;
  value: string;
  mood: Mood;
  verdict: string;
  under: string;
}

export function useTiles(live: Ref<Whole | null>, nowMs: Ref<number>) {
  return computed<Tile[]>(() => (live.value ? tilesOf(live.value, nowMs.value) : []));
}

export function tilesOf({ now, today, states, callbacks }: Whole, nowMs: number): Tile[] {
  const word = (key: string, more: Record<string, unknown> = {}) => t(`supervisor.wall.${key}`, more);
  const waits = now.waiting_since === null ? null : (nowMs - Date.parse(now.waiting_since)) / 1000;
  const wait = judgeWait(waits);
  const within = judgeShare(today.within_15_s_share);
  const connected = judgeShare(today.connection_share);
  const nobody = now.waiting > 0 && !states["available"];
  const late = callbacks?.overdue ?? 0;
  return [
    { name: word("within"), value: percent(today.within_15_s_share), mood: SHARES[within], verdict: word(within),
      under: word("withinUnder", { speed: decimal(today.speed_of_answer_s, 1) }) },
    { name: word("connected"), value: percent(today.connection_share), mood: SHARES[connected], verdict: word(connected),
      under: word("connectedUnder", { abandoned: today.abandoned }) },
    { name: word("waiting"), value: String(now.waiting), mood: WAITS[wait], verdict: word(wait),
      under: nobody ? word("noneFree") : waits === null ? "" : word("longest", { time: clock(waits) }) },
    { name: word("talking"), value: String(now.talking), mood: "calm", verdict: "",
      under: word("talkingUnder", { ringing: now.ringing, outside: now.outside }) },
    { name: word("callbacks"), value: callbacks ? String(callbacks.owed) : "—", mood: late ? "bad" : callbacks ? "good" : "calm",
      verdict: late ? word("overdue", { count: late }) : callbacks ? word("noneOverdue") : "", under: word("kept", { count: now.kept }) },
    { name: word("calls"), value: String(today.offered), mood: "calm", verdict: word("satisfied", { share: percent(today.satisfied_share) }),
      under: word("callsUnder", { answered: today.answered, short: today.short_abandoned }) },
  ];
}
