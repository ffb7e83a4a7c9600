import { expect, test } from "vitest";

import type { Seat } from "../link/wire";
import { paceOf, stateOf } from "./seating";

const NOON = Date.parse("2026-03-02T12:00:00+08:00");
const seat = (more: Partial<Seat>): Seat => ({
  seat: "hs/801", centre: "hs", extension: "801", agent: "anna", state: "talking", reason: "",
  since: new Date(NOON).toISOString(), until: null, call: "1.2", wraps_up: null, has_phone: true, ...more,
});

test("a state says how long it has stood", () => {
  expect(paceOf(seat({}), NOON + 65_400)).toMatchObject({ time: "01:05", isLeft: false, share: null });
});

test("a wrap-up says what is left of it, and never less than nothing", () => {
  const wrap = seat({ state: "wrap-up", until: new Date(NOON + 60_000).toISOString() });
  expect(paceOf(wrap, NOON + 15_000)).toMatchObject({ time: "00:45", isLeft: true, share: 0.75 });
  expect(paceOf(wrap, NOON + 90_000)).toMatchObject({ time: "00:00", share: 0, secondsLeft: 0 });
});

test("a seat that rings for its own call out is calling, not called", () => {
  expect(stateOf(seat({ state: "offered", call: "out-1.2801" }))).toBe("out");
  expect(stateOf(seat({ state: "offered", call: "1.2" }))).toBe("offered");
  expect(stateOf(null)).toBe("logged-out");
});
