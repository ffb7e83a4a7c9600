import { afterEach, expect, test, vi } from "vitest";

import { painted } from "./painted";

let frames: FrameRequestCallback[] = [];

function stubFrames(): void {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (act: FrameRequestCallback) => frames.push(act));
}

function frame(): void {
  const due = frames;
  frames = [];
  for (const act of due) act(0);
}

function hide(isHidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
}

async function isSettled(one: Promise<void>): Promise<boolean> {
  return Promise.race([one.then(() => true), new Promise<boolean>((no) => setTimeout(() => no(false), 5))]);
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a page is painted when the frame after its first has begun", async () => {
  hide(false);
  stubFrames();
  const one = painted();
  expect(await isSettled(one)).toBe(false);
  frame();
  expect(await isSettled(one)).toBe(false);
  frame();
  expect(await isSettled(one)).toBe(true);
});

test("a tab that nobody sees has no frames and is not waited for", async () => {
  hide(true);
  stubFrames();
  expect(await isSettled(painted())).toBe(true);
});

test("a tab that is hidden meanwhile is not waited for any longer", async () => {
  hide(false);
  stubFrames();
  const one = painted();
  hide(true);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(await isSettled(one)).toBe(true);
});
