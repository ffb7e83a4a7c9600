import { expect, test } from "vitest";

import { History, SELF, block, cellOf, changed, cleared, isEmpty, named, next, parseBlock, paste, writeBlock } from "./grid";

const COLUMNS = ["号码", "名称"];

test("a block from a spreadsheet is read as it was cut", () => {
  expect(parseBlock("12333\t人社\r\n12348\t司法\r\n")).toEqual([["12333", "人社"], ["12348", "司法"]]);
  expect(parseBlock('"两\n行"\t"说""是"""\n')).toEqual([["两 行", '说"是"']]);
  expect(parseBlock("a\t\n\tb")).toEqual([["a", ""], ["", "b"]]);
  expect(parseBlock("")).toEqual([]);
});

test("what is copied can be pasted again", () => {
  const block = [["a\tb", 'say "x"'], ["", "c"]];
  expect(parseBlock(writeBlock(block))).toEqual(block);
});

test("a longer block adds rows, a wider one no columns", () => {
  const rows = [{ 号码: "1", 名称: "一" }];
  const pasted = paste(rows, COLUMNS, { row: 0, column: 1 }, [["甲", "多余"], ["乙"]]);
  expect(pasted).toEqual([{ 号码: "1", 名称: "甲" }, { 号码: "", 名称: "乙" }]);
  expect(rows).toEqual([{ 号码: "1", 名称: "一" }]);
});

test("a change stays with its row, wherever that comes to stand", () => {
  const before = named([{ 号码: "1", 名称: "一" }, { 号码: "2", 名称: "二" }]);
  const after = named([{ 号码: "", 名称: "" }, before[0]!, { ...before[1]!, 名称: "两" }]);
  expect([...changed(before, after, COLUMNS)]).toEqual([cellOf(before[1]!, "名称")]);
  expect(changed(before, [before[1]!], COLUMNS).size).toBe(2); // both cells of the row that is gone
  expect(new Set(after.map((row) => row[SELF])).size).toBe(3);
  expect(named([{ 号码: "9", 名称: "" }], before)[0]![SELF]).toBe(before[0]![SELF]);
});

test("a block is read and emptied between two corners, whichever comes first", () => {
  const rows = [{ 号码: "1", 名称: "一" }, { 号码: "2", 名称: "二" }, { 号码: "3", 名称: "三" }];
  expect(block(rows, COLUMNS, { row: 1, column: 1 }, { row: 0, column: 0 })).toEqual([["1", "一"], ["2", "二"]]);
  expect(cleared(rows, COLUMNS, { row: 1, column: 1 }, { row: 2, column: 1 }).map((row) => row["名称"])).toEqual(["一", "", ""]);
});

test("what is sought is found after the cell one stands at, and around the end", () => {
  const rows = [{ 号码: "12", 名称: "一" }, { 号码: "3", 名称: "12" }];
  expect(next(rows, COLUMNS, { row: 0, column: 0 }, "12")).toEqual({ row: 1, column: 1 });
  expect(next(rows, COLUMNS, { row: 1, column: 1 }, "12")).toEqual({ row: 0, column: 0 });
  expect(next(rows, COLUMNS, { row: 0, column: 0 }, "无")).toBeNull();
  expect(next([], COLUMNS, { row: 0, column: 0 }, "1")).toBeNull();
});

test("a row of nothing is empty", () => {
  expect(isEmpty({ 号码: " ", 名称: "" })).toBe(true);
  expect(isEmpty({ 号码: "1", 名称: "" })).toBe(false);
});

test("what was done is undone and done again", () => {
  const history = new History<number>();
  history.note(1);
  history.note(2);
  expect(history.undo(3)).toBe(2);
  expect(history.undo(2)).toBe(1);
  expect(history.undo(1)).toBeNull();
  expect(history.redo(1)).toBe(2);
  history.note(2);
  expect(history.redo(9)).toBeNull();
});
