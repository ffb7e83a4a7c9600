import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { fixtures } from "./fixtures";
import { Link } from "./link";
import type { Message } from "./wire";

const whole = fixtures.snapshot[0]!;
const pop = fixtures.pop[0]!;

class FakeSocket {
  static all: FakeSocket[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: { id: number; do: string }[] = [];
  isClosed = false;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.isClosed = true;
  }
  says(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  get query() {
    return new URL(this.url).searchParams;
  }
}

const up: boolean[] = [];
const heard: Message[] = [];
let link: Link;

function last(): FakeSocket {
  return FakeSocket.all.at(-1)!;
}

function delta(seq: number): Message {
  return { ...pop, seq };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all.length = up.length = heard.length = 0;
  link = new Link({ onDesk: (_, message) => heard.push(message), onLink: (isUp) => up.push(isUp) });
});

afterEach(() => {
  link.end();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function begun(): FakeSocket {
  last().says({ ...whole, seq: 4 });
  last().says(delta(5));
  return last();
}

test("a page that is opened asks for everything", () => {
  expect([...last().query.keys()]).toEqual(["page"]);
  begun();
  expect(up).toEqual([true]);
  expect(heard.map((one) => one.seq)).toEqual([4, 5]);
});

test("a lost socket is said at once, and the page comes back where it stopped", () => {
  const before = begun();
  before.onclose?.();
  expect(up).toEqual([true, false]);
  vi.advanceTimersByTime(400);
  expect(last()).not.toBe(before);
  expect(last().query.get("since")).toBe("5");
  expect(last().query.get("epoch")).toBe(whole.epoch);
  expect(last().query.get("page")).toBe(before.query.get("page"));
  last().says({ ...fixtures.resumed[0], seq: 5 });
  last().says(delta(6));
  expect(up).toEqual([true, false, true]);
  expect(heard.map((one) => one.seq)).toEqual([4, 5, 5, 6]);
});

test("a page that missed something begins anew", () => {
  begun().says(delta(9));
  expect(up).toEqual([true, false]);
  vi.advanceTimersByTime(400);
  expect(last().query.get("since")).toBeNull();
  last().says({ ...whole, seq: 9 });
  expect(up.at(-1)).toBe(true);
});

test("a server that says nothing is asked, and without an answer the link is lost after 12 s", () => {
  const socket = begun();
  vi.advanceTimersByTime(4_500);
  expect(socket.sent.map((one) => one.do)).toEqual(["ping"]);
  socket.says({ re: socket.sent[0]!.id, ok: true });
  vi.advanceTimersByTime(11_000);
  expect(up).toEqual([true]);
  vi.advanceTimersByTime(1_500);
  expect(up).toEqual([true, false]);
  expect(socket.isClosed).toBe(true);
});

test("after a closed lid a dead socket is found in seconds, and a live one is kept", () => {
  const socket = begun();
  vi.setSystemTime(Date.now() + 3_600_000); // timers stood still, the clock did not
  vi.advanceTimersByTime(1_000);
  expect(up).toEqual([true]); // asked first
  socket.says({ re: socket.sent.at(-1)!.id, ok: true });
  vi.advanceTimersByTime(3_000);
  expect(up).toEqual([true]);
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(4_500);
  expect(up).toEqual([true, false]);
});

test("a page that wakes up asks at once", () => {
  const socket = begun();
  document.dispatchEvent(new Event("visibilitychange"));
  expect(socket.sent.map((one) => one.do)).toEqual(["ping"]);
  vi.advanceTimersByTime(2_600);
  expect(up).toEqual([true, false]);
});

test("when the network is back nobody waits for the next try", () => {
  begun().onclose?.();
  for (let n = 0; n < 6; n++) {
    vi.advanceTimersByTime(3_000);
    last().onclose?.();
  }
  const tries = FakeSocket.all.length;
  window.dispatchEvent(new Event("online"));
  expect(FakeSocket.all.length).toBe(tries + 1);
  vi.advanceTimersByTime(4_000);
  expect(FakeSocket.all.length).toBe(tries + 1); // one socket is tried, not two
});

test("a socket that does not open is given up, and tried again", () => {
  vi.advanceTimersByTime(8_500);
  expect(FakeSocket.all.length).toBe(2);
  expect(FakeSocket.all[0]!.isClosed).toBe(true);
});

test("what was asked is answered once, or fails with the link", async () => {
  const socket = begun();
  const done = link.ask("ready");
  const refused = link.ask("sign-out");
  const lost = link.ask("ready");
  socket.says({ re: 1, ok: true });
  socket.says({ re: 2, error: { id: "not-signed-in", message: "尚未签入", details: {} } });
  await done;
  await expect(refused).rejects.toThrow("尚未签入");
  socket.onclose?.();
  await expect(lost).rejects.toThrow();
  await expect(link.ask("ready")).rejects.toThrow();
});

test("a page that is left tries no more", () => {
  begun();
  link.end();
  window.dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all.length).toBe(1);
});
