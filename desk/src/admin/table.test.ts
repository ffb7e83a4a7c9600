import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type Row, named } from "./grid";
import { takeSheet, numbersOf } from "./numbers";
import { type Table, tableAt } from "./table";
import type { LedgerShown } from "../api/answers";
import { notice } from "../shell/notices";
import { forget, signIn, signOut } from "../shell/session";

const HEADER = ["电话号码", "名称", "方式"];
type Answer = { status: number; body: unknown };

/** A server with one table; `answers` stands before it. */
class Server {
  rows: Row[] = [row("12333", "人社"), row("12348", "司法")];
  writes = 0;
  who = "li";
  answers: ((method: string) => Answer | Promise<Answer> | null)[] = [];
  asked: string[] = [];

  write(who: string, ...rows: Row[]) {
    this.rows = rows;
    this.who = who;
    this.writes++;
  }

  shown(): LedgerShown {
    return {
      centre: "chifeng", name: "", tag: `t${this.writes}`, in_force: null, is_applied: false, file: "numbers.csv", header: HEADER, further: [],
      rows: this.rows, row_lines: this.rows.map((_, n) => n + 2), written_from: 2, written: { who: this.who, at: "2026-11-23T09:05:00+08:00" },
      lines: [], faults: [],
    };
  }

  async answer(method: string, address: string, init: RequestInit): Promise<Answer> {
    this.asked.push(`${method} ${address}`);
    const first = await this.answers.shift()?.(method);
    if (first) return first;
    if (address.endsWith("/session")) return { status: 200, body: { user: "anna", name: "", role: "admin", centre: "chifeng" } };
    if (method === "GET") return { status: 200, body: this.shown() };
    const tag = new Headers(init.headers).get("If-Match");
    if (tag !== `"t${this.writes}"`) return refusal(412, "table-changed");
    this.write("anna", ...(method === "POST" ? [row("12333", "人社厅"), row("12320", "卫健")] : (JSON.parse(String(init.body)) as { rows: Row[] }).rows));
    return { status: 200, body: method === "POST" ? { rows: [], notes: [], faults: [], changes: [], refused: [], is_written: true } : this.shown() };
  }
}

const row = (number: string, name: string, mode = "整体并入"): Row => ({ 电话号码: number, 名称: name, 方式: mode });
const refusal = (status: number, id: string, details = {}): Answer => ({ status, body: { error: { id, message: id, details } } });
const plain = (rows: readonly Row[]) => rows.map((one) => HEADER.map((column) => one[column]).join(" "));

let server: Server;
let table: Table<LedgerShown>;
const put = (at: number, column: string, text: string) => table.change(table.rows.value.with(at, { ...table.rows.value[at]!, [column]: text }));
const opened = () => tableAt<LedgerShown>("/api/v1/numbers", "numbers", () => ["电话号码"]);

beforeEach(async () => {
  sessionStorage.clear();
  server = new Server();
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const { status, body } = await server.answer(init.method ?? "GET", address, init);
    return { status, ok: status < 400, json: async () => JSON.parse(JSON.stringify(body)) };
  });
  await signIn("anna", "x");
  table = opened();
  await table.load();
});

afterEach(() => {
  forget(true);
  vi.unstubAllGlobals();
});

test("who comes second has both changes, and reads who changed which cell and when", async () => {
  put(0, "名称", "人社热线");
  server.write("wang", row("12333", "人社", "双号并行"), row("12348", "司法"));
  expect(await table.save()).toBe(false);
  expect(plain(table.rows.value)).toEqual(["12333 人社热线 双号并行", "12348 司法 整体并入"]);
  expect(table.brought.value).toMatchObject([{ column: "方式", was: "整体并入", now: "双号并行" }]);
  expect(table.shown.value!.written!.who).toBe("wang");
  expect(table.clashes.value).toEqual([]);
  expect(table.unsaved.value.size).toBe(1);
  expect(await table.save()).toBe(true);
  expect(plain(server.rows)).toEqual(["12333 人社热线 双号并行", "12348 司法 整体并入"]);
  expect(table.brought.value).toEqual([]);
});

test("where both wrote one cell, the one chosen is written", async () => {
  put(0, "名称", "甲");
  put(1, "名称", "乙");
  server.write("wang", row("12333", "丙"), row("12348", "丁"));
  await table.save();
  expect(table.clashes.value.map((clash) => [clash.mine, clash.theirs])).toEqual([["甲", "丙"], ["乙", "丁"]]);
  expect(table.brought.value).toEqual([]);
  table.takeTheirs(table.clashes.value[0]!);
  table.takeMine(table.clashes.value[0]!);
  expect(await table.save()).toBe(true);
  expect(plain(server.rows)).toEqual(["12333 丙 整体并入", "12348 乙 整体并入"]);
});

test("a refreshed page has what was typed, on top of what others wrote meanwhile", async () => {
  put(0, "名称", "人社热线");
  const again = opened();
  server.write("wang", row("12333", "人社"), row("12320", "卫健"), row("12348", "司法"));
  await again.load();
  expect(plain(again.rows.value)).toEqual(["12333 人社热线 整体并入", "12320 卫健 整体并入", "12348 司法 整体并入"]);
  expect(again.brought.value).toMatchObject([{ column: "", now: "12320 卫健 整体并入" }]);
  again.seen();
  expect(again.brought.value).toEqual([]);
});

