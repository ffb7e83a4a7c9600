// What the caller card says, put together from what the brain told. Pure.

import type { Card, Move, PastOrder, Seat } from "../link/wire";

export type CardState = "ringing" | "talking" | "wrap-up";

export function stateOf(seat: Seat | null): CardState {
  if (seat?.state === "talking") return "talking";
  return seat?.state === "wrap-up" ? "wrap-up" : "ringing";
}

/** Why the phone rings, or that the call is going on or over: a word under `card.kind`. */
export function kindOf(card: Card, state: CardState, moves: readonly Move[], me: string): string {
  if (state === "talking") return "talking";
  if (state === "wrap-up") return card.about ? "calledOut" : "over";
  const isMoved = moves.some((move) => move.call === card.call && move.by !== me && !move.is_over);
  if (isMoved || card.occasion === "座席转来") return "moved";
  if (card.about) return "callOut";
  return card.attempt ? "keptPlace" : "incoming";
}

/** 138 4765 2301, so that it can be read out; anything else as it is. */
export function spaced(number: string): string {
  const mobile = /^(1\d{2})(\d{4})(\d{4})$/.exec(number);
  if (mobile) return mobile.slice(1).join(" ");
  const line = /^(0(?:10|2\d|[3-9]\d{2}))(\d{3,4})(\d{4})$/.exec(number);
  return line ? line.slice(1).join(" ") : number;
}

/** The line as its people call it: one office's name, unless several share the number. */
export function lineName(card: Card): string {
  const { line, entries } = card;
  if (entries.length > 1 || line.name === line.number) return "";
  return line.name;
}

export function isLate(order: PastOrder, nowMs: number): boolean {
  return order.is_open && order.finish_by !== null && Date.parse(order.finish_by) < nowMs;
}
