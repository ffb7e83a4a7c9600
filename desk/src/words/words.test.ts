import { expect, test } from "vitest";

import { ROOMS } from "./words";

function keysOf(words: Record<string, unknown>, under = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "object" && value !== null
      ? keysOf(value as Record<string, unknown>, `${under}${key}.`)
      : [`${under}${key}`],
  );
}

test.each(Object.entries(ROOMS))("%s says everything in both languages", (_room, words) => {
  expect(keysOf(words.en).sort()).toEqual(keysOf(words.zh).sort());
});
