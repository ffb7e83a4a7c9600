import grid from "./gridwords";

export default {
  zh: {
    ...grid.zh,
    stale: {
      link: "与服务器的连接断开，正在重连。以下数据停在 {at}，已 {time}",
      switch: "与话务交换机的连接正在恢复。以下数据停在 {at}，已 {time}",
      day: "当日统计停在 {at}，服务器暂时读不到历史数据", partial: "今日较早的来电正在计入",
    },
    wall: {
      big: "大屏显示", leave: "退出大屏", key: "进入或退出大屏", none: "—", standard: "国标", asOf: "{at} 更新",
      within: "15 秒接通率", withinUnder: "平均 {speed} 秒 · 国标 15 秒", connected: "接通率", connectedUnder: "放弃 {abandoned} · 国标 ≥ 95%",
      waiting: "排队等候", longest: "最长 {time}", noOne: "无人等候", soon: "在 15 秒内", over15: "超过 15 秒", over60: "超过 1 分钟",
      talking: "通话中", talkingUnder: "振铃 {ringing} · 部门座席 {outside}",
      calls: "今日来电", callsUnder: "接通 {answered} · 短放弃 {short}", callbacks: "待回拨", overdue: "超时 {count}", kept: "保留排队 {count}", noneOverdue: "无超时",
      seats: "座席", signedIn: "签入 {count}", noneFree: "有人等候而无人就绪", lines: "号码", linesNone: "今日还没有来电。", waiters: "等候的来电",
      rings: "振铃", satisfied: "满意率 {share}", occupancy: "工时利用率 {share}",
      good: "达标", near: "接近", bad: "未达标", nothing: "尚无数据", isLate: "有超时",
      column: { line: "号码", offered: "来电", within: "15 秒", connected: "接通率", abandoned: "放弃", speed: "平均应答" },
    },
    plot: {
      day: "今日各半小时", calls: "来电", within: "15 秒内接通", later: "15 秒后接通", abandoned: "放弃", wait: "最长等待（秒）", other: "其他",
      share: "接通率（%）", share15: "15 秒接通率（%）", says: "{title}：来电 {offered}，15 秒内接通 {within}，放弃 {abandoned}。",
    },
  },
  en: {
    ...grid.en,
    stale: {
      link: "The link to the server is lost and coming back. The figures below stand since {at}, {time} ago",
      switch: "The link to the telephone switch is coming back. The figures below stand since {at}, {time} ago",
      day: "The day's figures stand since {at}: the server cannot read the past now", partial: "Earlier calls of today are still being counted",
    },
    wall: {
      big: "Big screen", leave: "Leave big screen", key: "Big screen on or off", none: "—", standard: "standard", asOf: "as of {at}",
      within: "Answered in 15 s", withinUnder: "mean {speed} s · standard 15 s", connected: "Connection rate", connectedUnder: "{abandoned} lost · standard ≥ 95%",
      waiting: "Waiting", longest: "longest {time}", noOne: "nobody waits", soon: "within 15 s", over15: "over 15 s", over60: "over a minute",
      talking: "Talking", talkingUnder: "{ringing} ringing · {outside} at departments",
      calls: "Calls today", callsUnder: "{answered} answered · {short} short abandons", callbacks: "Call-backs owed", overdue: "{count} overdue", kept: "{count} keep their place", noneOverdue: "none overdue",
      seats: "Seats", signedIn: "{count} signed in", noneFree: "somebody waits and nobody is ready", lines: "Lines", linesNone: "No calls yet today.", waiters: "Callers waiting",
      rings: "ringing", satisfied: "satisfied {share}", occupancy: "occupancy {share}",
      good: "met", near: "close", bad: "missed", nothing: "no data yet", isLate: "overdue",
      column: { line: "Line", offered: "Calls", within: "15 s", connected: "Connected", abandoned: "Abandoned", speed: "Mean answer" },
    },
    plot: {
      day: "Today by half-hours", calls: "calls", within: "answered within 15 s", later: "answered later", abandoned: "abandoned", wait: "longest wait (s)", other: "other",
      share: "connection rate (%)", share15: "answered in 15 s (%)", says: "{title}: {offered} calls, {within} answered within 15 s, {abandoned} abandoned.",
    },
  },
};
