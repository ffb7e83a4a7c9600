// The live figures above a supervisor's desk: what waits, how the seats stand, the day so far.

import * as supervise from "./supervise.js";
import * as waiting from "./waiting.js";
import { REASONS, STATES, clock, el } from "./words.js";

const panel = document.getElementById("live");
const PATIENCE_S = 15; // GB/T 33358: a person answers within 15 s
const CONNECTED = 0.95; // of the callers of any 24 h
const ORDER = ["talking", "offered", "wrap-up", "available", "not-ready"];
let live = null;
let ahead = 0;
let isOpen = false;

const percent = (share) => (share === null ? "—" : `${(share * 100).toFixed(1)}%`);
const number = (value, digits = 0) => (value === null ? "—" : value.toFixed(digits));
const since = (iso) => (Date.now() - ahead - Date.parse(iso)) / 1000;

// Each tile: its name, the figure, what stands under it, and how urgent it is.
const TILES = [
  ["排队等候", ({ now }) => now.waiting,
    ({ now }) => (now.waiting_since ? `最长 ${clock(since(now.waiting_since))}` : "无人等候"),
    ({ now }) => (!now.waiting_since ? "" : since(now.waiting_since) > 4 * PATIENCE_S ? "bad"
      : since(now.waiting_since) > PATIENCE_S ? "warn" : "")],
  ["通话中", ({ now }) => now.talking,
    ({ now }) => [`振铃 ${now.ringing}`, now.outside ? `部门座席 ${now.outside}` : ""].filter(Boolean).join(" · ")],
  ["就绪座席", ({ states }) => states.available,
    ({ states }) => `整理 ${states["wrap-up"]} · 示忙 ${states["not-ready"]}`,
    ({ now, states }) => (now.waiting > 0 && states.available === 0 ? "warn" : "")],
  ["待回拨", ({ callbacks }) => callbacks?.owed ?? "—",
    ({ now, callbacks }) => `超时 ${callbacks?.overdue ?? "—"} · 保留排队 ${now.kept}`,
    ({ callbacks }) => (callbacks?.overdue > 0 ? "bad" : "")],
  ["今日来电", ({ today }) => today.offered,
    ({ today }) => `放弃 ${today.abandoned}（短放弃 ${today.short_abandoned}）`],
  ["接通率", ({ today }) => percent(today.connection_share), () => "国标 ≥ 95%",
    ({ today }) => (today.connection_share !== null && today.connection_share < CONNECTED ? "bad" : "")],
  ["15秒接通率", ({ today }) => percent(today.within_15_s_share),
    ({ today }) => `平均应答 ${number(today.speed_of_answer_s, 1)} 秒`],
  ["满意率", ({ today }) => percent(today.satisfied_share),
    ({ today }) => (today.rated ? `${number(today.satisfaction, 2)} 分 · 评价 ${today.rated}` : "尚无评价")],
  ["工时利用率", ({ today }) => percent(today.occupancy),
    ({ today }) => `平均整理 ${number(today.wrap_up_s)} 秒`],
];

const tiles = TILES.map(([name, value, more, urgency = () => ""]) => {
  const figure = el("strong", { class: "figure" });
  const under = el("span", { class: "under" });
  const node = el("div", { class: "tile", role: "group", ariaLabel: name },
    el("span", { class: "tile-name" }, name), figure, under);
  return { node, draw: () => {
    text(figure, String(value(live)));
    text(under, more(live));
    node.dataset.urgency = urgency(live);
  } };
});
const seats = el("ol", { class: "seats", id: "live-seats", hidden: true, ariaLabel: "座席状态" });
const toggle = el("button", { type: "button", class: "plain", onclick: () => flip() },
  "座席 ", el("kbd", {}, "F6"));
const note = el("span", { class: "quiet" });
toggle.setAttribute("aria-controls", "live-seats");
panel.append(
  el("div", { class: "live-head" }, el("h2", {}, "实时"), note, el("span", { class: "grow" }), toggle),
  el("div", { class: "tiles" }, ...tiles.map((tile) => tile.node)), waiting.list, seats);

export function show(next, clockAhead) {
  ahead = clockAhead;
  live = next && next.now ? next : null;
  panel.hidden = live === null;
  draw();
}

export function flip() {
  if (live === null) return;
  isOpen = !isOpen;
  draw();
}

function draw() {
  if (live === null) return;
  for (const tile of tiles) tile.draw();
  text(note, live.now.is_whole ? live.now.day : `${live.now.day}　今日较早的来电正在计入`);
  toggle.setAttribute("aria-expanded", String(isOpen));
  seats.hidden = !isOpen;
  waiting.list.hidden = true;
  if (!isOpen) return;
  drawSeats();
  waiting.draw(live.waiting ?? {}, since);
}

const chips = new Map();

function drawSeats() {
  const shown = Object.entries(live.seats).sort(([, one], [, two]) =>
    ORDER.indexOf(one.state) - ORDER.indexOf(two.state) || one.extension.localeCompare(two.extension));
  for (const id of chips.keys()) if (!(id in live.seats)) chips.delete(id);
  const nodes = shown.map(([id, seat]) => chip(id, seat));
  if (nodes.length === 0) nodes.push(el("li", { class: "quiet" }, "没有座席签入。"));
  if (nodes.length !== seats.children.length || nodes.some((node, n) => node !== seats.children[n])) {
    seats.replaceChildren(...nodes);
  }
}

function chip(id, seat) {
  let known = chips.get(id);
  if (!known) {
    const parts = ["extension", "agent", "state", "time"].map((name) => el("span", { class: name }));
    const talk = supervise.keys(() => {
      const now = live?.seats[id];
      return now?.state === "talking" && !supervise.isOwn(now.agent) ? now.call : null;
    }, seat.extension);
    known = { node: el("li", { class: "chip" }, ...parts, talk.node), parts, talk };
    chips.set(id, known);
  }
  const reason = seat.has_phone ? REASONS[seat.reason] ?? seat.reason : "话机未连";
  const state = [STATES[seat.state] ?? seat.state, reason].filter(Boolean).join("：");
  known.node.dataset.state = seat.state;
  known.talk.draw();
  [seat.extension, seat.agent, state, clock(since(seat.since))].forEach((said, n) => text(known.parts[n], said));
  return known.node;
}

function text(node, said) {
  if (node.textContent !== said) node.textContent = said;
}

setInterval(draw, 1000);
