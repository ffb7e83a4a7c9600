import { beforeEach, expect, test } from "vitest";

import { open } from "./form";
import { forgetKept, isKept, keep, recallKept } from "./kept";
import { anOrder } from "./sample";

beforeEach(() => sessionStorage.clear());

test("only what is unsaved is kept, for its own user and order", () => {
  const form = open(anOrder({ title: "供热", summary: "旧" }));
  form.values.title = "我写的";
  keep("anna", "o1", form);
  expect(recallKept("anna", "o1")).toEqual({ values: { title: "我写的" }, base: { title: "供热" } });
  expect(recallKept("bao", "o1")).toBeNull();
  form.values.title = "供热";
  keep("anna", "o1", form);
  expect(isKept("anna", "o1")).toBe(false);
});

test("signing out leaves nothing of anybody's order, and touches nothing else", () => {
  const form = open(anOrder());
  form.values.title = "我写的";
  keep("anna", "o1", form);
  sessionStorage.setItem("another", "stays");
  forgetKept();
  expect([isKept("anna", "o1"), sessionStorage.getItem("another")]).toEqual([false, "stays"]);
});
