// Where a dialled number goes, as boxes in a row with arrows between them. Pure.

import type { PlanShown } from "../api/answers";

export interface Box {
  x: number;
  y: number;
  kind: "dialled" | PlanShown["steps"][number]["do"];
  lines: string[];
}

export const WIDTH = 190;
export const HEIGHT = 92;
const GAP = 46;
const LETTERS = 13;
const LINES = 3;

export interface Drawing {
  width: number;
  height: number;
  boxes: Box[];
  /** From the right edge of one box to the left edge of the next. */
  arrows: { x: number; y: number; length: number }[];
}

export function draw(plan: PlanShown, say: (step: PlanShown["steps"][number]) => string): Drawing {
  const told = [plan.line.number, plan.line.name, plan.line.department].filter(Boolean);
  const texts = plan.steps.map((step) => ({ kind: step.do, text: say(step) }));
  const boxes: Box[] = [{ x: 1, y: 1, kind: "dialled", lines: told.flatMap(broken).slice(0, LINES) }];
  for (const [n, { kind, text }] of texts.entries()) {
    boxes.push({ x: 1 + (n + 1) * (WIDTH + GAP), y: 1, kind, lines: broken(text).slice(0, LINES) });
  }
  const arrows = boxes.slice(1).map((box) => ({ x: box.x - GAP, y: HEIGHT / 2, length: GAP }));
  return { width: boxes.length * (WIDTH + GAP) - GAP + 2, height: HEIGHT + 2, boxes, arrows };
}

/** A text in lines that fit a box; what does not fit ends in …; it stands whole beside the drawing. */
function broken(text: string): string[] {
  const lines: string[] = [];
  for (let n = 0; n < text.length; n += LETTERS) lines.push(text.slice(n, n + LETTERS));
  if (lines.length > LINES) lines.splice(LINES - 1, lines.length, `${lines[LINES - 1]!.slice(0, -1)}…`);
  return lines;
}
