// The seat's page: who is here, how the seat stands, who is calling.

import * as api from "./api.js";
import * as callbacks from "./callbacks.js";
import * as live from "./live.js";
import * as moves from "./moves.js";
import * as nuisance from "./nuisance.js";
import * as orders from "./orders.js";
import * as supervise from "./supervise.js";
import { Wire } from "./wire.js";
import { MODES, REASONS, STATES, clock, el, facts, moment } from "./words.js";

const $ = (id) => document.getElementById(id);
let wire = null;
let desk = null;
let ahead = 0; // this computer's clock minus the server's, in ms
let noticeTimer = 0;

function notice(text, isGood = false) {
  $("notice").textContent = text;
  $("notice").classList.toggle("good", isGood);
  $("notice").hidden = !text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { $("notice").hidden = true; }, 8000);
}

function showDoor(fault = "") {
  wire?.end();
  wire = null;
  live.show(null, 0);
  callbacks.leave();
  nuisance.leave();
  moves.leave();
  $("desk").hidden = true;
  $("door").hidden = false;
  $("door-fault").textContent = fault;
  $("user").focus();
}

async function enter(me) {
  $("door").hidden = true;
  $("desk").hidden = false;
  $("me").textContent = me.name;
  orders.refresh();
  nuisance.enter(me.role);
  if (me.role === "admin" || me.role === "system") return;
  await showCentre();
  callbacks.enter(me.user);
  moves.enter(me);
  supervise.enter(me);
  wire = new Wire(onDesk, onLink);
}

async function showCentre() {
  try {
    const centre = await api.centre();
    $("centre-name").textContent = centre.name;
    document.title = `座席 · ${centre.name}`;
    const chosen = $("extension").value;
    $("extension").replaceChildren(...centre.seats.map((seat) => el("option", {
      value: seat.extension,
      disabled: Boolean(seat.taken_by),
      selected: seat.extension === chosen,
    }, `${seat.extension}　${seat.name}${seat.taken_by ? "（有人）" : seat.has_phone ? "" : "（话机未连）"}`)));
  } catch (fault) {
    if (fault.status === 401) showDoor();
    else notice(fault.message);
  }
}

function onLink(isUp) {
  $("link").textContent = isUp ? "已连接" : "连接断开，正在重连；话机不受影响";
  $("link").className = `link ${isUp ? "up" : "down"}`;
  if (!isUp) api.whoAmI().catch((fault) => fault.status === 401 && showDoor("登录已失效，请重新登录。"));
}

function onDesk(next, message) {
  const before = desk;
  desk = next;
  if (message.type === "snapshot") ahead = Date.now() - Date.parse(next.at);
  if (message.type === "snapshot" || message.type === "live") live.show(next.live, ahead);
  if (message.type === "live") return;
  if (message.type === "blocked") nuisance.told(message.blocked);
  supervise.show(next, message.type === "supervised");
  callbacks.show(next);
  moves.show(next, ahead);
  showSeat();
  showCard();
  if (Boolean(before?.seat) !== Boolean(desk.seat)) showCentre();
  const wasTalking = before?.seat?.call;
  if (wasTalking && desk.seat?.call !== wasTalking) setTimeout(orders.refresh, 1000);
  if (message.type === "pop") orders.showCall(message.card.call);
}

function showSeat() {
  const seat = desk?.seat ?? null;
  const state = seat?.state ?? "logged-out";
  $("seat-panel").dataset.state = state;
  const isCallingOut = state === "offered" && seat.call?.startsWith("out-");
  $("state-name").textContent = isCallingOut ? "呼出" : STATES[state] ?? state;
  $("choose-seat").hidden = seat !== null;
  $("seat-keys").hidden = seat === null;
  $("ready").disabled = state === "available" || state === "offered";
  $("ready").firstChild.textContent = state === "wrap-up" ? "整理完毕，就绪 " : "就绪 ";
  $("hand-in").hidden = !seat?.wraps_up;
  $("ready").classList.toggle("primary", !seat?.wraps_up);
  $("state-more").textContent = seat === null ? "选择座席后签入。"
    : [`座席 ${seat.extension}`, REASONS[seat.reason] ?? seat.reason, seat.has_phone ? "" : "话机未连，不会派来电"].filter(Boolean).join(" · ");
  tick();
}

function tick() {
  const seat = desk?.seat;
  $("state-clock").textContent = "";
  $("wrap-up").hidden = true;
  if (!seat) return;
  const now = Date.now() - ahead;
  const since = Date.parse(seat.since);
  if (seat.state === "wrap-up" && seat.until) {
    const until = Date.parse(seat.until);
    $("state-clock").textContent = `剩 ${clock((until - now) / 1000)}`;
    $("wrap-up").hidden = false;
    $("wrap-up").value = Math.min(1, Math.max(0, (until - now) / Math.max(1, until - since)));
  } else {
    $("state-clock").textContent = clock((now - since) / 1000);
  }
}

