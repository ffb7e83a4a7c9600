import { expect, test } from "vitest";

import { firstPassword, found } from "./people";

const person = (user: string, role: string, is_active = true) => ({ user, centre: "chifeng", role, is_active, is_me: false });
const all = [person("Wang", "agent"), person("wangwei", "supervisor", false), person("li", "agent", false)];
const names = (wanted: Partial<Parameters<typeof found>[1]>) => found(all, { text: "", role: "", isBlocked: null, ...wanted }).map((one) => one.user);

test("people are found by name, role and whether they may sign in", () => {
  expect(names({})).toEqual(["Wang", "wangwei", "li"]);
  expect(names({ text: " wang" })).toEqual(["Wang", "wangwei"]);
  expect(names({ role: "agent" })).toEqual(["Wang", "li"]);
  expect(names({ role: "agent", isBlocked: true })).toEqual(["li"]);
  expect(names({ isBlocked: false })).toEqual(["Wang"]);
});

test("a first password has no letter that is taken for a digit", () => {
  expect(firstPassword((count) => Uint32Array.from({ length: count }, (_, n) => n * 7))).toHaveLength(12);
  expect(firstPassword()).toMatch(/^[a-hjkmnp-z2-9]{12}$/);
  expect(firstPassword()).not.toBe(firstPassword());
});
