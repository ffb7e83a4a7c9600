import { expect, test } from "vitest";

import { fixtures } from "./fixtures";
import { type Desk, fold } from "./fold";
import type { Message } from "./wire";

const full = fixtures.snapshot.at(-1)!.desk;
const HEARD_ONLY = new Set(["blocked", "draft-grown"]); // kept by whoever listens for them
const kinds = Object.entries(fixtures) as [Message["type"], Message[]][];

function folded(message: Message): Desk {
  const next = fold({ ...full, seq: message.seq - 1 }, message);
  if (next === "resnapshot") throw new Error(JSON.stringify(message));
  return next;
}

// What names a call or a move takes away what the full desk shows of it.
function about(message: Message): Message {
  if (message.type === "withdraw") return { ...message, call: full.card!.call };
  if (message.type === "callback-withdrawn") return { ...message, call: full.callback!.call_id };
  return message;
}

test.each(kinds)("each %s is folded in, and says something", (kind, messages) => {
  const next = messages.map(about).map(folded);
  expect(next.map((one) => one.seq)).toEqual(messages.map((one) => one.seq));
  const before = JSON.stringify({ ...full, seq: 0 });
  const changes = next.filter((one) => JSON.stringify({ ...one, seq: 0 }) !== before);
  expect(changes.length > 0).toBe(!HEARD_ONLY.has(kind));
});

test("a delta that is not the next one is never folded in", () => {
  for (const message of kinds.flatMap(([, some]) => some).filter((one) => one.type !== "snapshot")) {
    expect(fold({ ...full, seq: message.seq }, message)).toBe("resnapshot");
    expect(fold({ ...full, seq: message.seq - 2 }, message)).toBe("resnapshot");
    expect(fold(null, message)).toBe("resnapshot");
  }
});
