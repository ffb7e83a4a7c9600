// A headset that is pulled out and put in again: the talk goes on with whatever there is, and the
// agent is told which that is. Nobody finds out from a caller who hears nothing.

import { tell } from "../shell/notices";
import { t } from "../words/words";
import { choice } from "./choice";
import { devices, type Devices } from "./microphone";
import type { Telephone } from "./telephone";

/** What to speak into and hear with, of what was chosen and what there is; "" is the computer's own. */
export function within(wanted: { microphone: string; headset: string }, found: Devices) {
  const has = (all: readonly { deviceId: string }[], id: string) => all.some((one) => one.deviceId === id);
  return {
    microphone: has(found.microphones, wanted.microphone) ? wanted.microphone : "",
    headset: has(found.speakers, wanted.headset) ? wanted.headset : "",
  };
}

let last: Promise<void> = Promise.resolve(); // one plug makes several events: one after another

/** Devices came or went, or the microphone of the talk fell silent. */
export function replug(phone: () => Telephone | null): Promise<void> {
  last = last.then(() => settle(phone())).catch(() => undefined);
  return last;
}

async function settle(phone: Telephone | null): Promise<void> {
  if (phone === null) return;
  const found = await devices();
  const now = within(choice, found);
  await phone.speakAt(now.headset);
  if (!found.hasMicrophone) {
    phone.missMicrophone();
    return;
  }
  const changed = await phone.speakInto(now.microphone);
  if (changed === null) return;
  const isOther = choice.microphone !== "" && now.microphone === "";
  tell(t(isOther ? "phone.microphoneOut" : "phone.microphoneBack", { name: changed || t("phone.thatMicrophone") }), !isOther);
}
