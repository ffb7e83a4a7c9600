// The desk's websocket: connects, comes back by itself where it stopped, numbers what it asks.

import { t } from "../words/words";
import { type Desk, fold } from "./fold";
import type { Answer, Message } from "./wire";

const PING_MS = 4_000; // of silence, then the server is asked whether it is there
const SILENT_MS = 12_000; // with no frame and no answer, the link is lost
const PROBE_MS = 2_500; // a page that wakes up asks at once, and waits no longer than this
const OPENING_MS = 5_000;
const ANSWER_MS = 6_000;
const LONGEST_WAIT_MS = 2_000; // who is in a talk wants the page back at once

interface Asked {
  done: () => void;
  fail: (why: Error) => void;
}

export interface Ears {
  onDesk: (desk: Desk, message: Message) => void;
  onLink: (isUp: boolean) => void;
}

function pageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16).padStart(2, "0")).join("");
}

export class Link {
  private socket: WebSocket | null = null;
  private desk: Desk | null = null;
  private isUp = false;
  private readonly page = pageId();
  private readonly asked = new Map<number, Asked>();
  private nextId = 1;
  private tries = 0;
  private heardAt = 0;
  private pingedAt = 0; // 0: nothing is to be answered
  private readonly beat: number;
  private retry = 0;
  private readonly ending = new AbortController();

  constructor(private readonly ears: Ears) {
    const { signal } = this.ending;
    for (const name of ["online", "offline", "pageshow"]) {
      window.addEventListener(name, () => this.wake(), { signal });
    }
    document.addEventListener("visibilitychange", () => document.hidden || this.wake(), { signal });
    this.beat = window.setInterval(() => this.judge(), 1_000);
    this.connect();
  }

  /** Ask the brain; settles when it answers, when it does not in time, or when the link is lost. */
  ask(what: string, more: Record<string, unknown> = {}): Promise<void> {
    return new Promise((done, fail) => {
      if (!this.isUp) {
        fail(new Error(t("link.notYet")));
        return;
      }
      const id = this.send(what, more);
      this.asked.set(id, { done, fail });
      window.setTimeout(() => {
        if (this.asked.delete(id)) fail(new Error(t("link.noAnswer")));
      }, ANSWER_MS);
    });
  }

  end(): void {
    this.ending.abort();
    window.clearInterval(this.beat);
    this.leave();
  }

  private send(what: string, more: Record<string, unknown> = {}): number {
    const id = this.nextId++;
    this.socket?.send(JSON.stringify({ id, do: what, ...more }));
    return id;
  }

  private connect(): void {
    window.clearTimeout(this.retry);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = new URLSearchParams({ page: this.page });
    if (this.desk !== null) {
      query.set("since", String(this.desk.seq));
      query.set("epoch", this.desk.epoch);
    }
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/desk?${query}`);
    this.socket = socket;
    this.heardAt = Date.now();
    this.pingedAt = 0;
    socket.onmessage = (event: MessageEvent<string>) => this.hear(JSON.parse(event.data));
    socket.onclose = () => this.lost();
  }

  private hear(message: Message | Answer): void {
    this.heardAt = Date.now();
    this.pingedAt = 0;
    if ("re" in message) {
      const waiting = this.asked.get(message.re ?? 0);
      this.asked.delete(message.re ?? 0);
      if ("error" in message) waiting?.fail(new Error(message.error.message));
      else waiting?.done();
      return;
    }
    const next = fold(this.desk, message);
    if (next === "resnapshot") {
      this.desk = null;
      this.lost();
      return;
    }
    this.desk = next;
    this.ears.onDesk(next, message);
    if (this.isUp) return;
    this.isUp = true;
    this.tries = 0;
    this.ears.onLink(true);
  }

  // Timers stand still while a lid is closed or a tab sleeps, so silence is judged by the clock,
  // and never before the server was asked.
  private judge(): void {
    if (this.socket === null) return;
    const now = Date.now();
    if (!this.isUp) {
      if (now - this.heardAt >= OPENING_MS) this.lost();
      return;
    }
    const isUnanswered = this.pingedAt > 0 && now - this.pingedAt >= PROBE_MS;
    if (isUnanswered && now - this.heardAt >= SILENT_MS) this.lost();
    else if (this.pingedAt === 0 && now - this.heardAt >= PING_MS) this.ping(now);
  }

  private ping(now: number): void {
    this.pingedAt = now;
    this.send("ping");
  }

  // The network or the page is back, or both have gone: nobody waits for a timer to find out.
  private wake(): void {
    if (!this.isUp) {
      this.tries = 0;
      this.leave();
      this.connect();
      return;
    }
    const { socket } = this;
    this.ping(Date.now());
    window.setTimeout(() => {
      if (this.socket === socket && this.pingedAt > 0) this.lost();
    }, PROBE_MS);
  }

  // A dead socket closes when its system gives up, minutes later: it is left, not waited for.
  private leave(): void {
    window.clearTimeout(this.retry);
    const { socket } = this;
    this.socket = null;
    if (socket !== null) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.isUp = false;
    for (const { fail } of this.asked.values()) fail(new Error(t("link.lost")));
    this.asked.clear();
  }

  private lost(): void {
    this.leave();
    this.ears.onLink(false);
    const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.tries++) * (0.75 + Math.random() / 2);
    this.retry = window.setTimeout(() => this.connect(), wait);
  }
}
