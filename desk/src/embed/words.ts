export default {
  zh: {
    own: "这个座席用桌上话机，请在话机上操作。", noCall: "现在没有可以这样操作的电话。", unknown: "不认识的操作“{what}”。",
    pop: "打开业务系统", popKey: "为这通来电打开业务系统",
    blocked: "浏览器拦住了业务系统的页面：请点地址栏右侧的图标，选“始终允许”，再按 Alt+G。",
  },
  en: {
    own: "This seat has a phone on the desk: use that one.", noCall: "There is no call to do that with.", unknown: "Unknown request \"{what}\".",
    pop: "Open the other system", popKey: "Open the other system for this call",
    blocked: "The browser held the other system's page back: allow pop-ups for this site at the right of the address bar, then press Alt+G.",
  },
};
