// A supervisor in a talk: to hear it, to be heard by the agent, by both, and to take it over.

import * as api from "./api.js";
import { MODES, says } from "./supervisewords.js";
import { el } from "./words.js";

let notice = () => {};
let me = null;
let stands = null; // how it stands with the talk that this supervisor wanted to hear last

export function start(tell) {
  notice = tell;
}

export function enter(person) {
  me = person;
  stands = null;
}

// How it stands now. ``isNews``: it has just changed, so it is said.
export function show(desk, isNews) {
  stands = desk.supervised ?? null;
  if (isNews && stands) notice(...says(stands));
}

// Nobody listens to the own talk.
export const isOwn = (agent) => agent === me?.user;

const isIn = (call, phase) => stands?.call === call && stands.phase === phase;

// The keys of one talk. ``callOf`` says which call the seat talks with now, null for none.
export function keys(callOf, extension) {
  const take = el("button", { type: "button", class: "take", onclick: () => takeOver(callOf()) }, "接管");
  const modes = Object.entries(MODES).map(([mode, name]) => el("button", {
    type: "button", onclick: () => join(callOf(), mode),
  }, name));
  const node = el("span", { class: "chip-keys", role: "group", ariaLabel: `${extension} 的通话` }, ...modes, take);
  return { node, draw: () => {
    const call = callOf();
    if (node.hidden !== (call === null)) node.hidden = call === null;
    const hears = isIn(call, "hearing");
    if (take.disabled === hears) take.disabled = !hears;
    Object.keys(MODES).forEach((mode, n) => {
      const pressed = String(hears && stands.mode === mode);
      if (modes[n].ariaPressed !== pressed) modes[n].ariaPressed = pressed;
    });
  } };
}

async function join(call, mode) {
  if (call === null) return;
  try {
    await api.supervise(call, mode);
  } catch (fault) {
    notice(fault.message);
  }
}

async function takeOver(call) {
  if (call === null || !confirm("接管后，座席退出，由您与来电人通话。确定接管吗？")) return;
  try {
    await api.takeOver(call);
  } catch (fault) {
    notice(fault.message);
  }
}
