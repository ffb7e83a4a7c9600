// Large type: chosen by a person, remembered by this browser.

import { ref, watchEffect } from "vue";

const KEPT = "hotline.large";

export const isLarge = ref(localStorage.getItem(KEPT) === "yes");

watchEffect(() => {
  localStorage.setItem(KEPT, isLarge.value ? "yes" : "no");
  document.documentElement.classList.toggle("large", isLarge.value);
});
