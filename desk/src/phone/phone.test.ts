import { beforeEach, expect, test } from "vitest";

import { readChoice } from "./choice";
import { faultOf, levelOf } from "./microphone";
import { forgetTalk, isMine, rememberTalk } from "./rejoin";

beforeEach(() => localStorage.clear());

test("a choice that was kept broken, or never made, begins as a phone on the desk", () => {
  for (const kept of [null, "", "{", "null", '"x"', "[]"]) {
    expect(readChoice(kept)).toMatchObject({ kind: "own", microphone: "", answersItself: false });
  }
  expect(readChoice('{"kind":"page","headset":"a"}')).toMatchObject({ kind: "page", headset: "a" });
});

test("what hinders a microphone has a sentence of its own", () => {
  const named = (name: string) => Object.assign(new Error("x"), { name });
  expect(faultOf(named("NotAllowedError"))).toBe("denied");
  expect(faultOf(named("NotFoundError"))).toBe("absent");
  expect(faultOf(named("NotReadableError"))).toBe("busy");
  expect(faultOf(named("InsecureError"))).toBe("insecure");
  expect(faultOf("x")).toBe("other");
});

test("loudness is nothing in silence and all at full scale", () => {
  expect(levelOf(new Float32Array(64))).toBe(0);
  expect(levelOf(new Float32Array(64).fill(1))).toBe(1);
  expect(levelOf(new Float32Array(64).fill(0.0316))).toBeCloseTo(0.5, 2);
});

test("only the call that was talked on is answered by itself, and only soon", () => {
  rememberTalk("a", null);
  expect(isMine("a", 10)).toBe(true);
  expect(isMine("b", 10)).toBe(false);
  rememberTalk("a", 1_000);
  expect(isMine("a", 40_000)).toBe(true);
  expect(isMine("a", 41_001)).toBe(false);
  rememberTalk("a", null);
  forgetTalk();
  expect(isMine("a", 10)).toBe(false);
});
