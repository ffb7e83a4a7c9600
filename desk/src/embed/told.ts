// What another system's page is told of calls, from what the desk is told. Pure.

import type { Desk } from "../link/fold";
import type { Message } from "../link/wire";

export interface Told {
  event: "announce" | "answer" | "end";
  call: string;
  /** Of an announcement: what was dialled, from where, and the number but for its last two digits masked. */
  line?: { number: string; name: string };
  number?: string;
  place?: string;
  /** Of an end: whether they had talked. */
  answered?: boolean;
}

const talk = (desk: Desk): string | null => (desk.seat?.state === "talking" ? desk.seat.call : null);

export function masked(number: string): string {
  return "*".repeat(Math.max(0, number.length - 2)) + number.slice(-2);
}

/** What this message means for a page that has seen the desk as it was before. */
export function told(before: Desk | null, message: Message, now: Desk): Told[] {
  if (before === null) return [];
  const [was, is] = [talk(before), talk(now)];
  const events: Told[] = [];
  if (was !== null && was !== is) events.push({ event: "end", call: was, answered: true });
  if (message.type === "pop") {
    const { call, line, ani, place } = message.card;
    events.push({ event: "announce", call, line: { number: line.number, name: line.name }, number: masked(ani), place });
  }
  if (is !== null && was !== is) events.push({ event: "answer", call: is });
  if (message.type === "withdraw" && before.card?.call === message.call && was !== message.call) {
    events.push({ event: "end", call: message.call, answered: false });
  }
  return events;
}
