// A work order as the server tells it. Every key is always there, null when unknown.

export type Status = "draft" | "submitted" | "delivered" | "void";
export type Kind = "speech" | "signalling" | "agent" | "rule";

export interface Evidence {
  field: string;
  kind: Kind;
  channel: string | null;
  start_s: number | null;
  end_s: number | null;
  text: string;
}

export interface Office {
  name: string;
  score: number;
  why: string;
}

export interface RecordedPart {
  part: string;
  channel: string;
  url: string;
  seconds: number;
}

export interface MovedTo {
  at: string;
  kind: string | null;
  name: string;
  result: string | null;
  rule: string | null;
}

export interface Order {
  id: string;
  centre: string;
  call_id: string;
  status: Status;
  received_at: string;
  dialled: { number: string; name: string | null; department: string | null; mode: string | null };
  caller: {
    number: string | null;
    name: string | null;
    anonymous: boolean | null;
    disclosure_consent: boolean | null;
    enterprise: boolean | null;
    deputy: boolean | null;
  };
  demand_type: string | null;
  title: string | null;
  content: string | null;
  summary: string | null;
  place: { text: string | null; region: string | null; township: string | null; detail: string | null };
  when: { text: string | null; start: string | null; end: string | null };
  offices: Office[];
  decision: string | null;
  decline_reason: string | null;
  urgency: string | null;
  urgent_office: string | null;
  deadlines: { dispatch_by: string | null; sign_by: string | null; finish_by: string | null; provisional: boolean };
  moves: MovedTo[];
  case: { line: string | null; number: string } | null;
  duplicates: string[];
  hot_topic: string | null;
  satisfaction: number | null;
  evidence: Evidence[];
  transcript: { engine: string | null; confidence: number | null };
  recording: { url: string | null; seconds: number | null; parts: RecordedPart[] };
}

export interface Said {
  channel: string;
  part: string;
  start_s: number;
  end_s: number;
  text: string;
  /** As the engine heard it, where `text` was mended. */
  raw: string;
}

/** Of a call, what decides who may write its order and hear it. */
export interface CallSeen {
  call_id: string;
  direction: "in" | "out" | "told";
  /** null: somebody still talks. */
  ended_at: string | null;
  talks: { seat: string; agent: string }[];
}

export interface Intake {
  refusals: { id: string; reason: string; words: string; source: string }[];
  offices: string[];
  limits: Record<"dispatch_h" | "sign_d" | "consult_d" | "other_d" | "hard_d", number | null> & { urgent: string | null };
}

export const TYPES = ["consult", "help", "complaint", "report", "suggestion", "praise", "other"] as const;
export const URGENCIES = ["normal", "same_day", "within_1h", "urgent"] as const;
export const DECISIONS = ["accept", "answered", "decline"] as const;
