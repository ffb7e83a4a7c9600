// The telephone beside the page, steered from here: the server asks it, in the call that it has.

import { computed, reactive, watch } from "vue";

import { ask, at } from "../api/http";
import { useDesk } from "../link/desk";
import { tellFault } from "../shell/notices";

export type PhoneKey = "answer" | "hold" | "resume" | "mute" | "unmute" | "hang-up";

const KEPT = "hotline.phone.pressed";

interface Pressed {
  call: string;
  isMuted: boolean;
  isHeld: boolean;
}

const { seat } = useDesk();

/** What was pressed in the call of now; a page that was loaded anew still knows. */
const pressed = reactive<Pressed>({ call: "", isMuted: false, isHeld: false, ...read() });

function read(): Partial<Pressed> {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as Partial<Pressed>;
  } catch {
    return {};
  }
}

watch(pressed, (now) => sessionStorage.setItem(KEPT, JSON.stringify(now)));

const TALKS: Record<string, "rings" | "talks" | undefined> = { offered: "rings", talking: "talks" };

/** How it stands, as far as the seat's own state tells. */
export const beside = computed(() => {
  const call = seat.value?.call ?? "";
  const isSame = call !== "" && pressed.call === call;
  return {
    talk: TALKS[seat.value?.state ?? ""] ?? ("none" as const),
    isMuted: isSame && pressed.isMuted,
    isHeld: isSame && pressed.isHeld,
  };
});

/** Press a key of it; what is refused is told. */
export async function pressBeside(key: PhoneKey): Promise<void> {
  const call = seat.value?.call;
  if (!call) return;
  try {
    await ask("POST", at("desk", "phone", "keys"), { call, key });
  } catch (fault) {
    tellFault(fault);
    return;
  }
  if (pressed.call !== call) Object.assign(pressed, { call, isMuted: false, isHeld: false });
  if (key === "mute" || key === "unmute") pressed.isMuted = key === "mute";
  if (key === "hold" || key === "resume") pressed.isHeld = key === "hold";
}
