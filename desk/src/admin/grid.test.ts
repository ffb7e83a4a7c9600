import { expect, test } from "vitest";

import { History, changed, isEmpty, parseBlock, paste, writeBlock } from "./grid";

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
  const next = paste(rows, COLUMNS, { row: 0, column: 1 }, [["甲", "多余"], ["乙"]]);
  expect(next).toEqual([{ 号码: "1", 名称: "甲" }, { 号码: "", 名称: "乙" }]);
  expect(rows).toEqual([{ 号码: "1", 名称: "一" }]);
  expect([...changed(rows, next, COLUMNS)]).toEqual(["0 名称", "1 名称"]);
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
