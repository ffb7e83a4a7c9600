// What is said to a supervisor of a talk, in one sentence: how it stands, or why not. Pure.

/** What is known of it; a newer server may say more than this page has words for. */
export interface Stand {
  phase: string;
  mode: string;
  wanted: string;
  why: string;
}

export const MODES = ["listen", "whisper", "barge"] as const;
export type Mode = (typeof MODES)[number];

/** While these last, the supervisor hears the talk. */
const HEARS = new Set(["hearing", "changing", "gathering"]);
const PHASES: Record<string, string> = {
  ringing: "ringing", hearing: "hearing", changing: "changing", gathering: "changing", taking: "taking",
  "on-way": "taking", bringing: "over", over: "over",
};

export const hears = (one: Stand | null) => one !== null && HEARS.has(one.phase);
export const isOpen = (one: Stand | null) => one !== null && one.phase !== "over" && one.phase !== "bringing";

export interface Sentence {
  /** Words of this room, each with what goes into it; said one after the other. */
  parts: { key: string; mode: string }[];
  isGood: boolean;
}

export function says(one: Stand): Sentence {
  if (one.why) {
    const still = HEARS.has(one.phase) ? [{ key: "talk.still", mode: one.mode }] : [];
    return { parts: [{ key: `talk.why.${one.why}`, mode: "" }, ...still], isGood: false };
  }
  const phase = PHASES[one.phase];
  const mode = phase === "ringing" || phase === "changing" ? one.wanted : one.mode;
  return { parts: phase ? [{ key: `talk.phase.${phase}`, mode }] : [], isGood: true };
}
