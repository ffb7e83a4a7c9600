// The directory of where callers can be taken: found by name, pinyin or number, taken by one key.

import * as api from "./api.js";
import { find } from "./find.js";
import { KINDS, KIND_DIGITS } from "./movewords.js";
import { el, moment } from "./words.js";

const SHOWN = 60;
const TYPED = /^\+?[\d\s-]{3,20}$/;
const panel = document.getElementById("targets");
let take = () => {};
let loaded = () => {};
let me = null;
let all = [];
let line = "";
let kind = "";
let chosen = 0;
let isFree = false; // whether the call can be moved now
let typists = ["supervisor"];
let rule = ""; // who takes a matter that may be an emergency line's

const asked = el("input", {
  type: "search", autocomplete: "off", placeholder: "名称、拼音首字母或号码", ariaLabel: "查找转接目标",
  oninput: () => { chosen = 0; draw(); },
});
asked.setAttribute("aria-controls", "target-list");
const kinds = el("div", { class: "target-kinds", role: "group", ariaLabel: "种类" });
const list = el("ol", { id: "target-list", role: "listbox", ariaLabel: "转接目标，用上下键选择" });
const ways = el("div", { class: "target-ways" });
const more = el("div", { class: "target-more" });
const fault = el("p", { class: "fault", role: "alert" });
panel.append(
  el("div", { class: "list-head" }, el("h2", {}, "转接"), asked,
    el("button", { type: "button", class: "plain", onclick: () => panel.close() }, "关闭 ", el("kbd", {}, "Esc"))),
  kinds, el("div", { class: "target-columns" }, list, el("div", { class: "target-chosen" }, more, ways)), fault);

export function start(onTake, onLoaded) {
  take = onTake;
  loaded = onLoaded;
  panel.addEventListener("keydown", onKey);
  panel.addEventListener("close", () => { asked.value = ""; kind = ""; });
}

export function enter(person) {
  me = person;
  load();
}

export function leave() {
  me = null;
  panel.close();
}

// Which line the caller dialled, and whether the call can be moved now.
export function show(dialled, canMove) {
  if (line !== dialled) load();
  line = dialled;
  isFree = canMove;
  if (panel.open && !canMove) panel.close();
}

export const isOpen = () => panel.open;
export const firstAnswerer = () => rule;

export function flip() {
  if (panel.open) {
    panel.close();
  } else if (isFree) {
    chosen = 0;
    panel.showModal();
    asked.focus();
    draw();
    load();
  }
}

async function load() {
  if (me === null || me.role === "admin" || me.role === "system") return;
  try {
    const known = await api.targets();
    all = known.items;
    typists = known.typed_numbers;
    rule = known.first_answerer;
    fault.textContent = "";
  } catch (error) {
    fault.textContent = all.length ? "" : error.message;
  }
  loaded();
  if (panel.open) draw();
}

// The hotlines above and below us: one key each.
export const hotlines = () => all.filter((one) => one.kind === "centre" && one.ways.length && one.is_open !== false);

function rows() {
  // Emergency lines have keys of their own: nobody calls one by opening the directory and Enter.
  const fits = (one) => (kind ? one.kind === kind : asked.value.trim() !== "" || one.kind !== "emergency");
  const found = find(all.filter(fits), asked.value, line).slice(0, SHOWN);
  const typed = asked.value.trim();
  if (!TYPED.test(typed) || !typists.includes(me?.role)) return found;
  const number = typed.replace(/[\s-]/g, "");
  return [...found, { id: "", name: number, number, kind_name: "输入的号码", ways: ["consult", "three-way", "blind"] }];
}

function draw() {
  const found = rows();
  chosen = Math.max(0, Math.min(chosen, found.length - 1));
  const names = new Map(all.map((one) => [one.kind, one.kind_name]));
  kinds.replaceChildren(...[["", "全部"], ...names].map(([value, name]) => el("button", {
    type: "button", class: "chip-key", ariaPressed: String(kind === value),
    onclick: () => { kind = value; chosen = 0; draw(); asked.focus(); },
  }, name)));
  list.replaceChildren(...(found.length ? found.map(row) : [el("li", { class: "quiet" }, "没有找到。")]));
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
  drawChosen(found[chosen]);
}

function row(target, place) {
  const item = el("li", {
    role: "option", onclick: () => { chosen = place; draw(); asked.focus(); },
    ondblclick: () => choose(target, target.ways[0]),
  },
    el("span", { class: "tag" }, target.kind_name),
    el("span", { class: "target-name" }, target.name, target.is_urgent && target.kind !== "emergency" ? el("span", { class: "tag urgent" }, "紧急事项") : null),
    el("span", { class: "quiet" }, hours(target)),
    el("span", { class: "target-number" }, target.number ?? ""));
  item.setAttribute("aria-selected", String(place === chosen));
  item.classList.toggle("closed", target.is_open === false);
  return item;
}

function hours(target) {
  if (target.is_open !== false) return { true: "空闲", false: "忙" }[target.is_free] ?? "";
  return target.opens_at ? `${moment(target.opens_at)} 起` : "无人值守";
}

function drawChosen(target) {
  if (!target) {
    more.replaceChildren();
    ways.replaceChildren();
    return;
  }
  more.replaceChildren(
    el("h3", {}, target.kind_name), el("p", { class: "target-title" }, target.name),
    target.number && target.number !== target.name ? el("p", { class: "ani" }, target.number) : "",
    target.note ? el("p", { class: "quiet" }, target.note) : "",
    target.is_open === false ? el("p", { class: "closed-now" }, `现在没有人值守　${hours(target)}`) : "",
    target.ways.length ? "" : el("p", { class: "closed-now" }, "不接受转接，请把号码告诉来电人。"));
  ways.replaceChildren(...target.ways.map((way, place) => el("button", {
    type: "button", class: place === 0 ? "primary wide" : "wide", disabled: target.is_open === false,
    onclick: () => choose(target, way),
  }, KINDS[way] ?? way, ...(place === 0 ? [el("kbd", {}, "Enter")] : []),
    KIND_DIGITS[way] ? el("kbd", {}, `Alt+${KIND_DIGITS[way]}`) : null)));
}

function choose(target, way) {
  if (!way || target.is_open === false) return;
  panel.close();
  take(way, target.id, way === "emergency" || !target.id ? target.number : "");
}

function onKey(event) {
  if (event.isComposing) return; // an input method takes Enter and the arrows for itself
  const found = rows();
  const target = found[chosen];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    chosen += event.key === "ArrowDown" ? 1 : -1;
    draw();
  } else if (event.key === "Enter" && event.target === asked && target) {
    choose(target, target.ways[0]);
  } else if (event.altKey && target) {
    const way = target.ways.find((one) => event.code === `Digit${KIND_DIGITS[one]}`);
    if (!way) return;
    choose(target, way);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
