import { expect, test } from "vitest";

import { hearing } from "./hears";
import { aloud, keyWord, sentence, spaced, undoLeft, type Kind, type Move, type Step } from "./move";
import words from "./words";

const KINDS: Kind[] = ["blind", "hand-over", "consult", "three-way", "emergency"];
const STEPS: Record<Step, true> = {
  asked: true, "setting-aside": true, sending: true, ringing: true, passing: true, consulting: true, swapped: true,
  joining: true, joined: true, completed: true, returned: true, abandoned: true,
};
const move = (step: Step, more: Partial<Move> = {}): Move => ({
  move: "m1", call: "1.2", by: "anna", asker: "anna", seat: null, target_kind: "expert", kind: "consult", target: "expert:x", name: "住建专家", step,
  is_over: step === "completed" || step === "returned" || step === "abandoned", at: "2026-03-02T04:00:00Z", why: "", was_answered: false,
  number: "", keys: [], ...more,
});
const heard = (...moves: Move[]) => hearing(moves, { caller: "c", agent: "a", other: (one) => one.name });
const said = (word: string) =>
  word.split(".").slice(1).reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], words.zh);

test("every step of every kind is said to who asked and to the others", () => {
  for (const kind of KINDS) {
    for (const step of Object.keys(STEPS) as Step[]) {
      expect(said(sentence(move(step, { kind }), true)), `${kind} ${step}`).toBeTypeOf("string");
      expect(said(sentence(move(step, { kind }), false)), `${kind} ${step}`).toBeTypeOf("string");
    }
  }
});

test("a move that ended says why, one that was cancelled says that it was", () => {
  expect(sentence(move("returned", { why: "missed" }), true)).toBe("moves.says.returned");
  expect(sentence(move("returned"), true)).toBe("moves.says.cancelled");
  expect(sentence(move("returned", { was_answered: true }), true)).toBe("moves.says.parted");
});

test("a key says what it does in this step", () => {
  for (const step of ["ringing", "consulting", "joined"] as const) {
    for (const key of ["join", "complete", "swap", "part", "cancel"] as const) expect(said(keyWord(key, step))).toBeTypeOf("string");
  }
  expect(keyWord("cancel", "ringing")).not.toBe(keyWord("cancel", "joined"));
});

test("numbers are read as people say them, and written so that they can be read", () => {
  expect([aloud("12366"), aloud("0476-110")]).toEqual(["幺二三六六", "零四七六幺幺零"]);
  expect([spaced("110"), spaced("13812345678"), spaced("8337772"), spaced("04768337772")]).toEqual(
    ["110", "138 1234 5678", "833 7772", "0476 833 7772"]);
});

test("an emergency can be undone for five seconds, as long as nobody has answered", () => {
  const press = { move: "m1", call: "1.2", number: "110", at: 1_000 };
  expect(undoLeft(press, [], 2_000)).toBe(4_000);
  expect(undoLeft(press, [move("asked", { kind: "emergency" })], 5_999)).toBe(1);
  expect(undoLeft(press, [move("joined", { kind: "emergency" })], 2_000)).toBe(0);
  expect(undoLeft(press, [], 6_000)).toBe(0);
  expect(undoLeft(null, [], 0)).toBe(0);
});

test("who hears whom: caller and agent alone without a move", () => {
  expect(heard()).toEqual({
    parties: [{ id: "caller", name: "c", state: "talks" }, { id: "agent", name: "a", state: "talks" }],
    lines: [["caller", "agent"]],
  });
});

test("who hears whom: a consulted expert hears the agent only, the caller holds", () => {
  const { parties, lines } = heard(move("consulting"));
  expect(lines).toEqual([["agent", "m1"]]);
  expect(parties.map((one) => one.state)).toEqual(["holds", "talks", "talks"]);
  expect(heard(move("swapped")).lines).toEqual([["caller", "agent"]]);
});

test("who hears whom: nobody hears a phone that rings", () => {
  expect(heard(move("ringing")).lines).toEqual([]);
  expect(heard(move("ringing", { kind: "emergency" })).lines).toEqual([["caller", "agent"]]);
  expect(heard(move("passing", { kind: "blind" })).parties.map((one) => one.state)).toEqual(["holds", "gone", "rings"]);
});

test("who hears whom: in a three-way all do, and with two emergencies all four", () => {
  expect(heard(move("joined")).lines).toEqual([["caller", "agent"], ["caller", "m1"], ["agent", "m1"]]);
  const four = heard(move("joined", { kind: "emergency" }), move("joined", { kind: "emergency", move: "m2" }));
  expect(four.lines).toHaveLength(6);
});

test("who hears whom: a second emergency that rings takes nobody out of the room", () => {
  const { lines, parties } = heard(move("joined", { kind: "emergency" }), move("ringing", { kind: "emergency", move: "m2" }));
  expect(lines).toEqual([["caller", "agent"], ["caller", "m1"], ["agent", "m1"]]);
  expect(parties.at(-1)).toMatchObject({ id: "m2", state: "rings" });
});

test("who hears whom: who was taken over is with the other, who came back is with the agent", () => {
  expect(heard(move("completed")).lines).toEqual([["caller", "m1"]]);
  expect(heard(move("returned", { why: "missed" }))).toMatchObject({ lines: [["caller", "agent"]] });
  expect(heard(move("abandoned")).lines).toEqual([]);
});
