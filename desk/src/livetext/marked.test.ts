import { expect, test } from "vitest";

import { danger, stretches } from "./marked";

test("a text is whole however it is marked", () => {
  const text = "😀我家在红山区，燃气泄漏了";
  const marks = [{ start: 4, end: 7, kind: "place" as const }, { start: 8, end: 12, kind: "danger" as const }];
  const found = stretches(text, marks);
  expect(found.map((one) => one.text).join("")).toBe(text);
  expect(found.filter((one) => one.kind).map((one) => one.text)).toEqual(["红山区", "燃气泄漏"]);
  expect(stretches(text, [])).toEqual([{ text, kind: null }]);
});

test("the newest words of danger are the ones shown", () => {
  const say = (text: string, end: number) => ({ text, marks: [{ start: 0, end, kind: "danger" as const }] });
  expect(danger([say("着火了", 3), say("有人被困", 4), { text: "好的", marks: [] }])).toBe("有人被困");
  expect(danger([{ text: "好的", marks: [] }])).toBe("");
});
