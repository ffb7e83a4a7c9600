// What a person chose for the telephone, remembered by this browser: people sit where they sat.

import { reactive, watch } from "vue";

export interface Choice {
  /** In the page, or any SIP telephone that is registered as the seat. */
  kind: "page" | "own";
  /** Device ids; "" is whatever the computer uses. */
  microphone: string;
  headset: string;
  ringer: string;
  /** A headset that is worn all day: calls begin with a beep. */
  answersItself: boolean;
}

const KEPT = "hotline.phone";
const BEGINS: Choice = { kind: "own", microphone: "", headset: "", ringer: "", answersItself: false };

/** Read what was kept; what cannot be read is as if it had never been chosen. */
export function readChoice(kept: string | null): Choice {
  try {
    const said = JSON.parse(kept ?? "{}") as Partial<Choice>;
    return {
      kind: said.kind === "page" ? "page" : "own",
      microphone: String(said.microphone ?? ""),
      headset: String(said.headset ?? ""),
      ringer: String(said.ringer ?? ""),
      answersItself: said.answersItself === true,
    };
  } catch {
    return { ...BEGINS };
  }
}

export const choice = reactive(readChoice(localStorage.getItem(KEPT)));

watch(choice, (now) => localStorage.setItem(KEPT, JSON.stringify(now)));
