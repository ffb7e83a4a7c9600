// The tables beside the number table. Each stays in hand, with what is unsaved in it.

import { ofCentre } from "./centre";
import { type Table, tableAt } from "./table";
import type { TableShown } from "../api/answers";
import { at } from "../api/http";

const opened = new Map<string, Table<TableShown>>();

/** That table of that centre's; "" is one's own. */
export function tableOf(name: string, centre: string): Table<TableShown> {
  const keptAs = ["tables", name, centre].filter(Boolean).join(".");
  let table = opened.get(keptAs);
  if (!table) opened.set(keptAs, (table = tableAt<TableShown>(ofCentre(at("tables", name), centre), keptAs, (shown) => shown.keys)));
  return table;
}
