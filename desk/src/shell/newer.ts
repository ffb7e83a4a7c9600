// A page that has stood open while the server got a newer one: parts it loads only now are gone.

import type { Router } from "vue-router";

import { t } from "../words/words";
import { tell } from "./notices";

const KEPT = "hotline.loaded-anew";
const AGAIN_MS = 30_000;

/** Load the page anew where a part is missing, not where the server is: what stands then stays. */
export function followServer(router: Router): void {
  router.onError(async (_fault, to) => {
    const isThere = await fetch("/", { cache: "no-store" }).then((answer) => answer.ok, () => false);
    const before = Number(sessionStorage.getItem(KEPT));
    if (!isThere || Date.now() - before < AGAIN_MS) {
      tell(t("link.notYet"));
      return;
    }
    sessionStorage.setItem(KEPT, String(Date.now()));
    window.location.hash = to.fullPath;
    window.location.reload();
  });
}
