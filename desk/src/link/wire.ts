// Made by `python -m tests.cti.web.wirefiles` from cti/web/wire.py; not to be edited.

/** All that was said in the talk that one begins to hear; nothing when it is over. */
export interface AlongDelta {
  type: "along";
  text: Said[];
}

export type Answer = Done | Refused;

/** A nuisance caller who was refused just now. */
export interface Blocked {
  call: string;
  line: string;
  number: string;
  at: string;
}

/** A nuisance caller was refused. */
export interface BlockedDelta {
  type: "blocked";
  blocked: Blocked;
}

/** A call-back task as it is offered. */
export interface Callback {
  call_id: string;
  line: string;
  number: string;
  missed_at: string;
  due_at: string;
  is_overdue: boolean;
  attempts: number;
}

/** Nobody waits: call this caller back? */
export interface CallbackOfferedDelta {
  type: "callback-offered";
  callback: Callback;
}

/** That offer stands no more. */
export interface CallbackWithdrawnDelta {
  type: "callback-withdrawn";
  call: string;
}

/** The caller card. ``past`` null: it is being looked up. */
export interface Card {
  call: string;
  offer: string;
  line: CardLine;
  entries: CardEntry[];
  state: "" | "planned" | "transition" | "cancelled" | "kept";
  state_name: string;
  heard: string;
  ani: string;
  known: CardKnown | null;
  duty: string;
  handed: CardHanded | null;
  to_dial: string;
  about: string | null;
  dnis: string;
  attempt: number;
  kept_at: string | null;
  waited_s: number;
  at: string;
  place: string;
  occasion: "紧急电话转来" | "热线转来" | "座席转来" | "回拨" | "保留位置" | "值班" | "企业" | "代表委员" | "归并号码" | "来电";
  first_words: string;
  past: CardPast | null;
}

/** One office behind a number. */
export interface CardEntry {
  name: string;
  department: string;
}

/** Who hands the caller over, with the number of the case there. */
export interface CardHanded {
  is_emergency: boolean;
  path: string[];
  case: string;
}

/** A number of the list of known callers. */
export interface CardKnown {
  name: string;
  kind: string;
}

/** The line that was dialled. */
export interface CardLine {
  number: string;
  name: string;
  department: string;
  mode: "whole" | "dual" | "sub-centre" | "fronted" | "kept-centre" | "forwarded" | "own";
}

/** What the records know of the caller. ``is_known`` false: they could not be read. */
export interface CardPast {
  is_known: boolean;
  name: string;
  count: number;
  calls: PastCall[];
  open: PastOrder[];
  matter: PastMatter | null;
  nuisance: PastNuisance | null;
}

/** The past of the caller on that card is known now. */
export interface CardPastDelta {
  type: "card-past";
  call: string;
  offer: string;
  past: CardPast;
}

export type Command = SignIn | NotReady | Popped | Plain;

export type Delta =
  | SeatDelta
  | PopDelta
  | WithdrawDelta
  | CardPastDelta
  | CallbackOfferedDelta
  | CallbackWithdrawnDelta
  | MoveDelta
  | MoveGoneDelta
  | SupervisedDelta
  | BlockedDelta
  | NoteDelta
  | NoteReadDelta
  | HandDelta
  | SaidDelta
  | TextDelta
  | SaidAlongDelta
  | AlongDelta
  | DraftGrownDelta
  | LiveDelta;

/** The answer to a command that was taken. */
export interface Done {
  re: number;
  ok: true;
}

/** The draft of the own talk knows more. */
export interface DraftGrownDelta {
  type: "draft-grown";
  grown: Grown;
}

/** Why something was refused, as everywhere in the API. */
export interface Fault {
  id: string;
  message: string;
  details: Record<string, unknown>;
}

/** A work order that has grown while they talk: read it again. */
export interface Grown {
  call: string;
  order: string;
}

/** One asks for help since then, or no more. */
export interface HandDelta {
  type: "hand";
  hand: string | null;
}

/** The centre as its supervisors see it; a group comes when it is first known. */
export interface Live {
  now?: NowShown;
  waiting?: Record<string, WaiterShown>;
  states?: Record<string, number>;
  seats?: Record<string, SeatNowShown>;
  today?: TodayShown;
  callbacks?: OwedShown;
  hands?: Record<string, string>;
}

/** What has changed of the centre. */
export interface LiveDelta {
  type: "live";
  live: LiveChanges;
}

/** Some words of a text that stand out, from ``start`` up to ``end``. */
export interface Mark {
  start: number;
  end: number;
  kind: "place" | "time" | "office" | "danger" | "soon";
}

/** A move of a caller, and which keys it has now. */
export interface Move {
  move: string;
  call: string;
  by: string | null;
  asker: string | null;
  seat: string | null;
  kind: "blind" | "hand-over" | "consult" | "three-way" | "emergency";
  target: string;
  name: string;
  target_kind: "seat" | "group" | "expert" | "office" | "sub-centre" | "centre" | "emergency" | "utility" | "number";
  step: "asked" | "setting-aside" | "sending" | "ringing" | "passing" | "consulting" | "swapped" | "joining" | "joined" | "completed" | "returned" | "abandoned";
  is_over: boolean;
  at: string;
  why: string;
  number: string;
  was_answered: boolean;
  keys: ("complete" | "cancel" | "join" | "swap" | "part")[];
}

/** How a move stands now. */
export interface MoveDelta {
  type: "move";
  move: Move;
}

/** A move that is this desk's business no more. */
export interface MoveGoneDelta {
  type: "move-gone";
  move: string;
}

