// The desk's websocket: connects, comes back by itself, numbers what it asks and gets it answered.

import { t } from "../words/words";
import { type Desk, fold } from "./fold";
import type { Answer, Message } from "./wire";

const PING_MS = 5_000;
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

export class Link {
  private socket!: WebSocket;
  private desk: Desk | null = null;
  private readonly asked = new Map<number, Asked>();
  private nextId = 1;
  private tries = 0;
  private isWanted = true;
  private beat = 0;
  private retry = 0;

  constructor(private readonly ears: Ears) {
    this.connect();
  }

  /** Ask the brain; settles when it answers, when it does not in time, or when the link is lost. */
  ask(what: string, more: Record<string, unknown> = {}): Promise<void> {
    return new Promise((done, fail) => {
      if (this.socket.readyState !== WebSocket.OPEN) {
        fail(new Error(t("link.notYet")));
        return;
      }
      const id = this.nextId++;
      this.asked.set(id, { done, fail });
      window.setTimeout(() => {
        if (this.asked.delete(id)) fail(new Error(t("link.noAnswer")));
      }, ANSWER_MS);
      this.socket.send(JSON.stringify({ id, do: what, ...more }));
    });
  }

  end(): void {
    this.isWanted = false;
    window.clearTimeout(this.retry);
    this.socket.close();
  }

  private connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/desk`);
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.beat = window.setInterval(() => this.ask("ping").catch(() => socket.close()), PING_MS);
    };
    socket.onmessage = (event: MessageEvent<string>) => this.hear(JSON.parse(event.data));
    socket.onclose = () => this.gone();
  }

  private hear(message: Message | Answer): void {
    if ("re" in message) {
      const waiting = this.asked.get(message.re ?? 0);
      this.asked.delete(message.re ?? 0);
      if ("error" in message) waiting?.fail(new Error(message.error.message));
      else waiting?.done();
      return;
    }
    const next = fold(this.desk, message);
    if (next === "resnapshot") {
      this.socket.close();
      return;
    }
    this.desk = next;
    if (message.type === "snapshot") this.ears.onLink(true);
    this.ears.onDesk(next, message);
  }

  private gone(): void {
    window.clearInterval(this.beat);
    for (const { fail } of this.asked.values()) fail(new Error(t("link.lost")));
    this.asked.clear();
    this.desk = null;
    if (!this.isWanted) return;
    this.ears.onLink(false);
    const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.tries++) * (0.75 + Math.random() / 2);
    this.retry = window.setTimeout(() => this.connect(), wait);
  }
}
