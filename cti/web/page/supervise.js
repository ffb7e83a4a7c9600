// A supervisor in a talk: to hear it, to be heard by the agent, by both, and to take it over.

import * as api from "./api.js";
import { el } from "./words.js";

const MODES = { listen: "监听", whisper: "耳语", barge: "强插" };
let notice = () => {};
let me = null;
let inCall = null; // the call whose talk this supervisor joined last

export function start(tell) {
  notice = tell;
}

export function enter(person) {
  me = person;
}

// Nobody listens to the own talk.
export const isOwn = (agent) => agent === me?.user;

// The keys of one talk. ``callOf`` says which call the seat talks with now, null for none.
export function keys(callOf, extension) {
  const take = el("button", { type: "button", class: "take", onclick: () => takeOver(callOf()) }, "接管");
  const node = el("span", { class: "chip-keys", role: "group", ariaLabel: `${extension} 的通话` },
    ...Object.entries(MODES).map(([mode, name]) => el("button", {
      type: "button", onclick: () => join(callOf(), mode, extension),
    }, name)), take);
  return { node, draw: () => {
    const call = callOf();
    if (node.hidden !== (call === null)) node.hidden = call === null;
    if (take.disabled !== (inCall !== call)) take.disabled = inCall !== call;
  } };
}

async function join(call, mode, extension) {
  if (call === null) return;
  try {
    await api.supervise(call, mode);
    notice(inCall === call ? `已改为${MODES[mode]}` : `请接起本席话机，${MODES[mode]} ${extension}`, true);
    inCall = call;
  } catch (fault) {
    notice(fault.message);
  }
}

async function takeOver(call) {
  if (call === null || !confirm("接管后，座席退出，由您与来电人通话。确定接管吗？")) return;
  try {
    await api.takeOver(call);
    notice("");
  } catch (fault) {
    notice(fault.message);
  }
}
