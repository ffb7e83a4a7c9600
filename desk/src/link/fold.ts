// The law of the desk: old desk + delta = new desk. Pure.

import type { Live, LiveChanges, Message, Move, Said, Seat, Snapshot } from "./wire";

export type Desk = Snapshot & { seq: number; epoch: string };

export function fold(desk: Desk | null, message: Message): Desk | "resnapshot" {
  if (message.type === "snapshot") return { ...message.desk, seq: message.seq, epoch: message.epoch };
  if (message.type === "resumed") return message.seq === desk?.seq ? { ...desk, at: message.at } : "resnapshot";
  if (desk === null || message.seq !== desk.seq + 1) return "resnapshot";
  const next: Desk = { ...desk, seq: message.seq };
  switch (message.type) {
    case "seat":
      return withSeat(next, message.seat);
    case "pop":
      return { ...next, card: message.card };
    case "withdraw":
      return next.card?.call === message.call ? { ...next, card: null } : next;
    case "card-past":
      return next.card?.offer === message.offer ? { ...next, card: { ...next.card, past: message.past } } : next;
    case "callback-offered":
      return { ...next, callback: message.callback };
    case "callback-withdrawn":
      return next.callback?.call_id === message.call ? { ...next, callback: null } : next;
    case "move":
      return { ...next, moves: withMove(next.moves, message.move) };
    case "move-gone":
      return { ...next, moves: next.moves.filter((one) => one.move !== message.move) };
    case "supervised":
      return { ...next, supervised: message.supervised };
    case "said":
      return { ...next, said: withSaid(next.said, message.said) };
    case "text":
      return { ...next, said: message.text };
    case "said-along":
      return { ...next, along: withSaid(next.along, message.said) };
    case "along":
      return { ...next, along: message.text };
    case "hand":
      return { ...next, hand: message.hand };
    case "live":
      return { ...next, live: withLive(next.live ?? {}, message.live) };
    case "note":
    case "note-read":
    case "blocked":
    case "draft-grown":
      return next; // told once, kept by whoever shows it
    default:
      message satisfies never; // each kind that wire.ts knows is folded in above
      return next; // a newer server may say more
  }
}

// A move stands where it stood; a new one comes last.
function withMove(moves: Move[], said: Move): Move[] {
  const at = moves.findIndex((one) => one.move === said.move);
  return at < 0 ? [...moves, said] : moves.with(at, said);
}

const MOST_LINES = 300; // as the server keeps (cti/web/textboard.py)

// A later text of an utterance takes the place of the earlier one; a new one comes last.
function withSaid(said: Said[], line: Said): Said[] {
  const at = said.findIndex((one) => one.call === line.call && one.key === line.key);
  if (at >= 0) return said.with(at, line);
  const isFull = said.filter((one) => one.call === line.call).length >= MOST_LINES;
  const oldest = isFull ? said.findIndex((one) => one.call === line.call) : -1;
  return [...said.filter((_, n) => n !== oldest), line];
}

// Each group says only what has changed; a seat, or a caller who waits, that is null has gone.
function withLive(live: Live, said: LiveChanges): Live {
  const next: Record<string, unknown> = { ...live };
  for (const [group, told] of Object.entries(said)) {
    const whole = { ...live[group as keyof Live], ...told };
    const parts = group === "seats" || group === "waiting" || group === "hands";
    next[group] = parts ? Object.fromEntries(Object.entries(whole).filter(([, one]) => one !== null)) : whole;
  }
  return next;
}

const KEEPS_CARD = new Set(["offered", "talking", "wrap-up"]);

const READS = new Set(["talking", "wrap-up"]);

function withSeat(desk: Desk, seat: Seat): Desk {
  if (seat.agent !== desk.agent) {
    const isMine = desk.seat?.seat === seat.seat;
    return isMine ? { ...desk, seat: null, card: null, said: [] } : desk;
  }
  const isRead = (one: Said) => READS.has(seat.state) && (one.call === seat.call || one.call === seat.wraps_up);
  const said = desk.said.filter(isRead);
  return { ...desk, seat, said, card: KEEPS_CARD.has(seat.state) ? desk.card : null };
}
