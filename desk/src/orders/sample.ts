// An order for tests, changed as said.

import type { Order } from "./order";

export function anOrder(changes: Partial<Order> = {}): Order {
  return {
    id: "20261122-db6ef7e7d0", centre: "chifeng", call_id: "node1-1.4", status: "draft",
    received_at: "2026-11-22T12:00:00+08:00",
    dialled: { number: "8337772", name: "市长热线", department: "市政府办公室", mode: "whole" },
    caller: { number: "13847652301", name: null, anonymous: null, disclosure_consent: null, enterprise: null, deputy: null },
    demand_type: null, title: null, content: null, summary: null,
    place: { text: null, region: null, township: null, detail: null },
    when: { text: null, start: null, end: null },
    offices: [], decision: null, decline_reason: null, urgency: null, urgent_office: null,
    deadlines: { dispatch_by: null, sign_by: null, finish_by: null, provisional: true },
    moves: [], case: null, duplicates: [], hot_topic: null, satisfaction: null, evidence: [],
    transcript: { engine: null, confidence: null }, recording: { url: null, seconds: null, parts: [] },
    ...changes,
  };
}