/** Take no calls, and say why. */
export interface NotReady {
  id: number;
  do: "not-ready";
  reason: string;
}

/** What a supervisor tells this agent; shown until it is read. */
export interface Note {
  id: number;
  sender: string;
  text: string;
  at: string;
}

/** A supervisor tells something. */
export interface NoteDelta {
  type: "note";
  note: Note;
}

/** It was read at this or another desk of the agent. */
export interface NoteReadDelta {
  type: "note-read";
  note: number;
}

/** Callers at this moment. */
export interface NowShown {
  day: string;
  is_whole: boolean;
  waiting: number;
  waiting_since: string | null;
  ringing: number;
  talking: number;
  outside: number;
  kept: number;
}

/** Callers still to be called back, whenever they called in vain. */
export interface OwedShown {
  owed: number;
  overdue: number;
}

/** An earlier call of the caller, or to it; ``agents``: who talked, by user name. */
export interface PastCall {
  call: string;
  at: string;
  line: string;
  line_name: string;
  is_out: boolean;
  is_answered: boolean;
  agents: string[];
  order: PastOrder | null;
}

/** Which open order the call is probably about, and by what that is known. */
export interface PastMatter {
  order: string;
  why: "line" | "office";
}

/** The caller is, or was, refused as a nuisance. */
export interface PastNuisance {
  since: string;
  until: string;
  stands: boolean;
  reason: string;
}

/** An earlier work order of the caller. Of an anonymous one only how it stands is told. */
export interface PastOrder {
  id: string;
  at: string;
  status: "draft" | "submitted" | "delivered" | "void";
  line: string;
  line_name: string;
  is_open: boolean;
  is_anonymous: boolean;
  demand_type: "consult" | "help" | "complaint" | "report" | "suggestion" | "praise" | "other" | null;
  title: string | null;
  office: string | null;
  finish_by: string | null;
}

/** What needs no more words. */
export interface Plain {
  id: number;
  do: "ready" | "sign-out" | "raise-hand" | "lower-hand" | "ping";
}

/** A caller comes: show the card. */
export interface PopDelta {
  type: "pop";
  card: Card;
}

/** The card of that offer is painted: the phone may ring. */
export interface Popped {
  id: number;
  do: "popped";
  call: string;
  offer: string;
}

/** The answer to one that was not. ``re`` null: the frame could not be read. */
export interface Refused {
  re: number | null;
  error: Fault;
}

/** The first message when nothing is lost: what was missed since ``seq`` follows. */
export interface Resumed {
  seq: number;
  type: "resumed";
  at: string;
}

/** An utterance of the own talk; a later one of the same key takes its place. */
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

/** What has just been said in the talk that one hears as its supervisor. */
export interface SaidAlongDelta {
  type: "said-along";
  said: Said;
}

/** What has just been said. */
export interface SaidDelta {
  type: "said";
  said: Said;
}

/** A seat as its agent's desks see it. */
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

/** The own seat has changed, or it is the own one no more. */
export interface SeatDelta {
  type: "seat";
  seat: Seat;
}

/** One signed-in seat at this moment. */
export interface SeatNowShown {
  extension: string;
  agent: string;
  state: string;
  reason: string;
  since: string;
  call: string | null;
  has_phone: boolean;
  skills: Record<string, number>;
  is_reskilled: boolean;
}

/** Take a seat. */
export interface SignIn {
  id: number;
  do: "sign-in";
  extension: string;
}

/** All that a desk shows. */
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
  along: Said[];
  hand: string | null;
}

/** How a supervisor stands with a talk. */
export interface Supervised {
  call: string;
  mode: "listen" | "whisper" | "barge";
  wanted: "listen" | "whisper" | "barge";
  phase: "ringing" | "hearing" | "changing" | "gathering" | "bringing" | "taking" | "on-way" | "over";
  at: string;
  why: string;
}

/** How the talk that one wants to hear stands now. */
export interface SupervisedDelta {
  type: "supervised";
  supervised: Supervised;
}

/** A call came that was talked in before: all that was said in it, in place of what stood. */
export interface TextDelta {
  type: "text";
  text: Said[];
}

/** The figures of the calls that arrived today, and how the seats spent it. */
export interface TodayShown {
  offered: number;
  live: number;
  answered: number;
  answered_outside: number;
  abandoned: number;
  short_abandoned: number;
  told: number;
  blocked: number;
  cut: number;
  connection_share: number | null;
  answered_within_15_s: number;
  within_15_s_share: number | null;
  speed_of_answer_s: number | null;
  longest_wait_s: number | null;
  talk_s: number | null;
  rated: number;
  satisfaction: number | null;
  satisfied_share: number | null;
  dialled_out: number;
  reached_out: number;
  occupancy: number | null;
  wrap_up_s: number | null;
}

/** One caller who waits. */
export interface WaiterShown {
  line: string;
  number: string;
  since: string;
  rings: boolean;
}

/** The first message, or the first one that matters again: begin with this. */
export interface Whole {
  seq: number;
  type: "snapshot";
  epoch: string;
  desk: Snapshot;
}

/** Take that call's card away. */
export interface WithdrawDelta {
  type: "withdraw";
  call: string;
}

/** What has changed: names with their new values; null: a caller or a seat is gone. */
export type LiveChanges = {
  [Group in keyof Live]?: {
    [Name in keyof NonNullable<Live[Group]>]?: NonNullable<Live[Group]>[Name] | null;
  };
};

/** What a desk hears: all there is, then what changes, each with the next number. */
export type Message = Whole | Resumed | ({ seq: number } & Delta);
