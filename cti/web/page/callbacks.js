// Whom to call back: what the quiet queue offers this desk, what it has claimed, and the call out.

import * as api from "./api.js";
import { OUTCOMES, el, facts, moment } from "./words.js";

const REFRESH_MS = 30000;
const UNSEEN_MS = 2500;
const panel = document.getElementById("task");
let notice = () => {};
let me = null;
let desk = null;
let open = []; // the open tasks of the centre, the most urgent first
let chosen = "answered";

export function start(tell) {
  notice = tell;
  setInterval(() => me && refresh(), REFRESH_MS);
}

export function enter(user) {
  me = user;
  refresh();
}

export function leave() {
  me = null;
  open = [];
  panel.hidden = true;
}

// Every change of the desk: an offer comes or goes, a call out begins or ends.
export function show(next) {
  const before = desk;
  desk = next;
  const wasOut = isOut(before), isNow = isOut(next);
  const wasOffered = before?.callback?.call_id, isOffered = next?.callback?.call_id;
  if ((wasOut && !isNow) || wasOffered !== isOffered) setTimeout(refresh, wasOut && !isNow ? 1500 : 0);
  draw();
}

const isOut = (one) => Boolean(one?.seat?.call?.startsWith("out-"));
const mine = () => open.find((task) => task.state === "claimed" && task.claimed_by === me);
const owed = () => open.filter((task) => task.state === "owed");

export async function refresh() {
  if (me === null) return;
  try {
    open = (await api.callbacks()).items;
  } catch (fault) {
    if (fault.status !== 401) notice(fault.message);
    return;
  }
  draw();
}

// F7 does what comes next: take the task, then call.
export function next() {
  if (isOut(desk)) return null;
  if (mine()) return dial(mine());
  const call = desk?.callback?.call_id ?? owed()[0]?.call_id;
  if (call) return act(() => api.claim(call));
  return notice("现在没有待回拨的来电。");
}

// The switch may see what the page cannot: the phone is taken, or that citizen is calling us now.
function dial(task) {
  setTimeout(() => {
    if (!isOut(desk) && mine()?.call_id === task.call_id) {
      notice("没有呼出：请看话机是否空闲；也可能这位来电人正在来电。");
    }
  }, UNSEEN_MS);
  return act(() => api.dial(task.call_id));
}

async function act(what) {
  try {
    await what();
    notice("");
  } catch (fault) {
    notice(fault.message);
  }
  await refresh();
}

function draw() {
  const task = mine();
  const offered = desk?.callback ?? null;
  // While a citizen is called, the card says all of it.
  panel.hidden = me === null || isOut(desk) || (!task && !offered && owed().length === 0);
  if (panel.hidden) return;
  panel.classList.toggle("asked", Boolean(offered) && !task);
  panel.replaceChildren(...(task ? claimed(task) : offered ? asked(offered) : waiting()));
}

const about = (task) => facts([
  ["拨打号码", task.line],
  ["未接时间", moment(task.missed_at)],
  ["最迟回拨", moment(task.due_at)],
  ["已试", (task.attempts?.length ?? task.attempts) || ""],
  ["上次结果", OUTCOMES[task.attempts?.at?.(-1)?.outcome]],
]);

const head = (kind, task) => [
  el("p", { class: "task-kind" }, kind, task.is_overdue ? el("span", { class: "tag urgent" }, "超时") : null),
  el("p", { class: "ani" }, task.number),
  el("dl", { class: "facts" }, ...about(task)),
];

function asked(task) {
  return [
    ...head("现在无人排队，请回拨", task),
    el("div", { class: "keys" },
      el("button", { type: "button", class: "primary", onclick: () => act(() => api.claim(task.call_id)) },
        "认领 ", el("kbd", {}, "F7")),
      el("button", { type: "button", onclick: () => act(() => api.decline(task.call_id)) }, "不接受")),
  ];
}

function claimed(task) {
  const calling = isOut(desk);
  const outcome = el("select", { ariaLabel: "回拨结果", onchange: (event) => { chosen = event.target.value; } },
    ...Object.entries(OUTCOMES).map(([value, name]) => el("option", { value, selected: value === chosen }, name)));
  return [
    ...head("已认领，请回拨", task),
    el("div", { class: "keys" },
      el("button", {
        type: "button", class: "primary", onclick: () => dial(task),
      }, "呼叫 ", el("kbd", {}, "F7")),
      el("button", { type: "button", onclick: () => act(() => api.release(task.call_id)) }, "退回")),
    el("details", {},
      el("summary", { class: "quiet" }, "用其他电话回拨的，在此登记"),
      el("div", { class: "row" }, outcome,
        el("button", { type: "button", onclick: () => act(() => api.tried(task.call_id, chosen)) }, "登记"))),
  ];
}

function waiting() {
  const late = owed().filter((task) => task.is_overdue).length;
  return [
    el("div", { class: "task-row" },
      el("span", {}, `待回拨 ${owed().length}`),
      late ? el("span", { class: "tag urgent" }, `超时 ${late}`) : null,
      el("span", { class: "grow" }),
      el("button", { type: "button", onclick: () => next() }, "认领最急的 ", el("kbd", {}, "F7"))),
  ];
}
