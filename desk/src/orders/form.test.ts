import { expect, test } from "vitest";

import { edit, merge, open, restored, saved, settle, touched } from "./form";
import { anOrder } from "./sample";

const byPerson = (field: string) => ({ field, kind: "agent" as const, channel: null, start_s: null, end_s: null, text: "" });

test("what the agent typed is never overwritten by a machine", () => {
  const form = open(anOrder({ title: "机器一" }));
  form.values.title = "我写的";
  const { form: next, changed } = merge(form, anOrder({ title: "机器二", summary: "机器写的摘要" }));
  expect([next.values.title, next.values.summary, changed]).toEqual(["我写的", "机器写的摘要", ["summary"]]);
  expect(next.theirs).toEqual({});
  expect(touched(next)).toEqual(["title"]);
});

test("what another person wrote meanwhile stands beside it until somebody chooses", () => {
  const form = open(anOrder({ title: "先前" }));
  form.values.title = "我写的";
  const fresh = anOrder({ title: "班长写的", evidence: [byPerson("title")] });
  const { form: next } = merge(form, fresh);
  expect([next.values.title, next.theirs.title]).toEqual(["我写的", "班长写的"]);
  expect(edit(next)).toBeNull();
  expect(edit(settle(next, "title", "mine"))).toEqual({ title: "我写的", was: { title: "班长写的" } });
  const theirs = settle(next, "title", "theirs");
  expect([theirs.values.title, touched(theirs)]).toEqual(["班长写的", []]);
});

test("two people who write the same do not disagree", () => {
  const form = open(anOrder({ title: "先前" }));
  form.values.title = "停水";
  const { form: next } = merge(form, anOrder({ title: "停水", evidence: [byPerson("title")] }));
  expect([next.theirs, touched(next)]).toEqual([{}, []]);
});

test("only what was changed is sent, with what was seen before", () => {
  const form = open(anOrder({ title: "供热" }));
  form.values["place.text"] = " 五号楼 ";
  form.values["place.region"] = "松山区";
  form.values.title = "";
  form.values["when.start"] = "2026-11-20T08:30";
  form.values["caller.anonymous"] = false;
  form.values.offices = [{ name: "住建局", why: "" }, { name: " ", why: "" }];
  expect(edit(form)).toEqual({
    title: null,
    place: { text: "五号楼", region: "松山区" },
    when: { start: "2026-11-20T08:30:00+08:00" },
    caller: { anonymous: false },
    offices: [{ name: "住建局", why: "" }],
    was: {
      title: "供热", "place.text": null, "place.region": null, "when.start": null, offices: [],
      "caller.anonymous": null,
    },
  });
});

test("a time is shown by China's clock wherever the computer stands", () => {
  const order = anOrder({ when: { text: null, start: "2026-11-20T00:30:00Z", end: null } });
  const form = open(order);
  expect(form.values["when.start"]).toBe("2026-11-20T08:30");
  expect(touched(form)).toEqual([]);
});

test("a blank behind a word is no change", () => {
  const form = open(anOrder({ title: "供热" }));
  form.values.title = "供热 ";
  expect(edit(form)).toBeNull();
});

test("what is typed while a save is under way is neither lost nor somebody else's", () => {
  const form = open(anOrder());
  form.values.title = "供热";
  form.values.title = "供热不足"; // the first word is being sent just now
  const { form: next } = saved(form, ["title"], anOrder({ title: "供热", evidence: [byPerson("title")] }));
  expect([next.values.title, next.theirs, touched(next)]).toEqual(["供热不足", {}, ["title"]]);
});

test("words typed before a refresh come back over what the machine wrote meanwhile", () => {
  const form = open(anOrder({ title: "机器一" }));
  form.values.title = "我写的";
  const kept = { values: { title: "我写的" }, base: { title: "机器一" } };
  const next = restored(anOrder({ title: "机器二", summary: "新" }), kept as never);
  expect([next.values.title, next.values.summary, touched(next)]).toEqual(["我写的", "新", ["title"]]);
});
