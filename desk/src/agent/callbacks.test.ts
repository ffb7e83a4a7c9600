import { expect, test } from "vitest";

import { sorted, untilDue, type Task } from "./callbacks";

const task = (call_id: string, more: Partial<Task> = {}): Task => ({
  call_id, centre: "hs", is_short: false, closed_by: null, line: "12345", number: "*******01", missed_at: "2026-03-02T04:00:00Z", due_at: "2026-03-03T04:00:00Z",
  is_overdue: false, state: "owed", attempts: [], claimed_by: null, claimed_until: null, ...more,
});

test("what I have claimed is mine, what others have claimed is not offered to me", () => {
  const open = [task("1"), task("2", { state: "claimed", claimed_by: "bo" }), task("3", { state: "claimed", claimed_by: "anna" })];
  const { mine, owed, others } = sorted(open, "anna");
  expect([mine?.call_id, owed.map((one) => one.call_id), others.map((one) => one.call_id)]).toEqual(["3", ["1"], ["2"]]);
});

test("a task counts down to its deadline, and on beyond it", () => {
  const noon = Date.parse("2026-03-03T03:59:00Z");
  expect(untilDue(task("1").due_at, noon)).toBe(60);
  expect(untilDue(task("1").due_at, noon + 90_000)).toBe(-30);
});
