// What a seat panel shows of a seat, and the seats one may choose.

import type { Centre } from "../api/answers";
import { ask, at } from "../api/http";
import type { Seat } from "../link/wire";
import { clock } from "../look/time";

/** What reports count under: one spelling, in whatever language the page is. */
export const RESTS = ["小休", "用餐", "会议", "培训", "整理工单", "设备故障"] as const;

const CHOSEN = "hotline.seat";

export const centre = () => ask<Centre>("GET", at("centre"));

/** The seat this browser took last: people sit where they sat. */
export const lastSeat = () => localStorage.getItem(CHOSEN) ?? "";
export const rememberSeat = (extension: string) => localStorage.setItem(CHOSEN, extension);

/** Whose seat rings because it calls out itself. */
export const isOut = (seat: Seat | null) => Boolean(seat?.call?.startsWith("out-"));

/** The word for the state; a seat that rings for its own call out is calling. */
export function stateOf(seat: Seat | null): string {
  if (seat === null) return "logged-out";
  return seat.state === "offered" && isOut(seat) ? "out" : seat.state;
}

export interface Pace {
  /** As it is shown: what has passed, or what is left. */
  time: string;
  isLeft: boolean;
  /** Of the wrap-up, what is left, from 1 to 0; null outside it. */
  share: number | null;
  secondsLeft: number;
}

/** How long the state stands, or how long the wrap-up still lasts. */
export function paceOf(seat: Seat, nowMs: number): Pace {
  const since = Date.parse(seat.since);
  if (seat.state !== "wrap-up" || !seat.until) {
    return { time: clock((nowMs - since) / 1000), isLeft: false, share: null, secondsLeft: 0 };
  }
  const until = Date.parse(seat.until);
  const left = Math.max(0, until - nowMs);
  return {
    time: clock(Math.ceil(left / 1000)), isLeft: true,
    share: Math.min(1, left / Math.max(1, until - since)), secondsLeft: Math.ceil(left / 1000),
  };
}
