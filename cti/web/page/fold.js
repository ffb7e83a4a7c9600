// The law of the desk: old desk + delta = new desk. Pure, so that it can be tested anywhere.

export function fold(desk, message) {
  if (message.type === "snapshot") return { ...message.desk, seq: message.seq };
  if (desk === null || message.seq !== desk.seq + 1) return "resnapshot";
  const next = { ...desk, seq: message.seq };
  switch (message.type) {
    case "seat":
      return withSeat(next, message.seat);
    case "pop":
      return { ...next, card: message.card };
    case "withdraw":
      return next.card?.call === message.call ? { ...next, card: null } : next;
    case "callback-offered":
      return { ...next, callback: message.callback };
    case "callback-withdrawn":
      return next.callback?.call_id === message.call ? { ...next, callback: null } : next;
    case "move":
      return { ...next, moves: withMove(next.moves ?? [], message.move) };
    case "supervised":
      return { ...next, supervised: message.supervised };
    case "move-gone":
      return { ...next, moves: (next.moves ?? []).filter((one) => one.move !== message.move) };
    case "live":
      return { ...next, live: withLive(next.live ?? {}, message.live) };
    default:
      return next; // a newer server may say more
  }
}

// A move stands where it stood; a new one comes last.
function withMove(moves, said) {
  const at = moves.findIndex((one) => one.move === said.move);
  return at < 0 ? [...moves, said] : moves.with(at, said);
}

// Each group says only what has changed; a seat, or a caller who waits, that is null has gone.
function withLive(live, said) {
  const next = { ...live };
  for (const [group, told] of Object.entries(said)) {
    next[group] = { ...live[group], ...told };
    if (group !== "seats" && group !== "waiting") continue;
    next[group] = Object.fromEntries(Object.entries(next[group]).filter(([, one]) => one !== null));
  }
  return next;
}

const KEEPS_CARD = new Set(["offered", "talking", "wrap-up"]);

function withSeat(desk, seat) {
  if (seat.agent !== desk.agent) {
    const isMine = desk.seat?.seat === seat.seat;
    return isMine ? { ...desk, seat: null, card: null } : desk;
  }
  return { ...desk, seat, card: KEEPS_CARD.has(seat.state) ? desk.card : null };
}
