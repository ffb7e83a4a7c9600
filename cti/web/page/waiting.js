// Who waits, one by one, for supervisors: an emergency line can be called for a caller who waits.

import { emergency } from "./moves.js";
import { EMERGENCIES } from "./movewords.js";
import { clock, el } from "./words.js";

export const list = el("ol", { class: "seats waiting", id: "live-waiting", hidden: true, ariaLabel: "等候的来电" });
const chips = new Map();

export function draw(waiting, since) {
  const shown = Object.entries(waiting).sort(([, one], [, two]) => one.since.localeCompare(two.since));
  list.hidden = shown.length === 0;
  for (const call of chips.keys()) if (!(call in waiting)) chips.delete(call);
  const nodes = shown.map(([call, one]) => chip(call, one, since(one.since)));
  if (nodes.length !== list.children.length || nodes.some((node, n) => node !== list.children[n])) {
    list.replaceChildren(...nodes);
  }
}

function chip(call, one, waited) {
  let known = chips.get(call);
  if (!known) {
    const state = el("span", { class: "state" });
    const time = el("span", { class: "time" });
    const node = el("li", { class: "chip", "data-state": "waiting" },
      el("span", { class: "extension" }, one.line), el("span", { class: "agent" }, one.number), state, time,
      el("span", { class: "chip-keys", role: "group", ariaLabel: "替这位来电人呼叫" },
        ...EMERGENCIES.map(([number, name]) => el("button", {
          type: "button", class: "emergency-small", title: `替这位来电人呼叫${name}；5秒内可撤销`,
          onclick: () => emergency(number, call),
        }, number))));
    known = { node, state, time };
    chips.set(call, known);
  }
  known.state.textContent = one.rings ? "正在振铃" : "等候";
  known.time.textContent = clock(waited);
  return known.node;
}
