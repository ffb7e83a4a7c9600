// Whose tables are open: one's own centre's, or another's, for people of the platform's own centre.

import { computed, ref, shallowRef } from "vue";

import type { CentreNamed, Centres } from "../api/answers";
import { ask, at } from "../api/http";
import { tellFault } from "../shell/notices";
import { whenSessionEnds } from "../shell/session";

const centres = shallowRef<CentreNamed[]>([]); // one's own first
const wanted = ref("");

/** The centre that was chosen; "" is one's own. */
const centre = computed({
  get: () => wanted.value,
  set: (chosen) => (wanted.value = chosen === centres.value[0]?.centre ? "" : chosen),
});

export function useCentre() {
  return { centres, centre };
}

export async function lookForCentres(): Promise<void> {
  try {
    centres.value = (await ask<Centres>("GET", at("numbers", "centres"))).items;
  } catch (fault) {
    tellFault(fault);
  }
}

/** The address, as it is for that centre. */
export function ofCentre(address: string, of: string, query: Record<string, string> = {}): string {
  const asked = String(new URLSearchParams(of ? { ...query, centre: of } : query));
  return asked ? `${address}?${asked}` : address;
}

whenSessionEnds(() => {
  centres.value = [];
  wanted.value = "";
});
