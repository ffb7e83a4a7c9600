// The call taken to somebody: the emergency keys, how a move stands, and what can be pressed now.

import * as api from "./api.js";
import * as targets from "./targets.js";
import { EMERGENCIES, KEYS, KEY_DIGITS, KINDS, aloud, says } from "./movewords.js";
import { clock, el } from "./words.js";

const UNDO_MS = 5000;
const AGAIN_MS = 400;
const GIVE_UP_MS = 10000;
const HOTLINE_KEYS = ["F6", "F7", "F8", "F9"];
const WITH_CALLER = new Set(["talking", "offered"]);
const panel = document.getElementById("moves");
let notice = () => {};
let me = null;
let desk = null;
let ahead = 0; // this computer's clock minus the server's, in ms
let pressed = null; // the emergency pressed last, until it is undone: { move, call, number, at, … }
const closed = new Set(); // moves that are over, and were read

export function start(tell) {
  notice = tell;
  targets.start(begin, draw);
  setInterval(tick, 200);
}

export function enter(person) {
  me = person;
  targets.enter(person);
}

export function leave() {
  me = desk = pressed = null;
  closed.clear();
  targets.leave();
  panel.hidden = true;
}

export function show(next, clockAhead) {
  desk = next;
  ahead = clockAhead;
  if (pressed && mine()?.move === pressed.move) pressed.isTaken = true;
  targets.show(next?.card?.line?.number ?? "", isFree());
  draw();
}

const call = () => (WITH_CALLER.has(desk?.seat?.state) ? desk.seat.call : null);
const shown = () => (desk?.moves ?? []).filter((move) => !closed.has(move.move));
// The newest move whose keys this agent may press.
const isMine = (move) => me !== null && (move.by === me.user || move.asker === me.user);
const mine = () => shown().filter(isMine).at(-1) ?? null;
const underWay = () => shown().some((move) => move.call === call() && !move.is_over);
// Whether the call can be taken to somebody now. An emergency always can.
const isFree = () => desk?.seat?.state === "talking" && !underWay();
const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// --- what is pressed ---------------------------------------------------------------------------

// Asks again while nobody can take the wish: the server is not reached, or has just come back and
// not looked around yet. Whatever is asked is keyed, so twice is once.
async function insist(what, goesOn = () => true) {
  const since = Date.now();
  for (;;) {
    try {
      await what();
      notice("");
      return true;
    } catch (fault) {
      notice(fault.message + dials(fault.details?.number));
      const isWorthIt = fault.status === 0 || fault.status >= 500;
      if (!isWorthIt || !goesOn() || Date.now() - since > GIVE_UP_MS) return false;
    }
    await new Promise((done) => { setTimeout(done, AGAIN_MS); });
  }
}

const dials = (number) => (number ? `请告诉来电人拨打 ${number}（${aloud(number)}）。` : "");

async function begin(kind, target, number) {
  if (kind === "emergency") return emergency(number);
  const of = call();
  if (!of) return notice("没有正在通话的来电，不能转接。");
  const move = newId();
  return insist(() => api.move(of, { move, kind, target, number }), () => call() === of);
}

export async function emergency(number, of = call()) {
  if (!of) return notice("没有来电；请直接用电话拨打。");
  const press = { move: newId(), call: of, number, at: Date.now(), isTaken: false, isUndone: false };
  pressed = press;
  draw();
  const wish = { move: press.move, kind: "emergency", target: "", number };
  press.isTaken = await insist(() => api.move(of, wish), () => !press.isUndone);
  if (press.isTaken && press.isUndone) return key(of, press.move, "cancel");
  if (!press.isTaken && pressed === press) pressed = null;
  draw();
  return null;
}

async function undo() {
  const press = pressed;
  pressed = null;
  draw();
  if (press) press.isUndone = true;
  if (press?.isTaken) await key(press.call, press.move, "cancel");
}

function key(of, move, what) {
  const isThere = () => shown().find((one) => one.move === move)?.keys.includes(what) ?? true;
  return insist(() => api.steer(of, move, what), isThere);
}

function press(what, move = mine()) {
  if (!move?.keys.includes(what)) return false;
  key(move.call, move.move, what);
  return true;
}

// Whether the key was one of ours. F3 finds somebody; Shift with F1 to F4 calls for help, with F6 to
// F9 hands the caller over to a hotline above or below.
export function took(event) {
  if (me === null || panel.hidden) return false;
  const place = ["F1", "F2", "F3", "F4"].indexOf(event.key);
  if (event.shiftKey && place >= 0) return Boolean(emergency(EMERGENCIES[place][0]));
  const near = event.shiftKey && isFree() ? targets.hotlines()[HOTLINE_KEYS.indexOf(event.key)] : null;
  if (near) return Boolean(begin(near.ways[0], near.id, ""));
  if (event.key === "F3") return targets.flip() || true;
  if (!event.altKey || event.ctrlKey || event.metaKey || targets.isOpen()) return false;
  if (event.code === "Digit0" && isUndoable()) return Boolean(undo());
  const what = Object.keys(KEY_DIGITS).find((one) => event.code === `Digit${KEY_DIGITS[one]}`);
  return what ? press(what) : false;
}

// --- what is seen ------------------------------------------------------------------------------

