// Who hears whom now, from the moves of a call. Pure: the drawing only draws it.

import type { Move } from "./move";

export type PartyState = "talks" | "holds" | "rings" | "waits" | "gone";

export interface Party {
  /** ``caller``, ``agent``, or the move's id. */
  id: string;
  name: string;
  state: PartyState;
}

export interface Hearing {
  parties: Party[];
  /** Pairs of ids who hear each other. */
  lines: [string, string][];
}

interface Scene {
  caller: PartyState;
  agent: PartyState;
  other: PartyState;
  /** Who hears whom: c(aller), a(gent), o(ther). */
  pairs: ("ca" | "ao" | "co")[];
}

const scene = (caller: PartyState, agent: PartyState, other: PartyState, ...pairs: Scene["pairs"]): Scene => ({ caller, agent, other, pairs });

function sceneOf(move: Move): Scene {
  switch (move.step) {
    case "asked": return scene("talks", "talks", "waits", "ca");
    case "setting-aside": return scene("holds", "waits", "waits");
    case "sending": return scene("holds", "gone", "waits");
    case "ringing": return move.kind === "consult" ? scene("holds", "waits", "rings") : scene("talks", "talks", "rings", "ca");
    case "passing": return scene("holds", "gone", "rings");
    case "consulting": return scene("holds", "talks", "talks", "ao");
    case "swapped": return scene("talks", "talks", "holds", "ca");
    case "joining": return scene("talks", "talks", "waits", "ca");
    case "joined": return scene("talks", "talks", "talks", "ca", "ao", "co");
    case "completed": return scene("talks", "gone", "talks", "co");
    case "abandoned": return scene("gone", "waits", "gone");
    default: return scene("talks", "talks", "gone", "ca"); // returned
  }
}

/** Of a call with these moves. ``names``: what the caller and the agent are called here. */
export function hearing(moves: Move[], names: { caller: string; agent: string; other: (move: Move) => string }): Hearing {
  const shown = moves.filter((move) => !move.is_over || move === moves.at(-1));
  const inRoom = shown.filter((move) => move.step === "joined");
  const last = shown.filter((move) => move.step !== "joined").at(-1) ?? inRoom.at(-1);
  const base = last ? sceneOf(last) : scene("talks", "talks", "gone", "ca");
  const parties: Party[] = [
    { id: "caller", name: names.caller, state: base.caller }, { id: "agent", name: names.agent, state: base.agent },
  ];
  const lines: [string, string][] = base.pairs.includes("ca") ? [["caller", "agent"]] : [];
  for (const move of shown) {
    const its = sceneOf(move);
    if (its.other === "gone") continue;
    parties.push({ id: move.move, name: names.other(move), state: its.other });
    const isWith = (whom: "caller" | "agent") => base[whom] === "talks" && its[whom] === "talks";
    if (its.pairs.includes("co") && isWith("caller")) lines.push(["caller", move.move]);
    if (its.pairs.includes("ao") && isWith("agent")) lines.push(["agent", move.move]);
  }
  for (const [place, one] of inRoom.entries()) for (const two of inRoom.slice(place + 1)) lines.push([one.move, two.move]);
  return { parties, lines };
}
