// The words of the supervisor's own pages: seats, talks, lists, figures.
export default {
  zh: {
    grid: {
      title: "座席", find: "筛选", findHint: "座席号、姓名、技能", all: "全部", none: "没有座席签入。", noMatch: "没有符合筛选的座席。",
      states: "按状态筛选", noPhone: "话机未连", line: "号码 {line}",
      hand: "举手求助", lower: "已去帮忙", changed: "技能已改",
      acts: "对所选座席", choose: "选择一个座席：方向键移动，点选亦可。", talkOf: "通话", free: "现在没有通话", own: "这是您自己的座席。",
    },
    talk: {
      listen: "监听", whisper: "耳语", barge: "强插", take: "接管",
      sure: "接管后，座席退出，由您与来电人通话。确定接管吗？", hint: "监听：只听；耳语：只有座席听到；强插：双方都听到。先振您自己的话机。",
      still: "仍在{mode}", then: "；", seatFirst: "要监听，请先签入一个座席。",
      phase: { ringing: "请接起本席话机，{mode}", hearing: "正在{mode}", changing: "正在改为{mode}", taking: "正在接管，请稍候", over: "{mode}已结束" },
      why: {
        "not-signed-in": "您还没有签入座席", "call-unknown": "这通电话已经结束", "not-talking": "这通电话现在没有座席在接听",
        "hears-another": "您正在监听另一通电话，请先挂机", "not-hearing": "请先监听这通电话、接起本席话机，再接管",
        "move-under-way": "这通电话正在转接，请等转接结束", "supervise-under-way": "正在切换方式或接管，请稍候再试",
        "seat-busy": "本席正在振铃或通话", "phone-missing": "本席话机未连", "switch-away": "与话务交换机的连接正在恢复，请稍候再试",
        unanswered: "本席话机没有接听", refused: "交换机没有接受，请再试", late: "交换机没有及时完成，请再试",
      },
    },
    state: { ready: "就绪", "not-ready": "示忙", "sign-out": "签出", sure: "让 {agent} 签出座席吗？", done: "已要求 {agent}：{state}；正在通话的，挂机后生效" },
    skills: {
      change: "改技能", save: "生效", back: "恢复原配置", not: "不接", level: "{level} 级", least: "至少留一项技能。", saved: "{agent} 的技能已改，下一通来电即按此分配", restored: "{agent} 已恢复原技能",
      hint: "下一通来电即按此分配，1 级最先振铃；签出座席后恢复原配置。",
    },
    note: {
      title: "消息", to: "发给", everyone: "全体在座", text: "内容", send: "发送", sent: "已发给 {count} 人", left: "还可写 {count} 字", none: "还没有发过消息。",
      read: "{time} 已读", unread: "未读", from: "{sender}：", got: "知道了", region: "班长的消息",
    },
    help: { raise: "举手求助", up: "已举手，再按放下", came: "{agent}（{extension}）举手求助", lowered: "已放下" },
    side: { waiting: "等候的来电", callbacks: "待回拨", noCallbacks: "现在没有待回拨的来电。", overdue: "超时 {time}", left: "剩 {time}", by: "{name} 已认领", tried: "已试 {count} 次", urgent: "替这位来电人呼叫", call: "替这位来电人呼叫{name}；5 秒内可撤销" },
    topics: {
      title: "热点诉求", none: "近十天没有许多人反映的同一件事。", everywhere: "全市", count: "{n} 张工单", since: "{at} 起", open: "看最新一张",
      kind: { sudden: "突发", hot: "热点", concentrated: "集中", lasting: "持续", budding: "苗头" },
    },
    reports: { title: "知识有误的报告", none: "没有待处理的报告。", by: "{name} 报告", close: "已处理", closed: "已处理这条报告" },
    key: { grid: "班长台，再按返回", nuisance: "骚扰来电名单", listen: "监听所选座席", whisper: "耳语", barge: "强插", take: "接管", find: "筛选座席", skills: "改所选座席的技能", note: "写消息", lower: "放下座席举起的手" },
    reveals: { title: "谁看过匿名来电人", hint: "要求匿名的来电人，工单提交后只有写明理由才能看到号码和姓名，每次都记在这里。", none: "还没有人看过。", more: "再看一些" },
    nuisance: {
      title: "骚扰来电", hint: "名单上的号码打来，听到一句礼貌的谢绝，到期自动恢复；紧急电话转来的、要拨紧急电话的从不谢绝。",
      number: "号码", reason: "原因", days: "天数", add: "列入", list: "名单", standing: "正在谢绝", past: "已到期或移除", empty: "名单是空的。", refused: "最近谢绝的来电", noneRefused: "还没有谢绝过来电。",
      by: "{name} 列入", until: "至 {at}", times: "谢绝 {count} 次", reveal: "显示", remove: "移除", removed: "{name} 移除", ended: "已到期", calls: "拨打 {line}",
      told: "已谢绝骚扰来电 {number}（{line}）", sure: "把 {number} 从名单移除，立即可以打进。确定吗？",
    },
    stats: {
      title: "统计", since: "从", until: "到（含）", by: "分组", show: "查看", book: "下载 Excel", today: "今天", week: "近 7 天", month: "近 30 天", noRows: "这段时间没有数据。", whole: "合计",
      worst: "接通率最低的 24 小时：自 {at} 起，{share}", callbacks: "回拨：待回拨 {owed}（超时 {overdue}），已回拨 {done}，再次来电而销 {closed}，多次未通 {failed}", callbackMean: "平均回拨用时 {time}",
      kind: { line: "号码", seat: "座席", agent: "话务员", "half-hour": "半小时", day: "日", week: "周", month: "月", quarter: "季度", year: "年", centre: "中心" },
      column: {
        row: "分组", offered: "来电", answered: "接通", abandoned: "放弃", short: "短放弃", connected: "接通率", within: "15 秒接通率", speed: "平均应答", longest: "最长等待", talk: "平均通话",
        satisfied: "满意率", rated: "评价", out: "呼出", signedIn: "签入", occupancy: "利用率", wrapUp: "平均整理", restMost: "示忙",
      },
      wrong: "开始日期应不晚于结束日期，且不超过两年。", plot: "来电与接通率",
    },
  },
  en: {
    grid: {
      title: "Seats", find: "Filter", findHint: "seat, name, skill", all: "All", none: "Nobody is signed in.", noMatch: "No seat fits the filter.",
      states: "Filter by state", noPhone: "no phone", line: "line {line}",
      hand: "Asks for help", lower: "Seen to", changed: "skills changed",
      acts: "For the chosen seat", choose: "Choose a seat: arrow keys, or click.", talkOf: "Talk", free: "No call at this seat now", own: "This is your own seat.",
    },
    talk: {
      listen: "Listen", whisper: "Whisper", barge: "Barge in", take: "Take over",
      sure: "The agent leaves and you talk with the caller. Take the talk over?", hint: "Listen: hear only. Whisper: the agent hears you. Barge in: both do. Your own phone rings first.",
      still: "still: {mode}", then: "; ", seatFirst: "To listen, take a seat first.",
      phase: { ringing: "Answer your phone: {mode}", hearing: "Now: {mode}", changing: "Changing to: {mode}", taking: "Taking over, please wait", over: "Over: {mode}" },
      why: {
        "not-signed-in": "You have not taken a seat", "call-unknown": "That call is over", "not-talking": "No seat is in that call now",
        "hears-another": "You are in another talk, hang up first", "not-hearing": "Listen and answer your own phone first, then take over",
        "move-under-way": "The call is being moved, please wait", "supervise-under-way": "A change is under way, try again in a moment",
        "seat-busy": "Your seat rings or talks", "phone-missing": "Your seat has no phone", "switch-away": "The link to the switch is coming back, try again in a moment",
        unanswered: "Your phone was not answered", refused: "The switch did not take it, try again", late: "The switch did not do it in time, try again",
      },
    },
    state: { ready: "Ready", "not-ready": "Not ready", "sign-out": "Sign out", sure: "Sign {agent} out of the seat?", done: "Asked of {agent}: {state}; in a talk, when it is over" },
    skills: {
      change: "Change skills", save: "Apply", back: "As planned", not: "no", level: "level {level}", least: "Leave one skill at least.", saved: "Skills of {agent} changed, the next call obeys", restored: "{agent} is as planned again",
      hint: "The next call obeys it, level 1 rings first; as planned again after sign-out.",
    },
    note: {
      title: "Messages", to: "To", everyone: "All who sit here", text: "Message", send: "Send", sent: "Sent to {count}", left: "{count} characters left", none: "No messages yet.",
      read: "read {time}", unread: "not read", from: "{sender}:", got: "Understood", region: "Messages of the supervisor",
    },
    help: { raise: "Ask for help", up: "Hand is up, press to lower", came: "{agent} ({extension}) asks for help", lowered: "The hand is down" },
    side: { waiting: "Callers waiting", callbacks: "Call-backs owed", noCallbacks: "No call-backs owed now.", overdue: "{time} overdue", left: "{time} left", by: "taken by {name}", tried: "tried {count} times", urgent: "Call for this caller", call: "Call {name} for this caller; 5 s to take it back" },
    topics: {
      title: "Hot topics", none: "Nothing that many called about in ten days.", everywhere: "everywhere", count: "{n} orders", since: "since {at}", open: "Open the newest",
      kind: { sudden: "sudden", hot: "hot", concentrated: "concentrated", lasting: "lasting", budding: "budding" },
    },
    reports: { title: "Reports of outdated knowledge", none: "No open reports.", by: "by {name}", close: "Done", closed: "The report is closed" },
    key: { grid: "Supervisor's page, and back", nuisance: "Nuisance callers", listen: "Listen to the chosen seat", whisper: "Whisper", barge: "Barge in", take: "Take over", find: "Filter seats", skills: "Skills of the chosen seat", note: "Write a message", lower: "Lower the hand of the chosen seat" },
    reveals: { title: "Who was shown an unknown caller", hint: "Who called, of a caller who asked to be unknown, is shown after the order is submitted only for a reason. Each time stands here.", none: "Nobody yet.", more: "More" },
    nuisance: {
      title: "Nuisance callers", hint: "Callers on the list hear one polite refusal; it ends by itself at its term. Whoever is handed over by, or dials, an emergency line is never refused.",
      number: "Number", reason: "Reason", days: "Days", add: "Add", list: "List", standing: "refused now", past: "over or removed", empty: "The list is empty.", refused: "Refused lately", noneRefused: "Nobody has been refused yet.",
      by: "by {name}", until: "until {at}", times: "refused {count} times", reveal: "Reveal", remove: "Remove", removed: "removed by {name}", ended: "over", calls: "dialled {line}",
      told: "Nuisance caller {number} was refused ({line})", sure: "Remove {number} from the list? Its calls come through at once.",
    },
    stats: {
      title: "Figures", since: "From", until: "To (incl.)", by: "By", show: "Show", book: "Download Excel", today: "Today", week: "7 days", month: "30 days", noRows: "Nothing in this stretch.", whole: "All",
      worst: "The 24 hours with the lowest connection rate: from {at}, {share}", callbacks: "Call-backs: {owed} owed ({overdue} overdue), {done} done, {closed} called again, {failed} not reached", callbackMean: "mean time {time}",
      kind: { line: "line", seat: "seat", agent: "agent", "half-hour": "half-hour", day: "day", week: "week", month: "month", quarter: "quarter", year: "year", centre: "centre" },
      column: {
        row: "Row", offered: "Calls", answered: "Answered", abandoned: "Abandoned", short: "Short", connected: "Connected", within: "In 15 s", speed: "Mean answer", longest: "Longest wait", talk: "Mean talk",
        satisfied: "Satisfied", rated: "Rated", out: "Calls out", signedIn: "Signed in", occupancy: "Occupancy", wrapUp: "Mean wrap-up", restMost: "Not ready",
      },
      wrong: "The first day must not be after the last, two years at most.", plot: "Calls and connection rate",
    },
  },
};
