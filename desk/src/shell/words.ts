export default {
  zh: {
    close: "关闭",
    help: { open: "按键", title: "按键一览", key: "按键一览", faint: "浅色的现在按不了：例如没有通话时的转接键。" },
    link: { notYet: "尚未连上服务器，请稍候。", noAnswer: "服务器没有及时答复。", lost: "与服务器的连接断开，请重试。" },
    page: { desk: "座席", supervisor: "班长", wallboard: "大屏", stats: "统计", nuisance: "骚扰来电", reveals: "匿名查看", admin: "管理" },
    signIn: { title: "政务服务便民热线", user: "用户名", password: "密码", enter: "登录", retry: "（{seconds} 秒后可再试）" },
    password: {
      title: "修改密码", old: "原密码", new: "新密码", again: "再输一次新密码", change: "修改", leave: "取消",
      means: "新密码至少 {least} 个字符。修改后，您在别处的登录半分钟内退出；座席和通话不受影响。",
      differs: "两次输入的新密码不一样。", changed: "密码已修改。",
    },
    top: {
      skip: "跳到内容", pages: "页面", large: "大字", leave: "退出登录",
      stillSeated: "座席仍处于签入状态，仍会振铃。确定退出登录吗？",
      link: { up: "已连接", down: "连接断开，正在重连；通话不受影响" },
    },
  },
  en: {
    close: "Close",
    help: { open: "Keys", title: "All keys", key: "This list of keys", faint: "Those in grey do nothing now: to move a call, there must be one." },
    link: { notYet: "Not connected yet, please wait.", noAnswer: "The server did not answer in time.", lost: "The link was lost, please try again." },
    page: { desk: "Desk", supervisor: "Supervisor", wallboard: "Wallboard", stats: "Figures", nuisance: "Nuisance", reveals: "Unknown callers", admin: "Administration" },
    signIn: { title: "Government service hotline", user: "User", password: "Password", enter: "Sign in", retry: " (again in {seconds} s)" },
    password: {
      title: "Change password", old: "Present password", new: "New password", again: "New password again", change: "Change", leave: "Cancel",
      means: "At least {least} characters. Elsewhere you are signed out within half a minute; your seat and call go on.",
      differs: "The two new passwords are not the same.", changed: "The password is changed.",
    },
    top: {
      skip: "Skip to content", pages: "Pages", large: "Large type", leave: "Sign out",
      stillSeated: "The seat is still signed in and will ring. Sign out all the same?",
      link: { up: "Connected", down: "Link lost, coming back by itself; calls go on" },
    },
  },
};
