// Finding an order in the list: by the tail of the caller's number, words of the title, status. Pure.

import type { Order } from "./order";

/** Every word must be found. Digits are the tail of the number or of the order's own id. */
export function found(orders: readonly Order[], words: string, statusName: (order: Order) => string): Order[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return orders.filter((order) => wanted.every((word) => matches(order, word, statusName(order))));
}

function matches(order: Order, word: string, status: string): boolean {
  if (/^\d+$/.test(word) && [order.caller.number, order.id].some((one) => one?.endsWith(word))) return true;
  const said = [order.title, order.summary, order.place.text, order.dialled.name, order.dialled.number, order.id, status];
  return said.some((one) => one?.toLowerCase().includes(word));
}

/** The next one up or down, held at both ends. */
export function beside(orders: readonly Order[], id: string | null, step: 1 | -1): Order | null {
  if (orders.length === 0) return null;
  const at = orders.findIndex((order) => order.id === id);
  return orders[at < 0 ? 0 : Math.min(orders.length - 1, Math.max(0, at + step))] ?? null;
}
