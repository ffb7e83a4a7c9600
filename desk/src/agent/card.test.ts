import { expect, test } from "vitest";

import { isLate, kindOf, lineName, spaced, stateOf } from "./card";
import { fixtures } from "../link/fixtures";
import type { Card, PastOrder, Seat } from "../link/wire";

const POPS = fixtures.pop.map((message) => message.card);
const CARD = { ...POPS[0]!, about: null, attempt: 0, occasion: "来电" } as Card;
const SEAT = fixtures.seat[0]!.seat;
const MOVE = { ...fixtures.move[0]!.move, call: CARD.call, by: "bao", is_over: false };

test("a card is of a phone that rings, a talk, or its wrap-up", () => {
  const at = (state: Seat["state"]) => stateOf({ ...SEAT, state });
  expect([at("offered"), at("available"), at("talking"), at("wrap-up")]).toEqual([
    "ringing", "ringing", "talking", "wrap-up",
  ]);
  expect(stateOf(null)).toBe("ringing");
});

test("the card says why the phone rings", () => {
  expect(kindOf(CARD, "ringing", [], "anna")).toBe("incoming");
  expect(kindOf({ ...CARD, attempt: 2 }, "ringing", [], "anna")).toBe("keptPlace");
  expect(kindOf({ ...CARD, about: "node1-1" }, "ringing", [], "anna")).toBe("callOut");
  expect(kindOf(CARD, "ringing", [MOVE], "anna")).toBe("moved");
  expect(kindOf(CARD, "ringing", [MOVE], "bao")).toBe("incoming");
  expect(kindOf(CARD, "talking", [MOVE], "anna")).toBe("talking");
  expect(kindOf({ ...CARD, about: "node1-1" }, "wrap-up", [], "anna")).toBe("calledOut");
});

test("a number is spaced as people read it out", () => {
  expect(spaced("13847652301")).toBe("138 4765 2301");
  expect(spaced("04768337772")).toBe("0476 833 7772");
  expect(spaced("01012345678")).toBe("010 1234 5678");
  expect(spaced("95588")).toBe("95588");
});

test("a number that offices share has no name of its own", () => {
  const entry = { name: "户政咨询", department: "市公安局" };
  expect(lineName({ ...CARD, entries: [entry, entry] })).toBe("");
  expect(lineName({ ...CARD, entries: [entry] })).toBe(CARD.line.name);
});

test("an order is late when it is open and its deadline is past", () => {
  const order = { is_open: true, finish_by: "2026-11-22T04:00:00+00:00" } as PastOrder;
  const due = Date.parse(order.finish_by!);
  expect(isLate(order, due + 1)).toBe(true);
  expect(isLate(order, due - 1)).toBe(false);
  expect(isLate({ ...order, is_open: false }, due + 1)).toBe(false);
});
