import { expect, test } from "vitest";

import { fixtures } from "../link/fixtures";
import type { Desk } from "../link/fold";
import type { Message, Seat } from "../link/wire";
import { masked, told } from "./told";

const whole = fixtures.snapshot[0]!.desk;
const pop = fixtures.pop[0]!;

function desk(seat: Partial<Seat>, more: Partial<Desk> = {}): Desk {
  return { ...whole, seat: { ...fixtures.seat[0]!.seat, ...seat }, seq: 1, epoch: "e", card: null, ...more };
}

const idle = desk({ state: "available", call: null });
const talking = desk({ state: "talking", call: "c1" });
const over: Message = { ...fixtures.seat[0]!, seq: 2 };

test("a card announces the call, and no whole number with it", () => {
  const [said] = told(idle, pop, idle);
  expect(said).toMatchObject({ event: "announce", call: pop.card.call, line: { number: pop.card.line.number } });
  expect(JSON.stringify(said)).not.toContain(pop.card.ani);
  expect(masked("13847652301")).toBe("*********01");
  expect(masked("")).toBe("");
});

test("a talk that begins is answered, one that ends has ended, and one that follows another is both", () => {
  expect(told(idle, over, talking)).toEqual([{ event: "answer", call: "c1" }]);
  expect(told(talking, over, idle)).toEqual([{ event: "end", call: "c1", answered: true }]);
  expect(told(talking, over, desk({ state: "talking", call: "c2" })).map((one) => one.event)).toEqual(["end", "answer"]);
  expect(told(talking, over, talking)).toEqual([]);
});

test("a call that went away unanswered has ended", () => {
  const gone: Message = { seq: 2, type: "withdraw", call: pop.card.call };
  const rung = desk({ state: "offered", call: pop.card.call }, { card: pop.card });
  expect(told(rung, gone, idle)).toEqual([{ event: "end", call: pop.card.call, answered: false }]);
  expect(told(idle, gone, idle)).toEqual([]);
});

test("a page that has just been opened is told of nothing that went before", () => {
  expect(told(null, pop, talking)).toEqual([]);
});
