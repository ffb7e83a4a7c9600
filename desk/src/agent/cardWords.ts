export default {
  zh: {
    label: "来电卡片", noNumber: "无号码", sayFirst: "先说", waited: "已等候 {time}", line: "拨打", lineBefore: "原拨打",
    department: "部门", departmentOf: "部门 {place}", merged: "归并方式", handed: "联动", fromEmergency: "紧急电话转来",
    fromHouses: "{houses} 转来", caseNumber: "对方编号 {number}", toDial: "转接未通", toDialSay: "请确认来电人知道自行拨打 {number}",
    heard: "已播报", keptAt: "{at} 按键保留位置，接起后自动拨叫来电人", pickUp: "请先接起", pickUpNow: "接起后自动拨叫来电人",
    arrived: "来电时间", dialledOut: "呼出时间", duty: "值班", announced: "{kind}，{who}，{line}。{words}",
    kind: {
      incoming: "来电", moved: "座席转来", callOut: "回拨：请先接起本席话机", keptPlace: "保留位置的回拨　第 {attempt} 次",
      talking: "正在通话", over: "刚才的来电", calledOut: "刚才的回拨",
    },
    past: {
      title: "以往来电", seeking: "正在查以往来电…", away: "以往来电暂时查不到", none: "90 天内没有来电记录", count: "90 天内 {count} 次", name: "上次自称 {name}",
      open: "未了工单", calls: "最近来电", due: "{at} 前办结", late: "已超时", anonymous: "要求匿名的工单",
      untitled: "（尚无标题）", inVain: "未接通", out: "呼出", by: "{agents} 接听", noOrder: "没有工单",
      matter: { line: "可能是同一诉求：上次也打这个号码", office: "可能是同一诉求：工单在这个部门" },
      nuisance: "骚扰名单：{reason}（至 {until}）", wasNuisance: "曾列入骚扰名单（{since} 至 {until}）：{reason}",
      type: { consult: "咨询", help: "求助", complaint: "投诉", report: "举报", suggestion: "建议", praise: "表扬", other: "其他" },
      status: { draft: "草稿", submitted: "已提交", delivered: "已派送", void: "作废" },
    },
    mode: {
      whole: "整体并入", dual: "双号并行", "sub-centre": "设分中心", own: "热线本号", fronted: "完善中心呼叫接转",
      "kept-centre": "保留中心在线转办", forwarded: "保留号码呼叫转移",
    },
  },
  en: {
    label: "Caller card", noNumber: "No number", sayFirst: "Say first", waited: "waited {time}", line: "Dialled", lineBefore: "Had dialled",
    department: "Department", departmentOf: "Department {place}", merged: "Merger", handed: "Handed over", fromEmergency: "by an emergency line",
    fromHouses: "by {houses}", caseNumber: "their case {number}", toDial: "Not reached", toDialSay: "Make sure the caller knows to dial {number}",
    heard: "Has heard", keptAt: "kept the place at {at}; the citizen is dialled once you pick up", pickUp: "Pick up first", pickUpNow: "The citizen is dialled once you pick up",
    arrived: "Arrived", dialledOut: "Called out", duty: "Duty", announced: "{kind}, {who}, {line}. {words}",
    kind: {
      incoming: "Call", moved: "Moved to you", callOut: "Call-back: pick up your own phone first", keptPlace: "Kept place, attempt {attempt}",
      talking: "Talking", over: "The call just ended", calledOut: "The call-back just made",
    },
    past: {
      title: "Earlier calls", seeking: "Looking up earlier calls…", away: "Earlier calls cannot be read now", none: "No calls in 90 days", count: "{count} in 90 days", name: "last called {name}",
      open: "Open orders", calls: "Last calls", due: "due {at}", late: "overdue", anonymous: "An order made anonymously",
      untitled: "(no title yet)", inVain: "not answered", out: "called out", by: "taken by {agents}", noOrder: "no order",
      matter: { line: "Probably the same matter: the same line was dialled", office: "Probably the same matter: it is with this office" },
      nuisance: "Nuisance list: {reason} (until {until})", wasNuisance: "Was on the nuisance list ({since} to {until}): {reason}",
      type: { consult: "Question", help: "Help", complaint: "Complaint", report: "Report", suggestion: "Suggestion", praise: "Praise", other: "Other" },
      status: { draft: "Draft", submitted: "Submitted", delivered: "Delivered", void: "Void" },
    },
    mode: {
      whole: "merged whole", dual: "dual", "sub-centre": "sub-centre", own: "the hotline itself", fronted: "fronted",
      "kept-centre": "own centre kept", forwarded: "forwarded",
    },
  },
};
