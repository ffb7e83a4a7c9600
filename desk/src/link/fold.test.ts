import { expect, test } from "vitest";

import { fixtures } from "./fixtures";
import { type Desk, fold } from "./fold";
import type { Message } from "./wire";

const whole = fixtures.snapshot.at(-1)!;
const full = { ...whole.desk, epoch: whole.epoch };
// change nothing that stands on the desk
const HEARD_ONLY = new Set(["blocked", "draft-grown", "note", "note-read", "resumed"]);
const kinds = Object.entries(fixtures) as [Message["type"], Message[]][];

function isDelta(message: Message): boolean {
  return message.type !== "snapshot" && message.type !== "resumed";
}

function folded(message: Message): Desk {
  const before = message.type === "resumed" ? message.seq : message.seq - 1;
  const next = fold({ ...full, seq: before }, message);
  if (next === "resnapshot") throw new Error(JSON.stringify(message));
  return next;
}

// What names a call or a move takes away what the full desk shows of it.
function about(message: Message): Message {
  if (message.type === "withdraw") return { ...message, call: full.card!.call };
  if (message.type === "callback-withdrawn") return { ...message, call: full.callback!.call_id };
  if (message.type === "text") return { ...message, text: message.text.slice(1) };
  return message;
}

test.each(kinds)("each %s is folded in, and says something", (kind, messages) => {
  const next = messages.map(about).map(folded);
  expect(next.map((one) => one.seq)).toEqual(messages.map((one) => one.seq));
  const before = JSON.stringify({ ...full, seq: 0 });
  const changes = next.filter((one) => JSON.stringify({ ...one, seq: 0 }) !== before);
  expect(changes.length > 0).toBe(!HEARD_ONLY.has(kind));
});

test("a desk is resumed where it stopped, and nowhere else", () => {
  for (const message of fixtures.resumed) {
    expect(fold({ ...full, seq: message.seq - 1 }, message)).toBe("resnapshot");
    expect(fold(null, message)).toBe("resnapshot");
  }
});

test("a delta that is not the next one is never folded in", () => {
  for (const message of kinds.flatMap(([, some]) => some).filter(isDelta)) {
    expect(fold({ ...full, seq: message.seq }, message)).toBe("resnapshot");
    expect(fold({ ...full, seq: message.seq - 2 }, message)).toBe("resnapshot");
    expect(fold(null, message)).toBe("resnapshot");
  }
});
