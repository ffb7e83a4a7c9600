// What is said of a move: what its steps, kinds, keys and endings are called. Pure.

export const KINDS = {
  consult: "先咨询", "three-way": "三方通话", blind: "直接转接", "hand-over": "转交热线", emergency: "紧急三方",
};
export const KEYS = { join: "接成三方", complete: "转给对方", swap: "切换通话", part: "单独说话", cancel: "取消" };
// The digit that is pressed with Alt, of each kind and of each key.
export const KIND_DIGITS = { consult: "1", "three-way": "2", blind: "3", "hand-over": "4" };
export const KEY_DIGITS = { join: "1", complete: "2", swap: "3", part: "4", cancel: "0" };
export const EMERGENCIES = [["110", "公安"], ["119", "消防"], ["120", "急救"], ["122", "交通"]];
// Why a move came to nothing: how the last route ended, why an order was not carried out, why it
// was not begun.
export const WHY = {
  missed: "无人接听", rejected: "占线或拒接", unreachable: "无法接通", "caller-left": "来电人已离开",
  taken: "座席刚被占用", gone: "话机已挂断", "not-up": "话机正忙", "timed-out": "交换机没有及时答复", other: "交换机没有接受",
  "no-call": "这通电话已经结束", "no-caller": "来电人已不在线上", "no-link": "与话务交换机的连接正在恢复，请再试",
  "no-target": "没有这个转接目标", "no-emergency": "不是紧急电话", "under-way": "这通电话正在转接",
  already: "这个紧急电话已在呼叫或等候呼叫", "is-you": "不能转接给自己",
  "not-yours": "这通电话不在您的座席上", loop: "来电已经过那里，不能再转回去", closed: "现在没有人值守",
  "only-told": "不接受转接", "other-way": "不能用这种方式转到这里", busy: "现在都在忙", queued: "已排队等候",
};

export const why = (move) => WHY[move.why] ?? move.why;

// One sentence for the initiator, another for whoever else looks at it.
export function says(move, isMine) {
  const who = move.name || move.number || "对方";
  const ended = why(move) ? `${who}：${why(move)}` : "";
  if (!isMine) return OTHERS[move.step]?.(who) ?? "";
  switch (move.step) {
    case "asked": return `${who}即将呼叫，先腾出这通电话；现在可以撤销`;
    case "setting-aside": return "请来电人稍候，听音乐";
    case "sending": return `正在转往${who}`;
    case "ringing": return move.kind === "consult" ? `正在呼叫${who}，来电人听着音乐` : `正在呼叫${who}，您与来电人照常通话`;
    case "passing": return `正在呼叫${who}，接通后来电人直接与其通话`;
    case "consulting": return `您与${who}单独通话，来电人听着音乐`;
    case "swapped": return `您与来电人通话，${who}听着音乐`;
    case "joining": return `${who}已接听，正在接成三方`;
    case "joined": return `三方通话：来电人、您、${who}`;
    case "completed": return `来电人已与${who}通话`;
    case "returned": return ended ? `${ended}，来电人还在我们这里` : "转接已取消，来电人还在我们这里";
    case "abandoned": return "来电人已挂机，转接结束";
    default: return "";
  }
}

const OTHERS = {
  asked: (who) => `即将呼叫${who}`,
  "setting-aside": () => "座席正准备与您商量，来电人听着音乐",
  ringing: () => "座席转来，请接起话机",
  passing: () => "座席转来，接起后直接与来电人通话",
  consulting: () => "座席先与您单独说，来电人听着音乐",
  swapped: () => "座席正与来电人说话，请稍候",
  joining: () => "正在接成三方",
  joined: () => "三方通话中",
  completed: () => "来电人已转给您",
  returned: () => "转接结束",
  abandoned: () => "来电人已挂机",
};

const DIGITS = "零幺二三四五六七八九";
// As people read a telephone number out: 12366 is 幺二三六六.
export const aloud = (number) => [...number].map((digit) => DIGITS[digit] ?? "").join("");
