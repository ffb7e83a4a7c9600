import { beforeEach, expect, test } from "vitest";

import { SELF, named } from "./grid";
import { keepRows, recallRows } from "./keptRows";

const base = named([{ 号码: "1" }, { 号码: "2" }]);

beforeEach(() => sessionStorage.clear());

test("a row that was kept is the row it was, and a new one is new", () => {
  keepRows("n", { tag: "t", base, rows: [base[1]!, ...named([{ 号码: "3" }])] });
  const { kept } = recallRows("n");
  expect(kept!.tag).toBe("t");
  expect(kept!.rows.map((row) => row["号码"])).toEqual(["2", "3"]);
  expect(kept!.rows[0]![SELF]).toBe(kept!.base[1]![SELF]);
  expect(kept!.base.map((row) => row[SELF])).not.toContain(kept!.rows[1]![SELF]);
});

test("what cannot be understood breaks nothing", () => {
  expect(recallRows("n")).toEqual({ kept: null, isBroken: false });
  for (const text of ["{", "null", "[]", '{"tag":"t","rows":[{}]}', '{"tag":"t","base":[],"rows":[[4,{}]]}', '{"tag":"t","base":[{"a":1}],"rows":[]}']) {
    sessionStorage.setItem("n", text);
    expect(recallRows("n")).toEqual({ kept: null, isBroken: true });
    expect(recallRows("n")).toEqual({ kept: null, isBroken: false }); // told once
    expect(sessionStorage.getItem("n.broken")).toBe(text);
  }
});