const RINGS = new Set(["asked", "ringing", "passing"]);
// For five seconds, as long as nobody has answered.
function isUndoable() {
  if (pressed === null || Date.now() - pressed.at >= UNDO_MS) return false;
  const move = shown().find((one) => one.move === pressed.move);
  return !move || RINGS.has(move.step);
}
const short = (keys) => el("kbd", {}, keys);
const left = el("span", { class: "undo-left" });
const bar = el("progress", { max: UNDO_MS, value: 0 });
const time = el("time", { class: "move-time" });

function draw() {
  const all = shown();
  panel.hidden = me === null || (!call() && all.length === 0 && !isUndoable());
  if (panel.hidden) return;
  const held = panel.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  panel.replaceChildren(
    ...(call() ? [emergencies()] : []),
    ...(isUndoable() ? [undoing()] : []),
    ...all.map((move) => (isMine(move) ? own(move) : others(move))),
    ...(isFree() ? [ways()] : []));
  if (held) panel.querySelector(`[data-key="${held}"]`)?.focus();
  tick();
}

function tick() {
  if (panel.hidden) return;
  const move = mine();
  if (move && !move.is_over) time.textContent = clock((Date.now() - ahead - Date.parse(move.at)) / 1000);
  if (pressed === null) return;
  const rest = UNDO_MS - (Date.now() - pressed.at);
  left.textContent = String(Math.max(0, Math.ceil(rest / 1000)));
  bar.value = Math.max(0, rest);
  if (!isUndoable() && panel.querySelector(".undoing")) draw();
}

function undoing() {
  return el("div", { class: "undoing", role: "status" },
    el("p", {}, pressed.isTaken ? `正在呼叫 ${pressed.number}` : `正在接通 ${pressed.number}…`),
    bar,
    el("button", { type: "button", class: "wide undo", "data-key": "undo", onclick: undo }, "按错了，撤销（", left, "）", short("Alt+0")));
}

// Always in the same place, whatever else is under way.
function emergencies() {
  return el("div", { class: "emergencies", role: "group", ariaLabel: "一键紧急" },
    ...EMERGENCIES.map(([number, name], place) => el("button", {
      type: "button", class: "emergency", "data-key": number, title: `立即呼叫${name}，三方通话；5秒内可撤销`,
      onclick: () => emergency(number),
    }, el("b", {}, number), el("span", {}, name), short(`⇧F${place + 1}`))));
}

function ways() {
  return el("div", { class: "ways" },
    el("button", { type: "button", class: "wide", "data-key": "find", onclick: () => targets.flip() },
      "转接、咨询、三方…", short("F3")),
    ...targets.hotlines().slice(0, HOTLINE_KEYS.length).map((one, place) => el("button", {
      type: "button", class: "wide hotline", "data-key": one.id, onclick: () => begin(one.ways[0], one.id, ""),
    }, `转交 ${one.name}`, short(`⇧${HOTLINE_KEYS[place]}`))));
}

// What can be pressed is what the server says; an undo that is shown already is not shown twice.
function own(move) {
  const keys = move.keys.filter((what) => !(what === "cancel" && isUndoable() && pressed?.move === move.move));
  return el("div", { class: "move", role: "status", "data-step": move.step, "data-kind": move.kind },
    el("p", { class: "move-kind" }, KINDS[move.kind] ?? move.kind, el("b", {}, move.name || move.number),
      el("span", { class: "grow" }), move.is_over ? shut(move) : time),
    people(move),
    el("p", { class: "move-says" }, says(move, true)),
    readOut(move),
    move.kind === "emergency" && !move.is_over && !isUndoable() ? el("p", { class: "quiet" }, targets.firstAnswerer()) : null,
    el("div", { class: "move-keys" }, ...keys.map((what) => el("button", {
      type: "button", class: what === keys[0] && what !== "cancel" ? "primary" : what, "data-key": what,
      onclick: () => press(what, move),
    }, KEYS[what] ?? what, short(`Alt+${KEY_DIGITS[what]}`)))));
}

function others(move) {
  return el("div", { class: "move", role: "status", "data-step": move.step },
    el("p", { class: "move-kind" }, "转来的通话", el("b", {}, move.by ?? ""), el("span", { class: "grow" }), move.is_over ? shut(move) : null),
    el("p", { class: "move-says" }, says(move, false)));
}

function shut(move) {
  return el("button", {
    type: "button", class: "plain", ariaLabel: "关闭", onclick: () => { closed.add(move.move); draw(); },
  }, "×");
}

// Who hears whom, as three dots: the caller, the agent, the other.
const HEARS = {
  asked: "ca-", ringing: { consult: "-a-", "three-way": "ca-", emergency: "ca-" },
  passing: "--r", consulting: "-ar", swapped: "ca-", joining: "ca-", joined: "car", completed: "c-r",
  returned: "ca-", "setting-aside": "-a-", sending: "---", abandoned: "-a-",
};

function people(move) {
  const of = HEARS[move.step] ?? "---";
  const hears = typeof of === "string" ? of : of[move.kind] ?? "ca-";
  const state = move.step === "ringing" || move.step === "passing" ? "calls" : "";
  return el("ol", { class: "people", ariaHidden: "true" },
    ...[["c", "来电人"], ["a", "您"], ["r", move.name || move.number || "对方"]].map(([one, name]) => el("li", {
      class: hears.includes(one) && !(one === "r" && state) ? "in" : one === "r" && state ? "calls" : "",
    }, name)));
}

function readOut(move) {
  if (!move.number || move.step !== "returned") return null;
  return el("div", { class: "read-out", role: "alert" },
    el("span", {}, "请告诉来电人拨打"), el("b", {}, move.number), el("span", {}, aloud(move.number)));
}
