// The words of a move as the page uses them. Pure; what is said of it is in words.ts.

import type { Move as Wire } from "../link/wire";

export type Move = Wire;
export type Kind = Wire["kind"];
export type Step = Wire["step"];
export type Key = Wire["keys"][number];

/** The digit that is pressed with Alt, of each way and of each key. */
export const WAY_DIGITS: Partial<Record<Kind, string>> = { consult: "1", "three-way": "2", blind: "3", "hand-over": "4" };
export const KEY_DIGITS: Record<Key, string> = { join: "1", complete: "2", swap: "3", part: "4", cancel: "0" };
export const EMERGENCIES = ["110", "119", "120", "122"] as const;
export const UNDO_MS = 5_000;

/** While it rings, or waits its turn to ring, an emergency that was pressed in error can be undone. */
const RINGS: ReadonlySet<Step> = new Set<Step>(["asked", "ringing", "passing"]);

const DIGITS = [..."零幺二三四五六七八九"];

/** As people read a telephone number out: 12366 is 幺二三六六. */
export const aloud = (number: string) => [...number].map((digit) => DIGITS[Number.parseInt(digit, 10)] ?? "").join("");

/** As it is shown to be read: an area code by itself, the rest in fours from the end. */
export function spaced(number: string): string {
  const digits = number.replace(/[\s-]/g, "");
  if (digits.length <= 5) return digits;
  const area = /^0(?:10|2\d|\d{3})/.exec(digits)?.[0] ?? "";
  return `${area} ${digits.slice(area.length).replace(/(?=(?:\d{4})+$)/g, " ").trim()}`.trim();
}

/** Whose keys a person may press. */
export const isOf = (move: Move, user: string) => move.by === user || move.asker === user;

/** An emergency that was pressed, until it is undone or its seconds are over. */
export interface Press {
  move: string;
  call: string;
  number: string;
  at: number;
}

/** How many ms are left to undo it; 0: it is too late, or it was answered. */
export function undoLeft(press: Press | null, moves: Move[], nowMs: number): number {
  if (press === null) return 0;
  const move = moves.find((one) => one.move === press.move);
  if (move && !RINGS.has(move.step)) return 0;
  return Math.max(0, UNDO_MS - (nowMs - press.at));
}

/** The word for what a move says now to who asked for it (``says``) or to the others (``theirs``). */
export function sentence(move: Move, isMine: boolean): string {
  if (!isMine) return `moves.theirs.${move.step}`;
  if (move.step === "ringing") return `moves.says.${move.kind === "consult" ? "ringing" : "ringing-all"}`;
  if (move.step === "returned" && !move.why) return `moves.says.${move.was_answered ? "parted" : "cancelled"}`;
  return `moves.says.${move.step}`;
}

/** The word on a key, as it is meant in this step: to cancel a ringing one is not to drop a party. */
export function keyWord(key: Key, step: Step): string {
  if (step === "joined" && (key === "cancel" || key === "complete")) return `moves.keys.${key}-joined`;
  if (key === "cancel" && (step === "consulting" || step === "swapped")) return "moves.keys.cancel-talk";
  return `moves.keys.${key}`;
}
