export default {
  zh: {
    seat: "座席", talk: "通话", work: "工单", order: "工单草稿",
    choose: "座席", signIn: "签入", signOut: "签出座席", taken: "有人", noPhone: "话机未连",
    pickSeat: "选择座席后签入。刚签入是示忙，不会来电话。", noSeats: "本中心没有座席，请告诉管理员。",
    number: "座席 {extension}", left: "剩 {time}", wrapLeft: "话后整理剩余时间",
    phoneGone: "话机未连，不会派来电", phoneHint: "请在下方接通网页话机，或检查桌上的话机。",
    ready: "就绪", readyNow: "整理完毕，就绪", handIn: "提交工单，就绪", notReady: "示忙",
    why: "示忙原因", otherWhy: "其他原因", sayWhy: "写明原因后按回车", afterTalk: "通话中示忙、签出，挂机后生效。",
    leaveAfterTalk: "已要求签出座席，挂机后生效。", restAfterTalk: "已要求示忙，挂机后生效。",
    title: "{state} · {name}",
    state: {
      "logged-out": "未签入", available: "就绪", offered: "来电振铃", talking: "通话中", "wrap-up": "话后整理",
      "not-ready": "示忙", out: "呼出",
    },
    reason: {
      "sign-in": "刚签入", missed: "未接来电", rejected: "拒接来电", unreachable: "话机未响应", "phone-lost": "话机断开",
      supervising: "监听通话", restored: "系统恢复后待确认", "not-ready": "示忙",
    },
    rests: { 小休: "小休", 用餐: "用餐", 会议: "会议", 培训: "培训", 整理工单: "整理工单", 设备故障: "设备故障" },
    key: {
      ready: "就绪", notReady: "示忙，再按数字选原因", handIn: "提交工单，就绪", callback: "认领回拨，再按呼叫",
    },
    callbacks: {
      title: "回拨", offered: "现在无人排队，请回拨", mine: "已认领，请回拨", late: "超时", owed: "待回拨 {count}",
      lateCount: "超时 {count}", claim: "认领", claimFirst: "认领最急的", decline: "不接受", dial: "呼叫", release: "退回",
      list: "清单", hide: "收起", none: "现在没有待回拨的来电。", line: "拨打号码", missed: "未接时间", due: "最迟回拨",
      tried: "已试", last: "上次结果", times: "{count} 次", held: "认领到", left: "剩 {time}", over: "已超时 {time}",
      elsewhere: "用其他电话回拨的，在此登记", outcomeLabel: "回拨结果", note: "登记", by: "{name} 已认领", again: "延长",
      notOut: "没有呼出：请看话机是否空闲；也可能这位来电人正在来电。",
      outcome: {
        answered: "已接通", "no-answer": "无人接听", busy: "占线", unreachable: "无法接通", refused: "接通，对方不再需要",
      },
    },
    expert: {
      hint: "座席转来的通话，先于振铃说明：来电人、拨打的号码、谁来咨询；已记下的内容在这里。", none: "还没有记下内容。",
      title: "标题", where: "地点", when: "时间", offices: "承办单位", said: "内容", kind: "诉求类型",
      type: {
        consult: "咨询", help: "求助", complaint: "投诉", report: "举报", suggestion: "建议", praise: "表扬", other: "其他",
      },
    },
  },
  en: {
    seat: "Seat", talk: "Call", work: "Work order", order: "Draft order",
    choose: "Seat", signIn: "Take the seat", signOut: "Leave the seat", taken: "taken", noPhone: "no phone",
    pickSeat: "Choose a seat. You begin as not ready: nothing rings yet.", noSeats: "This centre has no seats; tell the administrator.",
    number: "Seat {extension}", left: "{time} left", wrapLeft: "Time left for wrap-up",
    phoneGone: "No phone connected: no calls will come", phoneHint: "Connect the phone of the page below, or look at the one on your desk.",
    ready: "Ready", readyNow: "Done, ready", handIn: "Submit order, ready", notReady: "Not ready",
    why: "Why not ready", otherWhy: "Another reason", sayWhy: "Write why, then Enter", afterTalk: "Pressed in a talk, these count when it ends.",
    leaveAfterTalk: "You leave the seat when this talk ends.", restAfterTalk: "You are not ready when this talk ends.",
    title: "{state} · {name}",
    state: {
      "logged-out": "Not signed in", available: "Ready", offered: "Ringing", talking: "Talking", "wrap-up": "Wrap-up",
      "not-ready": "Not ready", out: "Calling out",
    },
    reason: {
      "sign-in": "just signed in", missed: "call missed", rejected: "call rejected", unreachable: "phone did not answer",
      "phone-lost": "phone lost", supervising: "supervising", restored: "confirm after recovery", "not-ready": "not ready",
    },
    rests: { 小休: "Break", 用餐: "Meal", 会议: "Meeting", 培训: "Training", 整理工单: "Orders", 设备故障: "Fault" },
    key: {
      ready: "Ready", notReady: "Not ready, then a digit for why", handIn: "Submit order, ready", callback: "Claim a call-back, then dial",
    },
    callbacks: {
      title: "Call-backs", offered: "Nobody waits: please call back", mine: "Claimed: please call back", late: "overdue", owed: "{count} to call back",
      lateCount: "{count} overdue", claim: "Claim", claimFirst: "Claim the most urgent", decline: "Decline", dial: "Call", release: "Give back",
      list: "List", hide: "Hide", none: "Nobody is to be called back now.", line: "Dialled", missed: "Missed at", due: "Call back by",
      tried: "Tried", last: "Last result", times: "{count}×", held: "Claimed until", left: "{time} left", over: "{time} overdue",
      elsewhere: "Called back from another phone? Note it here", outcomeLabel: "Result", note: "Note", by: "claimed by {name}", again: "Extend",
      notOut: "Not dialled: see whether your phone is free; the caller may also be calling us now.",
      outcome: {
        answered: "Reached", "no-answer": "No answer", busy: "Busy", unreachable: "Unreachable", refused: "Reached, wants nothing more",
      },
    },
    expert: {
      hint: "A call brought to you is explained before it rings: who, which line, who asks; what was noted stands here.", none: "Nothing noted yet.",
      title: "Title", where: "Where", when: "When", offices: "Offices", said: "Content", kind: "Type",
      type: {
        consult: "Question", help: "Help", complaint: "Complaint", report: "Report", suggestion: "Suggestion", praise: "Praise", other: "Other",
      },
    },
  },
};
