export default {
  zh: {
    title: "实时文字",
    empty: "通话开始后，双方说的话会出现在这里。",
    gap: "（没有听清）",
    danger: "注意：来电人提到“{words}”",
    newer: "有新内容，跳到最新",
    hear: "重听 {at}",
    hearing: "录音正在写入，请稍候再听。",
    channel: { caller: "来电人", agent: "话务员", expert: "专家", office: "部门" },
    kind: { place: "地点", time: "时间", office: "单位", danger: "危险", soon: "紧急" },
  },
  en: {
    title: "Live text",
    empty: "What both sides say appears here once the talk begins.",
    gap: "(not understood)",
    danger: "Attention: the caller said “{words}”",
    newer: "New text below, jump to it",
    hear: "Hear {at} again",
    hearing: "The recording is still being written, please try again in a moment.",
    channel: { caller: "Caller", agent: "Agent", expert: "Expert", office: "Office" },
    kind: { place: "Place", time: "Time", office: "Office", danger: "Danger", soon: "Urgent" },
  },
};
