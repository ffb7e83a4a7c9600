// The tables beside the number table. Each stays in hand, with what is unsaved in it.

import { type Table, tableAt } from "./table";
import type { TableShown } from "../api/answers";
import { at } from "../api/http";

const opened = new Map<string, Table<TableShown>>();

export function tableOf(name: string): Table<TableShown> {
  let table = opened.get(name);
  if (!table) opened.set(name, (table = tableAt<TableShown>(at("tables", name), `tables.${name}`, (shown) => shown.keys)));
  return table;
}
