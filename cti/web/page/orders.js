// The list of work orders and the one that is open.

import * as api from "./api.js";
import { CHANNELS, FIELDS, KINDS, MARKS, MODES, STATUSES, TYPES, URGENCY, clock, el, facts, moment } from "./words.js";

const list = document.getElementById("orders");
const detail = document.getElementById("detail");
let items = [];
let openId = null;
let isDirty = false;
let notice = () => {};
let handIn = null; // hands the open order in; null while none is open that may be

export function start(tell) {
  notice = tell;
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || items.length === 0) return;
    event.preventDefault();
    const at = items.findIndex((order) => order.id === openId);
    open(items[Math.min(items.length - 1, Math.max(0, at + step))].id);
  });
}

export async function refresh() {
  try {
    items = (await api.orders()).items;
  } catch (fault) {
    notice(fault.message);
    return;
  }
  show();
  if (openId === null && items.length > 0) await open(items[0].id);
  else if (openId !== null && !isDirty) await open(openId);
}

export async function showCall(call) {
  await refresh();
  const found = items.find((order) => order.call_id === call);
  if (found && !isDirty) await open(found.id);
}

// Hand in the order of that call, or of whatever is open when nobody wraps up.
export async function submit(call = null) {
  if (call !== null && items.find((order) => order.id === openId)?.call_id !== call) await showCall(call);
  const isIts = call === null || items.find((order) => order.id === openId)?.call_id === call;
  if (isIts && handIn) await handIn();
  else notice(isIts ? "请先打开一张草稿。" : "请先保存或放弃正在修改的工单，再提交本次来电的工单。");
}

function show() {
  list.replaceChildren(...items.map(item));
  if (items.length === 0) list.append(el("li", { class: "quiet" }, "还没有工单。"));
}

function item(order) {
  const node = el("li", { role: "option", onclick: () => open(order.id) },
    el("div", { class: "item-top" },
      el("span", {}, moment(order.received_at)),
      typeTag(order),
      order.urgency === "urgent" ? el("span", { class: "tag urgent" }, "紧急") : null,
      order.satisfaction && order.satisfaction <= 2 ? el("span", { class: "tag urgent" }, MARKS[order.satisfaction]) : null,
      order.status === "draft" ? null : el("span", { class: "tag" }, STATUSES[order.status])),
    el("div", { class: "item-title" }, order.title ?? order.summary ?? "（尚无标题）"),
    el("div", { class: "item-more" },
      [order.dialled.name ?? order.dialled.number, order.caller.number, order.place.text].filter(Boolean).join(" · ")));
  node.setAttribute("aria-selected", String(order.id === openId));
  return node;
}

const typeTag = (order) =>
  order.demand_type ? el("span", { class: `tag ${order.demand_type}` }, TYPES[order.demand_type]) : null;

async function open(id) {
  if (isDirty && id !== openId && !confirm("当前工单有未保存的修改，放弃吗？")) return;
  openId = id;
  isDirty = false;
  handIn = null;
  show();
  list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  try {
    const order = await api.order(id);
    const said = await api.transcript(order.call_id).catch((fault) => fault);
    if (openId === id) detail.replaceChildren(...whole(order, said));
  } catch (fault) {
    notice(fault.message);
  }
}

function whole(order, said) {
  const mayHear = !(said instanceof Error);
  const audio = mayHear && order.recording.url
    ? el("audio", { controls: true, preload: "none", src: api.recording(order.call_id) })
    : null;
  // what was said aside with an expert is a recording of its own
  const parts = new Map(mayHear ? (order.recording.parts ?? []).map((part) => [part.part, el("audio", {
    controls: true, preload: "none", src: part.url,
    "aria-label": `与${CHANNELS[part.channel] ?? part.channel}单独通话的录音`,
  })]) : []);
  const seek = (seconds, part = "") => {
    const sound = part ? parts.get(part) : audio;
    if (!sound) return;
    sound.currentTime = seconds;
    sound.play().catch(() => notice("录音暂时无法播放。"));
  };
  return [
    el("div", { class: "detail-head" },
      el("h2", {}, order.title ?? "（尚无标题）"), typeTag(order),
      el("span", { class: "tag" }, STATUSES[order.status])),
    el("dl", { class: "facts" }, ...facts([
      ["工单编号", order.id],
      ["来电号码", order.caller.number],
      ["拨打号码", [order.dialled.number, order.dialled.name, MODES[order.dialled.mode] ?? order.dialled.mode].filter(Boolean).join("　")],
      ["归口部门", order.dialled.department],
      ["受理时间", moment(order.received_at)],
      ["承办单位", order.offices.map((office) => office.name).join("、")],
      ["联动编号", order.case && [order.case.number, order.case.line].filter(Boolean).join("　")],
      ["转接", (order.moves ?? []).map((move) => move.name).join("、")],
      ["市民评价", MARKS[order.satisfaction]],
      ["办结时限", order.deadlines.finish_by && moment(order.deadlines.finish_by)],
    ])),
    form(order),
    el("h3", {}, "录音"),
    audio ?? el("p", { class: "quiet" }, mayHear ? "录音尚未生成。" : said.message),
    ...(order.recording.parts ?? []).filter((part) => parts.has(part.part)).flatMap((part) => [
      el("p", { class: "quiet" }, `与${CHANNELS[part.channel] ?? part.channel}单独通话，来电人未听到`),
      parts.get(part.part),
    ]),
    el("h3", {}, "通话文字"),
    mayHear ? talk(said.segments, seek) : el("p", { class: "quiet" }, said.message),
    el("h3", {}, "依据"),
    evidence(order.evidence, seek),
  ];
}

