import { effectScope } from "vue";
import { expect, test } from "vitest";

import { chordOf, keys, takeKeys } from "./keys";

const press = (init: KeyboardEventInit) => window.dispatchEvent(new KeyboardEvent("keydown", init));

test("a key acts while its component stands, and no longer", () => {
  let acted = 0;
  const scope = effectScope();
  scope.run(() => takeKeys({ chord: "F2", does: "x", act: () => (acted += 1) }));
  press({ key: "F2" });
  scope.stop();
  press({ key: "F2" });
  expect(acted).toBe(1);
  expect(keys.size).toBe(0);
});

test("no two rooms take the same key", () => {
  const scope = effectScope();
  scope.run(() => {
    takeKeys({ chord: "F2", does: "one", act: () => undefined });
    expect(() => takeKeys({ chord: "F2", does: "two", act: () => undefined })).toThrow("taken by one");
  });
  scope.stop();
});

test("a chord is named as people write it, whatever the layout types", () => {
  expect(chordOf(new KeyboardEvent("keydown", { key: "¡", code: "Digit1", altKey: true }))).toBe("Alt+1");
  expect(chordOf(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true }))).toBe("Ctrl+Enter");
});

test("a function key of ours that does nothing now is not the browser's either", () => {
  const scope = effectScope();
  const pressed = (init: KeyboardEventInit) => !window.dispatchEvent(new KeyboardEvent("keydown", { ...init, cancelable: true }));
  scope.run(() => takeKeys(
    { chord: "F3", does: "x", act: () => undefined, isOn: () => false },
    { chord: "Escape", does: "y", act: () => undefined, isOn: () => false },
  ));
  expect([pressed({ key: "F3" }), pressed({ key: "Escape" }), pressed({ key: "F5" })]).toEqual([true, false, false]);
  scope.stop();
});
