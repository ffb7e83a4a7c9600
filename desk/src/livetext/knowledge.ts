// The knowledge base beside the talk: asked with what the caller says, or with what the agent types.

import { ref, shallowRef, watch } from "vue";

import type { ArticleShown, ArticlesFound } from "../api/answers";
import { ask, at } from "../api/http";
import { useDesk } from "../link/desk";
import type { Said } from "../link/wire";
import { useOrders } from "../orders/opening";
import { tell, tellFault } from "../shell/notices";
import { t } from "../words/words";

const HEARD_LETTERS = 160;
const PAUSE_MS = 700;

/** What the caller said last, as much as a question takes. Pure. */
export function heard(said: readonly Said[]): string {
  const words = said.filter((one) => one.channel === "caller" && one.kind === "final").map((one) => one.text);
  return words.join("").slice(-HEARD_LETTERS);
}

const { desk } = useDesk();
const { form, mayWrite } = useOrders();

export const typed = ref("");
export const articles = shallowRef<ArticleShown[]>([]);
let timer = 0;
let turn = 0;

watch([typed, () => heard(desk.value?.said ?? [])], ([mine, theirs]) => {
  window.clearTimeout(timer);
  const text = mine.trim() || theirs;
  if (!text) {
    articles.value = [];
    return;
  }
  timer = window.setTimeout(() => search(text, Boolean(mine.trim())), mine.trim() ? 200 : PAUSE_MS);
});

async function search(text: string, isTyped: boolean) {
  const mine = ++turn;
  try {
    const found = await ask<ArticlesFound>("POST", at("knowledge", "search"), { text: text.slice(0, 500), limit: 5 });
    // what was found for what was said stays until something else fits
    if (mine === turn && (isTyped || found.items.length > 0)) articles.value = found.items;
  } catch (fault) {
    if (isTyped) tellFault(fault);
  }
}

/** Put the answer at the end of the open order's content, where the agent goes on writing. */
export function insert(article: ArticleShown): void {
  if (!form.value || !mayWrite.value) {
    tell(t("livetext.knowledge.noOrder"));
    return;
  }
  const before = String(form.value.values.content ?? "").trimEnd();
  form.value.values.content = [before, t("livetext.knowledge.inserted", { answer: article.answer })]
    .filter(Boolean).join("\n");
  tell(t("livetext.knowledge.done"), true);
}

export async function report(article: ArticleShown, why: string): Promise<boolean> {
  try {
    await ask("POST", at("knowledge", article.id, "outdated"), { why });
    tell(t("livetext.knowledge.reported"), true);
    return true;
  } catch (fault) {
    tellFault(fault);
    return false;
  }
}
