// What the desk's socket says.

export interface Seat {
  seat: string;
  centre: string;
  extension: string;
  agent: string | null;
  state: "logged-out" | "available" | "offered" | "talking" | "wrap-up" | "not-ready";
  reason: string;
  since: string;
  until: string | null;
  call: string | null;
  wraps_up: string | null;
  has_phone: boolean;
}

export interface Card {
  call: string;
  offer: string;
  line: { number: string; name: string; department: string; mode: string };
  entries: { name: string; department: string }[];
  state: string;
  state_name: string;
  heard: string;
  ani: string;
  known: { name: string; kind: string } | null;
  duty: string;
  handed: { is_emergency: boolean; path: string[]; case: string } | null;
  to_dial: string;
  about: string;
  dnis: string;
  attempt: number;
  kept_at: string | null;
  waited_s: number;
  at: string;
}

export interface Callback {
  call_id: string;
  line: string;
  number: string;
  missed_at: string;
  due_at: string;
  is_overdue: boolean;
  attempts: number;
}

export interface Supervised {
  call: string;
  mode: string;
  wanted: string;
  phase: string;
  at: string;
  why: string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- its type is generated, too
export type Move = any;
export interface Mark {
  start: number;
  end: number;
  kind: "place" | "time" | "office" | "danger" | "soon";
}

export interface Said {
  call: string;
  kind: "interim" | "final" | "gap";
  key: string;
  channel: "caller" | "agent" | "expert" | "office";
  start_s: number;
  end_s: number;
  text: string;
  marks: Mark[];
}

export type Live = Record<string, Record<string, unknown>>;

export interface Snapshot {
  agent: string;
  at: string;
  seat: Seat | null;
  live: Live | null;
  supervised: Supervised | null;
  moves: Move[];
  card: Card | null;
  callback: Callback | null;
  said: Said[];
}

export type Message =
  | { seq: 0; type: "snapshot"; desk: Snapshot }
  | { seq: number; type: "seat"; seat: Seat }
  | { seq: number; type: "pop"; card: Card }
  | { seq: number; type: "withdraw"; call: string }
  | { seq: number; type: "callback-offered"; callback: Callback }
  | { seq: number; type: "callback-withdrawn"; call: string }
  | { seq: number; type: "move"; move: Move }
  | { seq: number; type: "move-gone"; move: string }
  | { seq: number; type: "supervised"; supervised: Supervised }
  | { seq: number; type: "blocked"; blocked: { call: string; line: string; number: string; at: string } }
  | { seq: number; type: "said"; said: Said }
  | { seq: number; type: "draft-grown"; grown: { call: string; order: string } }
  | { seq: number; type: "live"; live: Live };