function showCard() {
  const card = desk?.card ?? null;
  $("card").hidden = card === null;
  $("card-none").hidden = card !== null;
  if (!card) return;
  const state = desk.seat?.state;
  $("card").classList.toggle("ringing", state === "offered" || state === "available");
  const isMoved = desk.moves?.some((move) => move.call === card.call && move.by !== desk.agent && !move.is_over);
  const coming = isMoved ? "座席转来" : card.about ? "回拨：请先接起本席话机" : card.attempt ? `保留位置的回拨　第 ${card.attempt} 次` : "来电";
  const over = card.about ? "刚才的回拨" : "刚才的来电";
  $("card-kind").textContent = state === "talking" ? "正在通话" : state === "wrap-up" ? over : coming;
  $("card-ani").textContent = card.ani || "无号码";
  $("card-known").hidden = !card.known && !card.duty;
  $("card-known").textContent = [card.known && `${card.known.kind}　${card.known.name}`, card.duty]
    .filter(Boolean).join("\n");
  const line = card.line;
  $("card-facts").replaceChildren(...facts([
    // Two offices may share a number: each is named once, with its own department.
    [card.about ? "原拨打" : "拨打", card.about ? `${line.number}　${line.name}` : card.entries.length > 1 || line.name === line.number ? card.dnis : `${card.dnis}　${line.name}`],
    ...(card.entries.length > 1
      ? card.entries.map((entry, place) => [`部门 ${place + 1}`, `${entry.department}　${entry.name}`])
      : [["部门", line.department]]),
    ["归并方式", card.about ? "" : [MODES[line.mode] ?? line.mode, card.state_name].filter(Boolean).join("，")],
    ["联动", card.handed ? [card.handed.is_emergency ? "紧急电话转来" : card.handed.path.length ? `${card.handed.path.join("、")} 转来` : "", card.handed.case && `对方编号 ${card.handed.case}`].filter(Boolean).join("，") : ""],
    ["转接未通", card.to_dial && `请确认来电人知道自行拨打 ${card.to_dial}`],
    ["已播报", card.heard],
    ["已等候", card.about ? "" : `${Math.round(card.waited_s)} 秒`],
    ...(card.attempt ? [["请先接起", `${card.kept_at ? `${moment(card.kept_at)} 按键保留位置，` : ""}接起后自动拨叫来电人`]] : []),
    [card.about ? "呼出时间" : "来电时间", moment(card.at)],
  ]));
}

// In wrap-up the order of the call just finished; submitting it makes the seat ready.
const handIn = () => orders.submit(desk?.seat?.wraps_up ?? null);

async function say(what, words) {
  try {
    await wire?.ask(what, words);
    notice("");
  } catch (fault) {
    notice(fault.message);
  }
}

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  try {
    const me = await api.signIn($("user").value.trim(), $("password").value);
    $("password").value = "";
    await enter(me);
  } catch (fault) {
    const wait = fault.details?.retry_after_s;
    $("door-fault").textContent = wait ? `${fault.message}（${wait} 秒后可再试）` : fault.message;
    $("password").select();
  } finally {
    if (button) button.disabled = false;
  }
});
$("leave").addEventListener("click", async () => {
  if (desk?.seat && !confirm("座席仍处于签入状态，仍会振铃。确定退出登录吗？")) return;
  await api.signOut().catch(() => null);
  showDoor();
});
$("choose-seat").addEventListener("submit", (event) => {
  event.preventDefault();
  say("sign-in", { extension: $("extension").value });
});
$("not-ready").addEventListener("submit", (event) => {
  event.preventDefault();
  say("not-ready", { reason: $("reason").value }).then(() => { $("reason").value = ""; });
});
$("ready").addEventListener("click", () => say("ready"));
$("hand-in").addEventListener("click", handIn);
$("sign-out").addEventListener("click", () => say("sign-out"));
$("refresh").addEventListener("click", () => orders.refresh());
document.addEventListener("keydown", (event) => {
  if ($("desk").hidden) return;
  if (moves.took(event)) {
    event.preventDefault();
    return;
  }
  const keys = {
    F2: () => desk?.seat && say("ready"),
    F4: () => desk?.seat && ($("reason").value ? $("not-ready").requestSubmit() : $("reason").focus()),
    F8: () => handIn(),
    F6: () => live.flip(),
    F7: () => callbacks.next(),
    F9: () => orders.refresh(),
    F10: () => nuisance.flip(),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

orders.start(notice);
callbacks.start(notice);
nuisance.start(notice);
moves.start(notice);
supervise.start(notice);
setInterval(tick, 250);
api.whoAmI().then(enter, (fault) => showDoor(fault.status === 401 ? "" : fault.message));
