// Every word of the page, Chinese first. Each room brings its own words, under its own name.

import { watchEffect } from "vue";
import { createI18n } from "vue-i18n";

import adminWords from "../admin/words";
import cardWords from "../agent/cardWords";
import agentWords from "../agent/words";
import embedWords from "../embed/words";
import livetextWords from "../livetext/words";
import lookWords from "../look/words";
import movesWords from "../moves/words";
import ordersWords from "../orders/words";
import phoneWords from "../phone/words";
import shellWords from "../shell/words";
import supervisorWords from "../supervisor/words";

/** A room's words: zh and en have the same keys, which a test holds. */
export interface RoomWords {
  zh: Record<string, unknown>;
  en: Record<string, unknown>;
}

export const ROOMS: Record<string, RoomWords> = {
  shell: shellWords, look: lookWords, agent: agentWords, card: cardWords, orders: ordersWords, moves: movesWords, phone: phoneWords,
  livetext: livetextWords, supervisor: supervisorWords, admin: adminWords, embed: embedWords,
};

const KEPT = "hotline.language";

function all(language: "zh" | "en") {
  const { shell, ...rooms } = ROOMS;
  const named = Object.fromEntries(Object.entries(rooms).map(([room, words]) => [room, words[language]]));
  return { ...shell![language], ...named };
}

export const words = createI18n({
  legacy: false,
  locale: localStorage.getItem(KEPT) === "en" ? "en" : "zh",
  fallbackLocale: "zh",
  messages: { zh: all("zh"), en: all("en") } as Record<"zh" | "en", Record<string, string>>,
});

export const language = words.global.locale;
export const t = words.global.t;

watchEffect(() => {
  localStorage.setItem(KEPT, language.value);
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
