export default {
  zh: {
    sections: "管理",
    numbers: {
      title: "号码表", row: "行", line: "第 {n} 行", applied: "与正在使用的一致", notApplied: "有改动，尚未应用", unsaved: "{n} 格未保存",
      add: "加一行", undo: "撤销", redo: "重做", import: "导入文件", discard: "放弃改动", save: "保存", saved: "已保存到工作副本。",
      stale: "别人刚刚改过号码表。您写的还在这里，请先复制要留的内容，再", reload: "读取新的", othersChanged: "号码表已被别人改过，您上次未保存的改动没有套用。",
      rowsFound: "认出 {n} 行", take: "写入号码表", leave: "不导入", imported: "已导入到工作副本。", sureImport: "还有 {n} 格未保存，导入后会丢失。继续吗？",
      faults: "要改正的", instead: "请改为：{text}",
      help: "方向键移动，直接输入或 F2 修改，Esc 放弃，Tab 右移；可从 Excel 粘贴整块。Ctrl+回车插入一行，Ctrl+Delete 删除一行。保存的是工作副本，到「改动」里应用后来电才变。",
    },
    simulator: {
      title: "模拟来电", dialled: "拨打的号码", caller: "来电号码（可不写）", when: "时间（不写为现在）", version: "号码表", copy: "工作副本", inForce: "正在使用的",
      explain: "看会怎样", play: "试听", noSound: "这句提示音还没有合成。", drawing: "来电流向图，文字说明在下方",
      do: { say: "播报", queue: "排队", dial: "呼叫", hangup: "挂机" },
    },
    changes: {
      title: "改动与应用", look: "重新比较", none: "工作副本与正在使用的一致，没有要应用的改动。", first: "还没有应用过。第一次应用后，才能比较和回退。", what: "什么", before: "原来", after: "改为", since: "从哪天起",
      now: "应用后", why: "为什么改", apply: "应用", history: "历次应用", number: "版本", at: "时间", who: "谁", counts: "增、改、减",
      inForce: "正在使用", refused: "被拒绝", back: "回退到这版", sure: "回退到版本 {n}？现在的内容会另存为一个新版本，来电不断。", done: "已生效：版本 {n}",
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
      add: "Add a row", undo: "Undo", redo: "Redo", import: "Import a file", discard: "Discard changes", save: "Save", saved: "Saved to the working copy.",
      stale: "Somebody else has just changed the table. What you wrote is still here: copy what you want to keep, then", reload: "read the new one", othersChanged: "The table was changed by somebody else; your unsaved changes were not applied.",
      rowsFound: "{n} rows understood", take: "Write them", leave: "Do not import", imported: "Imported to the working copy.", sureImport: "{n} cells are unsaved and would be lost. Import all the same?",
      faults: "To be mended", instead: "Write instead: {text}",
      help: "Arrows move, typing or F2 edits, Esc gives up, Tab goes right; blocks can be pasted from Excel. Ctrl+Enter adds a row, Ctrl+Delete removes one. Saving writes the working copy; calls change once it is applied under Changes.",
    },
    simulator: {
      title: "Simulate a call", dialled: "Number dialled", caller: "Caller (optional)", when: "Time (empty: now)", version: "Table", copy: "Working copy", inForce: "In force",
      explain: "See what happens", play: "Listen", noSound: "This prompt has not been made yet.", drawing: "How the call flows; told in words below",
      do: { say: "Say", queue: "Queue", dial: "Dial", hangup: "Hang up" },
    },
    changes: {
      title: "Changes", look: "Compare again", none: "The working copy is what is in force: nothing to apply.", first: "Nothing was ever applied. After the first time there is something to compare with and to go back to.", what: "What", before: "Before", after: "After", since: "From",
      now: "When applied", why: "Why", apply: "Apply", history: "History", number: "Revision", at: "Time", who: "Who", counts: "Added, changed, removed",
      inForce: "In force", refused: "Refused", back: "Roll back to this", sure: "Roll back to revision {n}? What is there now is kept; no call is cut.", done: "In force: revision {n}",
    },
    prompts: {
      title: "Prompts", search: "Find by text or id", unrecorded: "Without a recording only", id: "Id", text: "Text", state: "Sound", acts: "Acts",
      recorded: "Recorded", made: "Synthesised", notMade: "Not made yet", play: "Listen", record: "Replace by a recording", restore: "Back to the voice", none: "No prompt fits.",
      noSound: "This prompt has not been made yet.", changed: "Replaced; callers hear it once it is applied.",
    },
  },
};
