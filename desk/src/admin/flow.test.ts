import { expect, test } from "vitest";

import { WIDTH, draw } from "./flow";
import type { PlanShown } from "../api/answers";

const plan = {
  dialled: "12333", centre: "chifeng", from: "", at: "2026-11-23T04:00:00Z", revision: 0,
  line: { number: "12333", name: "人社热线", department: "人社局", mode: "whole", state: "transition" },
  steps: [
    { do: "say", prompt: "p", text: "您".repeat(80), line: "", peer: "", number: "", ring_s: 0 },
    { do: "queue", prompt: "", text: "", line: "12333", peer: "", number: "", ring_s: 0 },
  ],
  why: ["一", "二"],
} as PlanShown;

test("every step has its box, one behind the other, and an arrow to it", () => {
  const drawing = draw(plan, (step) => step.text || "排队");
  expect(drawing.boxes.map((box) => box.kind)).toEqual(["dialled", "say", "queue"]);
  for (const [n, arrow] of drawing.arrows.entries()) {
    expect(arrow.x).toBe(drawing.boxes[n]!.x + WIDTH);
    expect(arrow.x + arrow.length).toBe(drawing.boxes[n + 1]!.x);
  }
  expect(drawing.boxes.at(-1)!.x + WIDTH).toBeLessThan(drawing.width);
});

test("a long sentence is cut in the drawing, and says so", () => {
  const said = draw(plan, (step) => step.text ?? "").boxes[1]!;
  expect(said.lines).toHaveLength(3);
  expect(said.lines.at(-1)!.endsWith("…")).toBe(true);
});
