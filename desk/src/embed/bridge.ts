// Between this page in a frame and the page that holds it: what happens to calls goes out, and what
// that page asks for comes in. Only pages the administrator has listed are heard (decision 034).

import { ask, at } from "../api/http";
import { hear, useDesk } from "../link/desk";
import type { Desk } from "../link/fold";
import { answer, hangUp, usePhone } from "../phone/phone";
import { t } from "../words/words";
import { told } from "./told";

interface Asked {
  hotline: 1;
  id: number;
  do: string;
  order?: unknown;
  call?: unknown;
}

const { desk } = useDesk();

/** Open the bridge; returns what closes it. Without a page around this one it does nothing. */
export function openBridge(origins: readonly string[]): () => void {
  if (window.parent === window) return () => undefined;
  const whom = window.parent;
  let peer = "";
  let before: Desk | null = desk.value;
  const post = (said: object) => {
    if (peer) whom.postMessage({ hotline: 1, ...said }, peer);
  };

  const stop = hear((message, now) => {
    told(before, message, now).forEach(post);
    before = now;
  });
  const onMessage = ({ source, origin, data }: MessageEvent) => {
    if (source !== whom || !origins.includes(origin) || data?.hotline !== 1) return;
    peer = origin;
    const asked = data as Asked;
    carryOut(asked).then(
      (result) => post({ re: asked.id, result }),
      (fault: unknown) => post({ re: asked.id, error: fault instanceof Error ? fault.message : String(fault) }),
    );
  };
  window.addEventListener("message", onMessage);
  return () => {
    stop();
    window.removeEventListener("message", onMessage);
  };
}

async function carryOut(asked: Asked): Promise<unknown> {
  switch (asked.do) {
    case "hello": {
      const seat = desk.value?.seat ?? null;
      return { seat: seat?.extension ?? null, state: seat?.state ?? "logged-out", call: seat?.call ?? null };
    }
    case "answer":
      return phone(answer, "rings");
    case "hangup":
      return phone(hangUp);
    case "dial":
      return ask("POST", at("work-orders", String(asked.order), "call-out"));
    case "key":
      return ask("POST", at("pops"), { call: String(asked.call) });
    default:
      throw new Error(t("embed.unknown", { what: String(asked.do) }));
  }
}

/** Do something with this page's telephone, or say why it cannot be done from here. */
function phone(act: () => void, wanted = ""): null {
  const { standing, isChosen } = usePhone();
  if (!isChosen.value) throw new Error(t("embed.own"));
  const talk = standing.value?.talk ?? "none";
  if (talk === "none" || (wanted && talk !== wanted)) throw new Error(t("embed.noCall"));
  act();
  return null;
}
