import { expect, test } from "vitest";

import { heard } from "./knowledge";
import type { Said } from "../link/wire";

const said = (channel: Said["channel"], kind: Said["kind"], text: string): Said =>
  ({ call: "c", kind, key: text, channel, start_s: 0, end_s: 1, text, marks: [] });

test("only what the caller has said to its end is asked for, and the newest of it", () => {
  expect(heard([
    said("agent", "final", "您好"), said("caller", "final", "身份证"), said("caller", "interim", "怎"),
    said("caller", "gap", ""), said("caller", "final", "丢了"),
  ])).toBe("身份证丢了");
  expect(heard([said("caller", "final", "长".repeat(500))])).toHaveLength(160);
  expect(heard([])).toBe("");
});
