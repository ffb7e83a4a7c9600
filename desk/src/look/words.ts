export default {
  zh: {
    date: {
      day: "年-月-日", moment: "年-月-日 时:分", wrong: "请写成 2026-11-23 这样的日期。", wrongOrLate: "请写成 2026-11-23 这样的日期，不晚于今天。", open: "打开日历", today: "今天",
      before: "上个月", after: "下个月",
    },
  },
  en: {
    date: {
      day: "year-month-day", moment: "year-month-day h:min", wrong: "Please write a day such as 2026-11-23.", wrongOrLate: "Please write a day such as 2026-11-23, not after today.", open: "Open the calendar", today: "Today",
      before: "Month before", after: "Month after",
    },
  },
};