test("a session that ran out keeps what was typed for whoever it was, signing out does not", async () => {
  put(0, "名称", "人社热线");
  forget();
  expect(table.rows.value).toEqual([]);
  await signIn("anna", "x");
  await table.load();
  expect(plain(table.rows.value)[0]).toBe("12333 人社热线 整体并入");
  await signOut();
  expect(sessionStorage.length).toBe(0);
});

test("a server that does not answer takes nothing, and written without a word of it is no clash", async () => {
  put(0, "名称", "人社热线");
  server.answers.push(() => Promise.reject(new Error("away")));
  expect(await table.save()).toBe(false);
  expect(plain(table.rows.value)[0]).toBe("12333 人社热线 整体并入");
  server.write("anna", row("12333", "人社热线"), row("12348", "司法")); // it had arrived
  await table.save();
  expect([table.clashes.value, table.brought.value, table.unsaved.value.size]).toEqual([[], [], 0]);
});

test("what is typed while the table is being saved stands, unsaved", async () => {
  put(0, "名称", "人社热线");
  server.answers.push(() => {
    put(1, "名称", "司法局");
    return null;
  });
  expect(await table.save()).toBe(true);
  expect(plain(table.rows.value)).toEqual(["12333 人社热线 整体并入", "12348 司法局 整体并入"]);
  expect(table.unsaved.value.size).toBe(1);
  expect(sessionStorage.length).toBe(1);
});

test("a refused table stays as typed, each fault at its row wherever that goes", async () => {
  put(1, "方式", "并");
  const fault = { file: "numbers.csv", row: 3, column: "方式", message: "没有这种方式", instead: "", cell: "" };
  server.answers.push(() => refusal(422, "profile-faults", { faults: [fault, { ...fault, file: "seats.csv" }] }));
  expect(await table.save()).toBe(false);
  const self = table.faults.value[0]!.self;
  table.addRow(-1);
  expect(plain(table.rows.value)[2]).toBe("12348 司法 并");
  expect(table.faults.value[0]!.self).toBe(self);
  expect(named([table.rows.value[2]!])[0]).toBe(table.rows.value[2]);
  expect(table.faults.value[1]!.self).toBeUndefined(); // of another file
});

test("a store that is broken or full breaks nothing", async () => {
  const name = "hotline.numbers.anna";
  sessionStorage.setItem(name, "{");
  await table.load();
  expect(table.rows.value).toHaveLength(2);
  expect(notice.value?.text).toContain("已损坏");
  put(0, "名称", "甲");
  const store = sessionStorage;
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => store.getItem(key),
    removeItem: (key: string) => store.removeItem(key),
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  put(0, "名称", "乙");
  expect(notice.value?.text).toContain("存不下");
  server.write("wang", row("12333", "人社", "双号并行"), row("12348", "司法"));
  await table.save();
  vi.stubGlobal("sessionStorage", store);
  expect(plain(table.rows.value)[0]).toBe("12333 乙 双号并行"); // not 甲, which was the last the store took
});

test("a page with something unsaved is not closed without a question", async () => {
  const leaves = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(leaves()).toBe(true);
  put(0, "名称", "甲");
  expect(leaves()).toBe(false);
  await table.discard();
  expect(plain(table.rows.value)[0]).toBe("12333 人社 整体并入");
  expect(leaves()).toBe(true);
});

test("a file read over unsaved cells loses none of them; who comes second looks again", async () => {
  const sheet = new File(["x"], "清单.csv");
  table = numbersOf("");
  await table.load();
  put(0, "方式", "双号并行");
  put(1, "名称", "司法局");
  server.write("wang", row("12333", "人社"), row("12348", "司法"), row("12315", "市场"));
  expect(await takeSheet("", sheet)).toBeNull();
  expect(plain(table.rows.value)).toContain("12315 市场 整体并入");
  expect((await takeSheet("", sheet))!.is_written).toBe(true);
  expect(plain(table.rows.value)).toEqual(["12333 人社厅 双号并行", "12320 卫健 整体并入", "12348 司法局 整体并入"]);
  expect(table.clashes.value).toMatchObject([{ column: "", mine: "12348 司法局 整体并入", theirs: "" }]);
  expect(table.brought.value.map((one) => one.now || `- ${one.was}`)).toEqual(["人社厅", "12320 卫健 整体并入", "- 12315 市场 整体并入"]);
});

test("another centre's table is its own, and kept by itself", async () => {
  const theirs = numbersOf("hulunbuir");
  await theirs.load();
  expect(server.asked.at(-1)).toBe("GET /api/v1/numbers?centre=hulunbuir");
  theirs.change(theirs.rows.value.with(0, { ...theirs.rows.value[0]!, 名称: "呼伦贝尔" }));
  expect(sessionStorage.getItem("hotline.numbers.hulunbuir.anna")).toContain("呼伦贝尔");
  await takeSheet("hulunbuir", new File(["x"], "清单.csv"));
  expect(server.asked.filter((one) => one.startsWith("POST")).at(-1)).toMatch(/import\?name=.*&write=true&centre=hulunbuir$/);
  expect(numbersOf("").unsaved.value.size).toBe(0);
});
