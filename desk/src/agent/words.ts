export default {
  zh: { seat: "座席", talk: "通话", work: "工单" },
  en: { seat: "Seat", talk: "Call", work: "Work order" },
};
