// The desk's websocket: connects, reconnects, folds what it hears, and asks with an answer.

import { fold } from "./fold.js";

const PING_MS = 5000;
const ANSWER_MS = 6000;
const LONGEST_WAIT_MS = 2000; // who is in a talk wants the page back at once

export class Wire {
  // onDesk(desk) after every change; onLink(isUp) when the socket opens and goes.
  constructor(onDesk, onLink) {
    this.onDesk = onDesk;
    this.onLink = onLink;
    this.desk = null;
    this.asked = new Map();
    this.nextId = 1;
    this.tries = 0;
    this.isWanted = true;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/desk`);
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.onLink(true);
      this.beat = setInterval(() => this.ask("ping").catch(() => socket.close()), PING_MS);
    };
    socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    socket.onclose = () => this.gone();
  }

  hear(message) {
    if ("re" in message) {
      const waiting = this.asked.get(message.re);
      this.asked.delete(message.re);
      if (!waiting) return;
      if (message.ok) waiting.done();
      else waiting.fail(new Error(message.error.message));
      return;
    }
    const next = fold(this.desk, message);
    if (next === "resnapshot") {
      this.socket.close();
      return;
    }
    this.desk = next;
    this.onDesk(next, message);
  }

  gone() {
    clearInterval(this.beat);
    for (const { fail } of this.asked.values()) fail(new Error("与服务器的连接断开，请重试。"));
    this.asked.clear();
    this.desk = null;
    if (!this.isWanted) return;
    this.onLink(false);
    const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.tries++) * (0.75 + Math.random() / 2);
    setTimeout(() => this.isWanted && this.connect(), wait);
  }

  ask(what, words = {}) {
    return new Promise((done, fail) => {
      if (this.socket.readyState !== WebSocket.OPEN) {
        fail(new Error("尚未连上服务器，请稍候。"));
        return;
      }
      const id = this.nextId++;
      this.asked.set(id, { done, fail });
      setTimeout(() => {
        if (this.asked.delete(id)) fail(new Error("服务器没有及时答复。"));
      }, ANSWER_MS);
      this.socket.send(JSON.stringify({ id, do: what, ...words }));
    });
  }

  end() {
    this.isWanted = false;
    this.socket.close();
  }
}