function form(order) {
  const isDraft = order.status === "draft";
  const options = (names, chosen) => [el("option", { value: "" }, "—"),
    ...Object.entries(names).map(([value, name]) => el("option", { value, selected: value === chosen }, name))];
  const fields = {
    title: el("input", { value: order.title ?? "", maxLength: 100 }),
    demand_type: el("select", {}, ...options(TYPES, order.demand_type)),
    urgency: el("select", {}, ...options(URGENCY, order.urgency)),
    place: el("input", { value: order.place.text ?? "", maxLength: 100 }),
    summary: el("textarea", { value: order.summary ?? "", maxLength: 8000 }),
    content: el("textarea", { value: order.content ?? "", maxLength: 8000, rows: 5 }),
  };
  const before = Object.fromEntries(Object.entries(fields).map(([name, node]) => [name, node.value]));
  const told = el("span", { class: "said", role: "status" });
  for (const node of Object.values(fields)) node.disabled = !isDraft;
  const asked = Object.fromEntries(Object.keys(fields).map((name) => [name, el("span", { class: "asked" })]));

  async function save() {
    const changed = Object.keys(fields).filter((name) => fields[name].value !== before[name]);
    if (changed.length === 0) return;
    const words = {};
    for (const name of changed) {
      const value = fields[name].value.trim() || null;
      if (name === "place") words.place = { text: value };
      else words[name] = value;
    }
    await api.edit(order.id, words);
    isDirty = false;
    told.textContent = "已保存";
  }
  const act = (what) => async (event) => {
    event?.preventDefault();
    ask([]);
    try {
      await what();
      await refresh();
    } catch (fault) {
      told.textContent = fault.message;
      ask(fault.id === "order-incomplete" ? fault.details.fields : []);
    }
  };
  // What is still to be filled in stands beside its field; the first one gets the cursor.
  function ask(missing) {
    for (const name of Object.keys(fields)) {
      const lack = missing.find((one) => one.field === name);
      asked[name].textContent = lack?.why ?? "";
      fields[name].setAttribute("aria-invalid", String(Boolean(lack)));
    }
    const [first] = missing.filter((one) => fields[one.field]);
    if (first) fields[first.field].focus();
    else if (missing.length > 0) told.textContent = missing.map((one) => one.why).join("");
  }
  const submitted = act(async () => { await save(); await api.submit(order.id); });
  handIn = isDraft ? submitted : null;
  const label = (name, at) => el("label", {}, name, fields[at], asked[at]);
  return el("form", {
    class: "form", oninput: () => { isDirty = true; told.textContent = "未保存"; }, onsubmit: act(save),
    onkeydown: (event) => {
      if (event.ctrlKey && event.key === "s") act(save)(event);
      if (event.ctrlKey && event.key === "Enter") submitted(event);
    },
  },
  label("标题", "title"),
  el("div", { class: "two" }, label("诉求类型", "demand_type"), label("紧急程度", "urgency")),
  label("地点", "place"), label("摘要", "summary"), label("内容", "content"),
  isDraft ? el("div", { class: "keys" },
    el("button", { type: "submit" }, "保存 ", el("kbd", {}, "Ctrl S")),
    el("button", { type: "button", class: "primary", onclick: submitted, title: "也可按 Ctrl+回车" },
      "提交 ", el("kbd", {}, "F8")),
    told) : null);
}

function talk(segments, seek) {
  if (segments.length === 0) return el("p", { class: "quiet" }, "还没有通话文字。");
  return el("ol", { class: "talk" }, ...segments.map((piece) =>
    el("li", { class: piece.channel, title: "从这里播放", onclick: () => seek(piece.start_s, piece.part) },
      el("span", { class: "at" }, clock(piece.start_s)),
      el("span", { class: "who" }, (CHANNELS[piece.channel] ?? piece.channel) + (piece.part ? "（单独）" : "")),
      el("span", {}, piece.text))));
}

function evidence(pieces, seek) {
  return el("ol", { class: "evidence" }, ...pieces.map((piece) =>
    el("li", {},
      el("span", { class: "field" }, FIELDS[piece.field] ?? piece.field),
      el("span", { class: "tag" }, KINDS[piece.kind]),
      piece.start_s === null ? el("span", {}, piece.text)
        : el("button", { type: "button", onclick: () => seek(piece.start_s) }, `${clock(piece.start_s)}　${piece.text}`))));
}
