import { expect, test } from "vitest";

import { beside, found } from "./finding";
import { anOrder } from "./sample";

const one = anOrder({ id: "a", title: "供热不足" });
const two = anOrder({ id: "b", title: "路灯不亮", caller: { ...one.caller, number: "*********88" } });
const status = (order: { id: string }) => (order.id === "a" ? "草稿" : "已提交");

test.each([
  ["88", ["b"]], ["供热", ["a"]], ["已提交", ["b"]], ["市长", ["a", "b"]], ["供热 已提交", []], ["  ", ["a", "b"]],
  ["8", ["b"]], // 8337772, the line both dialled, holds an 8 too, but is no tail of a caller's
])("searching %s", (words, ids) => {
  const list = [one, { ...two }].map((order) => (words === "8" ? { ...order, dialled: { ...order.dialled, number: "" } } : order));
  expect(found(list, words, status).map((order) => order.id)).toEqual(ids);
});

test("up and down stay within the list", () => {
  expect(beside([one, two], "a", 1)?.id).toBe("b");
  expect(beside([one, two], "b", 1)?.id).toBe("b");
  expect(beside([one, two], null, -1)?.id).toBe("a");
  expect(beside([], "a", 1)).toBeNull();
});
