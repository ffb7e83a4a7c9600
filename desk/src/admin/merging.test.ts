import { expect, test } from "vitest";

import { type Row, SELF, named } from "./grid";
import { merge } from "./merging";

const COLUMNS = ["电话号码", "名称", "方式"];
const KEYS = ["电话号码"];
const row = (number: string, name: string, mode = "整体并入"): Row => ({ 电话号码: number, 名称: name, 方式: mode });
const base = named([row("12333", "人社"), row("12348", "司法"), row("12315", "市场")]);
const plain = (rows: readonly Row[]) => rows.map((one) => COLUMNS.map((column) => one[column]).join(" "));
const theirs = (...rows: Row[]) => rows;
const put = (at: number, column: string, text: string) => base.with(at, { ...base[at]!, [column]: text });

test("who changed other cells of one row both have them", () => {
  const merged = merge(base, put(0, "名称", "人社热线"), theirs(row("12333", "人社", "双号并行"), row("12348", "司法"), row("12315", "市场")), COLUMNS, KEYS);
  expect(plain(merged.rows)).toEqual(["12333 人社热线 双号并行", "12348 司法 整体并入", "12315 市场 整体并入"]);
  expect(merged.clashes).toEqual([]);
});

test("where both changed one cell, what stands here stays and the other is told", () => {
  const merged = merge(base, put(1, "名称", "法律"), theirs(row("12333", "人社"), row("12348", "司法局"), row("12315", "市场")), COLUMNS, KEYS);
  expect(plain(merged.rows)[1]).toBe("12348 法律 整体并入");
  expect(merged.clashes).toEqual([{ row: base[1]![SELF], column: "名称", was: "司法", mine: "法律", theirs: "司法局" }]);
  expect(merged.brought).toEqual([]);
});

test("both having written the same is no clash", () => {
  const merged = merge(base, put(1, "名称", "司法局"), theirs(row("12333", "人社"), row("12348", "司法局"), row("12315", "市场")), COLUMNS, KEYS);
  expect(merged.clashes).toEqual([]);
});

test("rows added on both sides stand where each was put, one that both added only once", () => {
  const mine = named([base[0]!, row("12328", "交通"), base[1]!, base[2]!, row("12329", "公积金")]);
  const merged = merge(base, mine, theirs(row("12333", "人社"), row("12348", "司法"), row("12320", "卫健"), row("12315", "市场"), row("12329", "公积金")), COLUMNS, KEYS);
  expect(plain(merged.rows).map((one) => one.slice(0, 5))).toEqual(["12333", "12328", "12348", "12320", "12315", "12329"]);
});

test("a row removed on one side and left alone on the other is gone", () => {
  expect(plain(merge(base, [base[0]!, base[2]!], theirs(row("12333", "人社"), row("12348", "司法"), row("12315", "市场")), COLUMNS, KEYS).rows)).toHaveLength(2);
  expect(plain(merge(base, base, theirs(row("12333", "人社"), row("12315", "市场")), COLUMNS, KEYS).rows)).toHaveLength(2);
});

test("a row removed on one side and changed on the other stays, and is told", () => {
  const kept = merge(base, put(1, "名称", "法律"), theirs(row("12333", "人社"), row("12315", "市场")), COLUMNS, KEYS);
  expect(plain(kept.rows)[1]).toBe("12348 法律 整体并入");
  expect(kept.clashes).toEqual([{ row: base[1]![SELF], column: "", was: "", mine: "12348 法律 整体并入", theirs: "" }]);
  const back = merge(base, [base[0]!, base[2]!], theirs(row("12333", "人社"), row("12348", "司法局"), row("12315", "市场")), COLUMNS, KEYS);
  expect(plain(back.rows)[1]).toBe("12348 司法局 整体并入");
  expect(back.clashes).toHaveLength(1);
});

test("what others changed, added and removed is named, but for what was done here, too", () => {
  const mine = [{ ...base[0]!, 名称: "人社热线" }, base[1]!, base[2]!, ...named([row("12329", "公积金")])];
  const { brought } = merge(base, mine, theirs(row("12333", "人社热线", "双号并行"), row("12329", "公积金"), row("12320", "卫健"), row("12315", "市场")), COLUMNS, KEYS);
  expect(brought.map(({ column, was, now }) => [column, was, now])).toEqual([
    ["方式", "整体并入", "双号并行"], ["", "", "12320 卫健 整体并入"], ["", "12348 司法 整体并入", ""],
  ]);
  expect(brought[0]!.row).toBe(base[0]![SELF]);
  expect(merge(base, [base[0]!, base[1]!], theirs(row("12333", "人社"), row("12348", "司法")), COLUMNS, KEYS).brought).toEqual([]);
});

test("a row that stands elsewhere now is the row it was", () => {
  const merged = merge(base, put(2, "名称", "市场监管"), theirs(row("12315", "市场"), row("12333", "人社"), row("12348", "司法")), COLUMNS, KEYS);
  expect(plain(merged.rows)).toContain("12315 市场监管 整体并入");
  expect(merged.rows).toHaveLength(3);
  expect(merged.clashes).toEqual([]);
});
