// What the server's words are called in Chinese, and small ways to show things.

export const STATES = {
  "logged-out": "未签入", available: "就绪", offered: "来电振铃", talking: "通话中",
  "wrap-up": "话后整理", "not-ready": "示忙",
};
// Why a seat is not ready when the agent gave no reason: what happened.
export const REASONS = {
  "sign-in": "刚签入", missed: "未接来电", rejected: "拒接来电", unreachable: "话机未响应",
  "phone-lost": "话机断开", supervising: "监听通话", restored: "系统恢复后待确认", "not-ready": "示忙",
};
export const TYPES = {
  consult: "咨询", help: "求助", complaint: "投诉", report: "举报", suggestion: "建议",
  praise: "表扬", other: "其他",
};
export const STATUSES = { draft: "草稿", submitted: "已提交", delivered: "已派送", void: "作废" };
export const MODES = { whole: "整体并入", dual: "双号并行", "sub-centre": "设分中心", own: "",
  fronted: "完善中心呼叫接转", "kept-centre": "保留中心在线转办", forwarded: "保留号码呼叫转移" };
// What callers press after the talk.
export const MARKS = { 5: "非常满意", 4: "满意", 3: "一般", 2: "不满意", 1: "非常不满意" };
export const URGENCY = { normal: "一般", same_day: "当日", within_1h: "一小时内", urgent: "紧急" };
export const OUTCOMES = {
  answered: "已接通", "no-answer": "无人接听", busy: "占线", unreachable: "无法接通", refused: "接通，对方不再需要",
};
export const CHANNELS = { caller: "来电人", agent: "话务员", expert: "专家", office: "部门" };
export const KINDS = { speech: "录音", signalling: "信令", agent: "话务员", rule: "规则" };
export const FIELDS = {
  about: "回拨的来电", "dialled.number": "被叫号码",
  "dialled.name": "线路名称", "dialled.department": "归口部门", "dialled.mode": "归并方式", received_at: "受理时间", "caller.number": "来电号码",
  "caller.name": "来电人", demand_type: "诉求类型", title: "标题", content: "内容", summary: "摘要",
  place: "地点", "place.text": "地点", "place.region": "旗县区", "place.township": "乡镇街道",
  "place.detail": "详细地点", when: "时间", "when.text": "时间", "when.start": "开始时间",
  "when.end": "结束时间", offices: "承办单位", urgency: "紧急程度", urgent_office: "应急单位",
  decision: "受理意见", decline_reason: "不予受理原因", deadlines: "时限", hot_topic: "热点", moves: "转接",
};

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const two = (number) => String(number).padStart(2, "0");

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${two(minutes)}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

const MOMENT = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
  hour12: false,
});
export const moment = (iso) => (iso ? MOMENT.format(new Date(iso)) : "");

export function facts(pairs) {
  return pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]);
}
