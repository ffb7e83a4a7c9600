// Whom the hotline refuses politely, for those who watch over calls: the list, and each refusal.

import * as api from "./api.js";
import { el, moment } from "./words.js";

const WATCHERS = new Set(["supervisor", "admin"]);
const panel = document.getElementById("nuisance");
const badge = el("b", { class: "badge", hidden: true });
const key = el("button", { type: "button", class: "plain", hidden: true, onclick: () => flip() },
  "骚扰来电", badge, " ", el("kbd", {}, "F10"));
let notice = () => {};
let unseen = 0;

const number = el("input", { name: "number", required: true, maxLength: 40, autocomplete: "off", inputMode: "tel" });
const reason = el("input", { name: "reason", required: true, maxLength: 200, autocomplete: "off" });
const days = el("input", { name: "days", type: "number", required: true, min: 1, max: 366, value: 30 });
const fault = el("p", { class: "fault", role: "alert" });
const listed = el("ol", { class: "rows", ariaLabel: "名单" });
const refused = el("ol", { class: "rows", ariaLabel: "最近谢绝的来电" });
const form = el("form", { class: "row", onsubmit: (event) => { event.preventDefault(); add(); } },
  el("label", { class: "grow" }, "号码", number),
  el("label", { class: "grow" }, "原因", reason),
  el("label", { class: "days" }, "天数", days),
  el("button", { class: "primary", type: "submit" }, "列入"));
panel.append(
  el("div", { class: "list-head" }, el("h2", {}, "骚扰来电"),
    el("button", { type: "button", class: "plain", onclick: () => panel.close() }, "关闭 ", el("kbd", {}, "Esc"))),
  el("p", { class: "quiet" }, "名单上的号码打来，听到一句礼貌的谢绝，到期自动恢复；紧急电话转来的、要拨紧急电话的从不谢绝。"),
  form, fault, el("h3", {}, "名单"), listed, el("h3", {}, "最近谢绝的来电"), refused);

export function start(say) {
  notice = say;
  document.getElementById("me").before(key);
}

export function enter(role) {
  key.hidden = !WATCHERS.has(role);
  count(0);
}

export function leave() {
  key.hidden = true;
  panel.close();
}

// A refusal that has just happened; the panel shows it, or the key says how many were not seen.
export function told(blocked) {
  if (panel.open) draw();
  else count(unseen + 1);
  notice(`已谢绝骚扰来电 ${blocked.number}（${blocked.line}）`);
}

export function flip() {
  if (key.hidden) return;
  if (panel.open) {
    panel.close();
    return;
  }
  count(0);
  fault.textContent = "";
  panel.showModal();
  number.focus();
  draw();
}

function count(value) {
  unseen = value;
  badge.textContent = String(value);
  badge.hidden = value === 0;
}

async function add() {
  await tried(async () => {
    await api.refuse({ number: number.value.trim(), reason: reason.value.trim(), days: Number(days.value) });
    number.value = reason.value = "";
    number.focus();
  });
}

async function tried(work) {
  fault.textContent = "";
  try {
    await work();
  } catch (error) {
    fault.textContent = error.message;
  }
  await draw();
}

async function draw() {
  try {
    const [list, calls] = await Promise.all([api.nuisance(), api.refusals()]);
    listed.replaceChildren(...rows(list.items.map(listing), "名单是空的。"));
    refused.replaceChildren(...rows(calls.items.map(refusal), "还没有谢绝过来电。"));
  } catch (error) {
    fault.textContent = error.message;
  }
}

const rows = (items, none) => (items.length ? items : [el("li", { class: "quiet" }, none)]);

function listing(one) {
  const shown = el("span", { class: "ani-small" }, one.number);
  const reveal = el("button", { type: "button", class: "plain", title: "显示完整号码，留痕", onclick: async () => {
    try {
      shown.textContent = (await api.reveal(one.id)).number;
    } catch (error) {
      fault.textContent = error.message;
    }
  } }, "显示");
  const off = el("button", { type: "button", class: "plain", onclick: () => tried(() => api.allow(one.id)) }, "移除");
  return el("li", {}, shown,
    el("span", { class: "grow" }, one.reason, el("span", { class: "quiet" }, `　${one.added_by} 列入`)),
    el("span", { class: "quiet" }, `至 ${moment(one.until)}`),
    el("span", { class: "times" }, `谢绝 ${one.blocked} 次`), reveal, off);
}

function refusal(one) {
  return el("li", {}, el("span", { class: "ani-small" }, one.number),
    el("span", { class: "grow" }, `拨打 ${one.line}`), el("span", { class: "quiet" }, moment(one.arrived_at)));
}
