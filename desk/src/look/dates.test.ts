import { expect, test } from "vitest";

import { later, monthName, otherMonth, read, today, weekdays, weeks, written } from "./dates";

const NOW = Date.parse("2026-11-22T17:30:00Z"); // the 23rd in China

test("a day is understood however people write it", () => {
  for (const typed of ["2026-11-23", "2026/11/23", "2026.11.23", "2026年11月23日", "20261123", "11-23", "11月23日"]) {
    expect(read(typed, false, NOW)).toBe("2026-11-23");
  }
  for (const typed of ["2026-3-4 9:05", "2026年3月4日 9点5分", "20260304 0905", "2026-03-04T09:05", "3/4 9：05"]) {
    expect(read(typed, true, NOW)).toBe("2026-03-04T09:05");
  }
  expect(read("3月4日 9点", true, NOW)).toBe("2026-03-04T09:00");
  expect(read("2026-03-04", true, NOW)).toBe("2026-03-04T00:00");
});

test("what is no day is none, and never another one", () => {
  for (const typed of ["", "2026-02-30", "2026-13-01", "昨天", "2026", "2026-11-23 09:05", "1-2-3-4"]) {
    expect(read(typed, false, NOW)).toBeNull();
  }
  for (const typed of ["2026-03-04 24:00", "2026-03-04 9:60"]) expect(read(typed, true, NOW)).toBeNull();
});

test("a calendar has whole weeks from Monday on, and every day of its month once", () => {
  for (const day of ["2026-02-01", "2024-02-29", "2026-11-30", "2027-01-15"]) {
    const all = weeks(day);
    expect(all.every((week) => week.length === 7 && new Date(`${week[0]}T00:00:00Z`).getUTCDay() === 1)).toBe(true);
    const mine = all.flat().filter((one) => one.startsWith(day.slice(0, 7)));
    const last = Number(later(otherMonth(`${day.slice(0, 8)}01`, 1), -1).slice(8));
    expect(mine).toHaveLength(last);
    expect(new Set(mine).size).toBe(last);
  }
  expect(otherMonth("2026-01-31", 1)).toBe("2026-02-28");
  expect(otherMonth("2026-01-15", -1)).toBe("2025-12-15");
});

test("days are China's, and are named in the page's language, whatever the browser's is", () => {
  expect(today(NOW)).toBe("2026-11-23");
  expect(monthName("2026-11-23", "zh-CN")).toBe("2026年11月");
  expect(monthName("2026-11-23", "en")).toBe("November 2026");
  expect(weekdays("zh-CN")).toEqual(["一", "二", "三", "四", "五", "六", "日"]);
  expect(written("2026-11-23T09:05")).toBe("2026-11-23 09:05");
});
