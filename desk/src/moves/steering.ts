// What is pressed: a move begun, its keys, an emergency and its five seconds. Kept over a refresh.

import { computed, ref, watch } from "vue";

import { Fault, URGENT_MS, ask, at } from "../api/http";
import { useDesk } from "../link/desk";
import { tell, tellFault } from "../shell/notices";
import { useSession } from "../shell/session";
import { t } from "../words/words";
import { aloud, isOf, undoLeft, type Key, type Kind, type Move, type Press } from "./move";

const AGAIN_MS = 400;
const GIVE_UP_MS = 10_000;
const PRESSED = "hotline.pressed";

const { me } = useSession();
const { desk, seat } = useDesk();
const pressed = ref<Press | null>(recalled());
const closed = ref(new Set<string>()); // moves that are over, and were read
const nowMs = ref(Date.now());
const asking = new Set<string>(); // emergencies on their way to the server
const undone = new Set<string>();

window.setInterval(() => (nowMs.value = Date.now()), 200);
watch(pressed, (press) => {
  if (press) sessionStorage.setItem(PRESSED, JSON.stringify(press));
  else sessionStorage.removeItem(PRESSED);
});

function recalled(): Press | null {
  try {
    return JSON.parse(sessionStorage.getItem(PRESSED) ?? "null") as Press | null;
  } catch {
    return null;
  }
}

const moves = computed<Move[]>(() => (desk.value?.moves ?? []).filter((move) => !closed.value.has(move.move)));
const isMine = (move: Move) => me.value !== null && isOf(move, me.value.user);
/** The call at this seat whose caller is there, ringing or talking. */
const call = computed(() => {
  const now = seat.value;
  return now && (now.state === "talking" || now.state === "offered") ? now.call : null;
});
const isTalking = computed(() => seat.value?.state === "talking" && call.value !== null);
/** Whether the call can be taken to somebody now. An emergency always can. */
const isFree = computed(() => isTalking.value && !moves.value.some((move) => move.call === call.value && !move.is_over));
/** The newest move whose keys this person may press. */
const mine = computed(() => moves.value.filter(isMine).at(-1) ?? null);
const undoMs = computed(() => undoLeft(pressed.value, moves.value, nowMs.value));

export function useSteering() {
  return { moves, call, isTalking, isFree, mine, isMine, pressed, undoMs };
}

export function close(move: Move): void {
  closed.value = new Set([...closed.value, move.move]);
}

const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Ask again while nobody can take the wish: the server is not reached, or has just come back and
 * not looked around yet. Whatever is asked is keyed, so twice is once. */
async function insist(what: () => Promise<unknown>, goesOn: () => boolean = () => true): Promise<boolean> {
  const since = Date.now();
  for (;;) {
    try {
      await what();
      return true;
    } catch (fault) {
      tellRefused(fault);
      const isWorthIt = fault instanceof Fault && (fault.status === 0 || fault.status >= 500);
      if (!isWorthIt || !goesOn() || Date.now() - since > GIVE_UP_MS) return false;
    }
    await new Promise((done) => { window.setTimeout(done, AGAIN_MS); });
  }
}

// What was refused, and what the caller can be told instead.
function tellRefused(fault: unknown): void {
  const number = fault instanceof Fault ? fault.details["number"] : undefined;
  if (fault instanceof Fault && typeof number === "string" && number) {
    tell(fault.message + t("moves.tellDial", { number, aloud: aloud(number) }));
  } else tellFault(fault);
}

const post = (path: string, wish?: object) => ask("POST", path, wish, URGENT_MS);

/** Take the caller to somebody: a target's id, or a number typed. */
export async function begin(kind: Kind, target: string, number = ""): Promise<void> {
  if (kind === "emergency") return emergency(number);
  const of = call.value;
  if (of === null) return tell(t("moves.noCall"));
  const move = newId();
  await insist(() => post(at("calls", of, "moves"), { move, kind, target, number }), () => call.value === of);
}

/** Call an emergency line for the caller at this seat, or (a supervisor) for one who waits. */
export async function emergency(number: string, of: string | null = call.value): Promise<void> {
  if (!of) return tell(t("moves.noCallUrgent"));
  const press: Press = { move: newId(), call: of, number, at: Date.now() };
  pressed.value = press;
  const wish = { move: press.move, kind: "emergency", target: "", number };
  asking.add(press.move);
  const isTaken = await insist(() => post(at("calls", of, "moves"), wish), () => !undone.has(press.move));
  asking.delete(press.move);
  if (isTaken && undone.has(press.move)) await key(of, press.move, "cancel");
  else if (!isTaken && pressed.value?.move === press.move) pressed.value = null;
}

/** Take the emergency back that was pressed last; one on its way is taken back when it is there. */
export async function undo(): Promise<void> {
  const press = pressed.value;
  pressed.value = null;
  if (press === null) return;
  undone.add(press.move);
  if (!asking.has(press.move)) await key(press.call, press.move, "cancel");
}

async function key(of: string, move: string, what: Key): Promise<void> {
  const isThere = () => moves.value.find((one) => one.move === move)?.keys.includes(what) ?? true;
  await insist(() => post(at("calls", of, "moves", move, what)), isThere);
}

/** Press a key of a move, if it can be pressed now. */
export function press(what: Key, move: Move | null = mine.value): void {
  if (move?.keys.includes(what)) void key(move.call, move.move, what);
}
