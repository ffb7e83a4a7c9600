import { expect, test } from "vitest";

import { byHalfHour, dayOf, judgeShare, judgeWait, midnightOf, percent } from "./figures";

test("a share just below the target is not rounded up to it", () => {
  expect(percent(0.94999)).toBe("94.9%");
  expect(judgeShare(0.94999)).toBe("near");
  expect(percent(0.95)).toBe("95.0%");
  expect(judgeShare(0.95)).toBe("good");
  expect(judgeShare(0.8)).toBe("bad");
});

test("where nothing was counted nothing is judged", () => {
  expect(judgeShare(null)).toBe("nothing");
  expect(percent(null)).toBe("—");
});

test("waiting is judged by the standard's 15 seconds", () => {
  expect([null, 15, 16, 60, 61].map(judgeWait)).toEqual(["noOne", "soon", "over15", "over15", "over60"]);
});

test("the day has its 48 half-hours, each once, with its row where there is one", () => {
  const slots = byHalfHour([{ row: "2026-11-23 09:30" }, { row: "2026-11-22 09:00" }], "2026-11-23");
  expect(slots).toHaveLength(48);
  expect(slots.filter((slot) => slot.row).map((slot) => slot.name)).toEqual(["09:30"]);
});

test("the day is China's, wherever the computer stands", () => {
  expect(dayOf(Date.parse("2026-11-22T16:00:00Z"))).toBe("2026-11-23");
  expect(new Date(midnightOf("2026-11-23")).toISOString()).toBe("2026-11-22T16:00:00.000Z");
});
