export default {
  zh: {
    sections: "管理",
    numbers: {
      title: "号码表", row: "行", line: "第 {n} 行", applied: "与正在使用的一致", notApplied: "有改动，尚未应用", unsaved: "{n} 格未保存",
      add: "加一行", addColumn: "加一列", undo: "撤销", redo: "重做", import: "导入文件", discard: "放弃改动", save: "保存", saved: "已保存到工作副本。",
      merged: "别人改过这张表，已并入您未保存的改动，请核对后再保存。", mergedClash: "别人改过这张表，已并入您未保存的改动；有 {n} 处两边都改了，请逐处选定后再保存。",
      clashes: "两边都改了的", mine: "这里写的", theirs: "别人写的", takeMine: "用这里的", takeTheirs: "用别人的", emptied: "（空）", removed: "（删除了这一行）",
      keptBroken: "这个浏览器里存着的未保存内容已损坏，读不出来。", notKept: "浏览器存不下未保存的内容：请先保存，再刷新或关闭页面。", nth: "第 {n} 行",
      find: "查找", notFound: "没有找到",
      rowsFound: "认出 {n} 行", take: "写入号码表", leave: "不导入", imported: "已导入到工作副本。", sureImport: "还有 {n} 格未保存，导入后会丢失。继续吗？",
      faults: "要改正的", instead: "请改为：{text}",
      help: "方向键移动，Shift+方向键选块，直接输入或 F2 修改，Esc 放弃，Tab 右移；整块可复制、剪切、清空，可从 Excel 粘贴。Ctrl+回车插入一行，Ctrl+Delete 删除一行。保存的是工作副本，到「改动」里应用后来电才变。",
    },
    tables: {
      title: "资料表", which: "哪张表", choices: "只能写：{words}", needed: "必填列",
      when: "和号码表在「改动」里一起应用、一起回退；应用后就生效，不断开来电，也不必重启。节假日和调休按国家公布的放假安排，不在这里填。",
    },
    simulator: {
      hint: "写一个号码，看拨打它的人会听到什么、按哪些键、由谁接听、为什么。不会真的呼叫。",
      title: "模拟来电", dialled: "拨打的号码", caller: "来电号码（可不写）", when: "时间（不写为现在）", version: "号码表", copy: "工作副本", inForce: "正在使用的",
      explain: "看会怎样", play: "试听", noSound: "这句提示音还没有合成。", drawing: "来电流向图，文字说明在下方",
      do: { say: "播报", queue: "排队", dial: "呼叫", hangup: "挂机" },
    },
    changes: {
      title: "改动与应用", look: "重新比较", none: "工作副本与正在使用的一致，没有要应用的改动。", first: "还没有应用过。第一次应用后，才能比较和回退。", what: "什么", before: "原来", after: "改为", since: "从哪天起",
      now: "应用后", why: "为什么改", apply: "应用", history: "历次应用", number: "版本", at: "时间", who: "谁", counts: "增、改、减",
      inForce: "正在使用", refused: "被拒绝", back: "回退到这版", sure: "回退到版本 {n}：它的内容成为一个新版本，现在的留在历次里，通话不断。", whyBack: "为什么回退", stay: "不回退", done: "已生效：版本 {n}",
    },
    people: {
      title: "用户", search: "按用户名找", role: "角色", everyRole: "全部角色", state: "状态", everyState: "在用和停用", active: "在用", blocked: "已停用",
      add: "新增用户", user: "用户名", password: "密码（至少 8 位）", leave: "取消", once: "密码只在这里显示一次，请当面或用别的途径告诉本人。",
      acts: "操作", me: "我", renew: "换密码", block: "停用", unblock: "恢复", none: "没有符合的用户。", added: "已新增用户 {user}。", changed: "已修改 {user}。",
      roles: { agent: "话务员", expert: "专家", supervisor: "班长", admin: "管理员", screen: "大屏" },
      help: "换角色、换密码或停用后，原有登录半分钟内结束；正在进行的通话不断。新坐席的分机和技能在座席表里配置。每次改动都留痕。",
    },
    prompts: {
      title: "提示音", search: "按文字或编号找", unrecorded: "只看没有录音的", id: "编号", text: "文字", state: "声音", acts: "操作",
      recorded: "真人录音", made: "合成", notMade: "尚未合成", play: "试听", record: "换成录音", restore: "恢复合成", none: "没有符合的提示音。",
      noSound: "这句提示音还没有合成。", changed: "已换好，应用后来电人听到。",
    },
  },
  en: {
    sections: "Administration",
    numbers: {
      title: "Numbers", row: "Row", line: "Line {n}", applied: "As in force", notApplied: "Changed, not applied yet", unsaved: "{n} cells unsaved",
      add: "Add a row", addColumn: "Add a column", undo: "Undo", redo: "Redo", import: "Import a file", discard: "Discard changes", save: "Save", saved: "Saved to the working copy.",
      merged: "Somebody else changed the table; your unsaved changes are on top of it. Look them over, then save.", mergedClash: "Somebody else changed the table; your unsaved changes are on top of it. Both changed {n} places: choose, then save.",
      clashes: "Changed by both", mine: "Here", theirs: "There", takeMine: "Keep ours", takeTheirs: "Take theirs", emptied: "(empty)", removed: "(row removed)",
      keptBroken: "What this browser kept unsaved is damaged and cannot be read.", notKept: "The browser has no room for what is unsaved: save before you reload or close the page.", nth: "Row {n}",
      find: "Find", notFound: "Not found",
      rowsFound: "{n} rows understood", take: "Write them", leave: "Do not import", imported: "Imported to the working copy.", sureImport: "{n} cells are unsaved and would be lost. Import all the same?",
      faults: "To be mended", instead: "Write instead: {text}",
      help: "Arrows move, with Shift they choose a block, typing or F2 edits, Esc gives up, Tab goes right; blocks can be copied, cut, emptied and pasted from Excel. Ctrl+Enter adds a row, Ctrl+Delete removes one. Saving writes the working copy; calls change once it is applied under Changes.",
    },
    tables: {
      title: "Tables", which: "Which table", choices: "One of: {words}", needed: "needed",
      when: "Applied and rolled back under Changes, together with the numbers; it takes effect then, without a restart, and cuts no call. Holidays follow the published calendar and are not written here.",
    },
    simulator: {
      hint: "Write a number to see what who dials it hears, which keys work, who answers and why. Nobody is called.",
      title: "Simulate a call", dialled: "Number dialled", caller: "Caller (optional)", when: "Time (empty: now)", version: "Table", copy: "Working copy", inForce: "In force",
      explain: "See what happens", play: "Listen", noSound: "This prompt has not been made yet.", drawing: "How the call flows; told in words below",
      do: { say: "Say", queue: "Queue", dial: "Dial", hangup: "Hang up" },
    },
    changes: {
      title: "Changes", look: "Compare again", none: "The working copy is what is in force: nothing to apply.", first: "Nothing was ever applied. After the first time there is something to compare with and to go back to.", what: "What", before: "Before", after: "After", since: "From",
      now: "When applied", why: "Why", apply: "Apply", history: "History", number: "Revision", at: "Time", who: "Who", counts: "Added, changed, removed",
      inForce: "In force", refused: "Refused", back: "Roll back to this", sure: "Roll back to revision {n}: what it had becomes a new revision, what is there now stays in the history; no call is cut.", whyBack: "Why back", stay: "Stay", done: "In force: revision {n}",
    },
    people: {
      title: "People", search: "Find by user name", role: "Role", everyRole: "Every role", state: "State", everyState: "Active and blocked", active: "Active", blocked: "Blocked",
      add: "Add a person", user: "User name", password: "Password (8 or more)", leave: "Cancel", once: "The password is shown here only: tell it in person or another way.",
      acts: "Acts", me: "me", renew: "New password", block: "Block", unblock: "Unblock", none: "Nobody fits.", added: "{user} is added.", changed: "{user} is changed.",
      roles: { agent: "Agent", expert: "Expert", supervisor: "Supervisor", admin: "Administrator", screen: "Wall" },
      help: "With another role or password, or once blocked, a person is signed out within half a minute; calls go on. Extensions and skills of new seats are in the table of seats. Every change is audited.",
    },
    prompts: {
      title: "Prompts", search: "Find by text or id", unrecorded: "Without a recording only", id: "Id", text: "Text", state: "Sound", acts: "Acts",
      recorded: "Recorded", made: "Synthesised", notMade: "Not made yet", play: "Listen", record: "Replace by a recording", restore: "Back to the voice", none: "No prompt fits.",
      noSound: "This prompt has not been made yet.", changed: "Replaced; callers hear it once it is applied.",
    },
  },
};
