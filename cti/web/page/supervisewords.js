// What is said to a supervisor of a talk: modes, phases, and why not. Pure.

export const MODES = { listen: "监听", whisper: "耳语", barge: "强插" };
// Why what was wanted did not come to be.
export const WHY = {
  "not-signed-in": "您还没有签入座席", "call-unknown": "这通电话已经结束", "not-talking": "这通电话现在没有座席在接听",
  "hears-another": "您正在监听另一通电话，请先挂机", "not-hearing": "请先监听这通电话、接起本席话机，再接管",
  "move-under-way": "这通电话正在转接，请等转接结束", "supervise-under-way": "正在切换方式或接管，请稍候再试",
  "seat-busy": "本席正在振铃或通话", "phone-missing": "本席话机未连", "switch-away": "与话务交换机的连接正在恢复，请稍候再试",
  unanswered: "本席话机没有接听", refused: "交换机没有接受，请再试", late: "交换机没有及时完成，请再试",
};

// One sentence, and whether it is good news.
export function says(one) {
  const why = one.why && (WHY[one.why] ?? one.why);
  const mode = MODES[one.mode] ?? one.mode;
  const wanted = MODES[one.wanted] ?? one.wanted;
  if (why) return [HEARS.has(one.phase) ? `${why}；仍在${mode}` : why, false];
  switch (one.phase) {
    case "ringing": return [`请接起本席话机，${wanted}`, true];
    case "hearing": return [`正在${mode}`, true];
    case "changing":
    case "gathering": return [`正在改为${wanted}`, true];
    case "taking":
    case "on-way": return ["正在接管，请稍候", true];
    case "bringing":
    case "over": return [`${mode}已结束`, true];
    default: return ["", true];
  }
}

const HEARS = new Set(["hearing", "changing", "gathering"]);
