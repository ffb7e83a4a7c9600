// Whoever plays the open order's recording; every chip and line of the transcript asks it.

import { onScopeDispose, ref } from "vue";

type Play = (seconds: number, part: string) => void;

let play: Play | null = null;

/** Whether there is a recording to hear. */
export const canHear = ref(false);

export function hear(seconds: number, part = ""): void {
  play?.(seconds, part);
}

/** Be who plays, while the component that asks stands. */
export function takeHearing(how: Play): void {
  play = how;
  onScopeDispose(() => {
    if (play !== how) return;
    play = null;
    canHear.value = false;
  });
}
