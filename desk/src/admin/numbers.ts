// The number table, which can be imported, too.

import { tableAt } from "./table";
import type { ImportShown, LedgerShown } from "../api/answers";
import { at, send } from "../api/http";
import { tellFault } from "../shell/notices";

const KEYS = ["电话号码", "过渡开始"];

export const numbers = tableAt<LedgerShown>(at("numbers"), "numbers", () => KEYS);

/** What a file would bring; written only when wanted. */
export async function readSheet(file: File, write: boolean): Promise<ImportShown | null> {
  const query = new URLSearchParams({ name: file.name, write: String(write) });
  const headers: Record<string, string> = write ? { "If-Match": `"${numbers.shown.value?.tag ?? ""}"` } : {};
  try {
    return await send<ImportShown>("POST", `${at("numbers", "import")}?${query}`, new Blob([file], { type: "application/octet-stream" }), headers);
  } catch (fault) {
    tellFault(fault);
    return null;
  }
}
