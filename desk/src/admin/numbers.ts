// The number table of each centre, which can be imported, too.

import { ofCentre } from "./centre";
import { type Table, tableAt } from "./table";
import type { ImportShown, LedgerShown } from "../api/answers";
import { Fault, at, send } from "../api/http";
import { tell, tellFault } from "../shell/notices";
import { t } from "../words/words";

const KEYS = ["电话号码", "过渡开始"];
const opened = new Map<string, Table<LedgerShown>>();

/** That centre's table; "" is one's own. It stays in hand, with what is unsaved in it. */
export function numbersOf(centre: string): Table<LedgerShown> {
  let table = opened.get(centre);
  if (!table) {
    table = tableAt<LedgerShown>(ofCentre(at("numbers"), centre), ["numbers", centre].filter(Boolean).join("."), () => KEYS);
    opened.set(centre, table);
  }
  return table;
}

/** What a file would bring. */
export function readSheet(centre: string, file: File): Promise<ImportShown | null> {
  return sent(centre, file, false);
}

/** Write what a file brings. What is unsaved here stands on top of it; null: it was not written. */
export async function takeSheet(centre: string, file: File): Promise<ImportShown | null> {
  const table = numbersOf(centre);
  const found = await sent(centre, file, true);
  if (!found?.is_written) return found;
  const isOver = table.unsaved.value.size > 0;
  await table.load();
  tell(t(isOver ? "admin.numbers.importedUnder" : "admin.numbers.imported"), true);
  return found;
}

async function sent(centre: string, file: File, write: boolean): Promise<ImportShown | null> {
  const table = numbersOf(centre);
  const address = ofCentre(at("numbers", "import"), centre, { name: file.name, write: String(write) });
  const headers: Record<string, string> = write ? { "If-Match": `"${table.shown.value?.tag ?? ""}"` } : {};
  try {
    return await send<ImportShown>("POST", address, new Blob([file], { type: "application/octet-stream" }), headers);
  } catch (fault) {
    if (fault instanceof Fault && fault.id === "table-changed") await table.load(); // the next try is on top of it
    tellFault(fault);
    return null;
  }
}
