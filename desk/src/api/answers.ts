// Made by `python -m tests.cti.web.wirefiles` from the endpoints of cti/web; not to be edited.

/** The wish was taken. What becomes of it the live figures show. */
export interface Accepted {
  extension: string;
}

/** It is read. */
export interface Acknowledged {
  id: number;
}

/** The process answers. */
export interface Alive {
  alive: boolean;
}

/** Money that was named, in yuan; ``about`` where it was said so (四十多块). */
export interface Amount {
  text: string;
  yuan: number;
  about?: boolean;
}

/** What became of a caller of whom we told: taken on, refused, done. */
export interface Answer {
  key: string;
  state: "taken" | "refused" | "done";
  case?: string;
  result?: string;
}

/** The answer stands in the order of that call. */
export interface Answered {
  call_id: string;
}

/** What the citizen said of the finished order; or that nobody was reached. */
export interface AnsweredInput {
  mark?: number | null;
  remark?: string;
  outcome?: AttemptOutcome | null;
}

/** Why it is applied. */
export interface Applied {
  why?: string;
}

/** One report that nobody has closed. */
export interface ArticleReportShown {
  id: number;
  article: string;
  title: string;
  office: string;
  why: string;
  by: string;
  at: string;
}

/** One article as an agent reads it. */
export interface ArticleShown {
  id: string;
  title: string;
  answer: string;
  office: string;
  since: string | null;
  until: string | null;
  source: string;
  is_outdated: boolean;
  reports: number | null;
  score: number;
}

/** The best first. */
export interface ArticlesFound {
  items: ArticleShown[];
}

/** How calling back went. */
export type AttemptOutcome = "answered" | "no-answer" | "busy" | "unreachable" | "refused";

/** One try to reach the caller. */
export interface AttemptShown {
  at: string;
  agent: string;
  outcome: AttemptOutcome;
  call_id: string | null;
}

/** A part of the refused calls. */
export interface BlockedPage {
  items: BlockedShown[];
  limit: number;
  offset: number;
}

/** One refused call. */
export interface BlockedShown {
  call_id: string;
  centre: string;
  line: string;
  number: string;
  arrived_at: string;
  ended_at: string | null;
}

/** The call that is being made. */
export interface CallOutShown {
  call_id: string;
}

/** A part of a list of calls. */
export interface CallPage {
  items: CallShown[];
  limit: number;
  offset: number;
}

/** A call, from its first ring to its end. */
export interface CallShown {
  call_id: string;
  centre: string;
  line: string;
  dnis: string;
  ani: string;
  direction: "in" | "out" | "told";
  about: string | null;
  arrived_at: string;
  waited_since: string | null;
  answered_at: string | null;
  ended_at: string | null;
  disposition: string;
  cause: number;
  has_fallen_back: boolean;
  is_rebuilt: boolean;
  revision: number;
  satisfaction: number | null;
  offers: OfferShown[];
  talks: TalkShown[];
}

/** A call that a house answered. With ``call_id`` one that we handed to it, or it to us. */
export interface CallTold {
  /** 来电号码，可空 */
  caller?: string;
  name?: string;
  title?: string;
  content?: string;
  place?: string;
  demand_type?: "consult" | "help" | "complaint" | "report" | "suggestion" | "praise" | "other" | null;
  urgency?: "normal" | "same_day" | "within_1h" | "urgent" | null;
  /** 转接过的通话编号 */
  call_id?: string | null;
  /** 对方的编号，同一编号只收一次 */
  id: string;
  arrived_at: string;
  answered_at?: string | null;
  ended_at: string;
}

/** Which call. */
export interface CallWanted {
  /** 通话号，须在本座席上 */
  call: string;
}

/** How many tasks stand where; ``overdue`` counts owed and claimed ones past their deadline. */
export interface CallbackCount {
  owed: number;
  claimed: number;
  done: number;
  closed: number;
  failed: number;
  overdue: number;
}

/** A part of a list of tasks. */
export interface CallbackPage {
  items: CallbackShown[];
  limit: number;
  offset: number;
}

/** A caller to be called back. */
export interface CallbackShown {
  call_id: string;
  centre: string;
  line: string;
  number: string;
  missed_at: string;
  due_at: string;
  is_overdue: boolean;
  is_short: boolean;
  state: string;
  attempts: AttemptShown[];
  claimed_by: string | null;
  claimed_until: string | null;
  closed_by: string | null;
}

/** What became of the callers who called in vain. */
export interface CallbacksShown {
  owed: number;
  done: number;
  closed: number;
  failed: number;
  overdue: number;
  callback_s: number | null;
}

/** One call out about an order. */
export interface CalledOut {
  call_id: string;
  at: string;
  agent: string;
  outcome: string | null;
  seconds: number | null;
}

/** The calls out about an order, in the order they were made. */
export interface CalledOutList {
  items: CalledOut[];
  due_at: string | null;
}

/** Who called. Whole in the database; masked on the way out unless the reader may see it. */
export interface Caller {
  number?: string | null;
  name?: string | null;
  anonymous?: boolean | null;
  disclosure_consent?: boolean | null;
  enterprise?: boolean | null;
  deputy?: boolean | null;
}

/** What the agent learnt of the caller. The number is the network's word, not editable. */
export interface CallerEdit {
  name?: string | null;
  anonymous?: boolean | null;
  disclosure_consent?: boolean | null;
  enterprise?: boolean | null;
  deputy?: boolean | null;
}

/** Which case of another house the order is about. */
export interface CaseOf {
  line?: string | null;
  number: string;
}

/** A case: which, when, who, where, what. With ``call_id`` it is about that call of ours. */
export interface CaseTold {
  /** 来电号码，可空 */
  caller?: string;
  name?: string;
  title?: string;
  content?: string;
  place?: string;
  demand_type?: "consult" | "help" | "complaint" | "report" | "suggestion" | "praise" | "other" | null;
  urgency?: "normal" | "same_day" | "within_1h" | "urgent" | null;
  /** 转接过的通话编号 */
  call_id?: string | null;
  /** 对方的编号，同一编号只收一次 */
  case: string;
  at: string;
}

/** A centre and its seats. */
export interface Centre {
  centre: string;
  name: string;
  city: string;
  seats: SeatFacts[];
  sees: CentreSeen[];
}

/** A centre whose tables the reader may open. */
export interface CentreNamed {
  centre: string;
  name: string;
}

/** A centre whose calls and orders the reader may look at. */
export interface CentreSeen {
  centre: string;
  name: string;
}

/** The centres whose tables the reader may open, the own one first. */
export interface Centres {
  items: CentreNamed[];
}

/** One thing that callers, agents or administrators will notice. */
export interface ChangeShown {
  kind: string;
  centre: string;
  what: string;
  before: string;
  after: string;
  since: string | null;
  until: string | null;
  area: string;
  text: string;
}

/** What applying the working copy would change. */
export interface ChangesShown {
  before: number | null;
  changes: ChangeShown[];
  lines: string[];
  exceptions: string[];
  faults: FaultShown[];
}

/** What a check found. Counts are of all centres; all zero when the tables cannot be read. */
export interface CheckShown {
  is_right: boolean;
  numbers: number;
  rows: number;
  modes: Record<string, number>;
  centres: string[];
  faults: FaultShown[];
}

/** What is doubtful about an order; none: nothing was found. */
export interface Checks {
  order: string;
  items: Doubt[];
}

/** One column of a table. */
export interface ColumnShown {
  name: string;
  english: string;
  is_needed: boolean;
  choices: string[];
  hint: string;
}

/** What a person types. */
export interface Credentials {
  /** 用户名 */
  user: string;
  /** 密码 */
  password: string;
  /** 在其他系统网页的框架里登录 */
  is_framed?: boolean;
}

/** By when each step is owed. ``provisional``: some count from what has not happened yet, as the office's signing. */
export interface Deadlines {
  dispatch_by?: string | null;
  sign_by?: string | null;
  finish_by?: string | null;
  provisional?: boolean;
}

/** What a page's phone registers with. The password is in no log and is never kept. */
export interface DeskPhone {
  url: string;
  user: string;
  password: string;
}

/** The line the caller reached, from the ledger. */
export interface Dialled {
  number: string;
  name?: string | null;
  department?: string | null;
  mode?: string | null;
}

/** One question about one field; times are None where no speech gave rise to it. */
export interface Doubt {
  field: string;
  kind: "missing" | "contradiction" | "doubt";
  why: string;
  channel?: string | null;
  start_s?: number | null;
  end_s?: number | null;
}

/** Why a field says what it says. Speech names channel and times. */
export interface Evidence {
  field: string;
  kind: "speech" | "signalling" | "agent" | "rule";
  channel?: "caller" | "agent" | "expert" | "office" | null;
  start_s?: number | null;
  end_s?: number | null;
  text: string;
}

/** Whose call is to be explained. */
export interface ExplainAsked {
  /** 来电人拨打的号码 */
  dialled: string;
  /** 来电号码 */
  from?: string;
  /** 来电时间，须带时区；不写为现在 */
  at?: string | null;
  /** 从哪个中心的中继进来 */
  via?: string | null;
  /** 版本号，0 为正在使用的版本；不写为工作副本 */
  revision?: number | null;
}

/** One thing that is wrong, where it stands, and what to write instead. */
export interface FaultShown {
  file: string;
  row: number;
  column: string;
  message: string;
  instead: string;
  cell?: string;
}

/** A part of a list of follow-ups. */
export interface FollowUpPage {
  items: FollowUpShown[];
  limit: number;
  offset: number;
}

/** A citizen to be asked about a finished order. */
export interface FollowUpShown {
  order: string;
  title: string | null;
  office: string;
  result: string;
  number: string;
  handled_at: string;
  due_at: string;
  is_overdue: boolean;
  state: string;
  attempts: AttemptShown[];
  claimed_by: string | null;
  mark: number | null;
  remark: string;
  answered_by: string | null;
  answered_at: string | null;
}

/** What citizens say of their finished orders. */
export interface FollowUpsShown {
  owed: number;
  done: number;
  failed: number;
  overdue: number;
  satisfied_share: number | null;
  satisfaction: number | null;
}

/** A stretch of the call where somebody was heard and nothing could be written down. */
export interface Gap {
  channel?: "caller" | "agent" | "expert" | "office" | null;
  start_s: number;
  end_s: number;
}

/** What the office that finished the matter says of it. */
export interface Handled {
  /** 承办单位 */
  office: string;
  /** 办理结果 */
  result: string;
  /** 办结时间，不写为此刻 */
  at?: string | null;
}

/** All revisions, the newest first. */
export interface History {
  items: RevisionShown[];
}

/** What was understood of a sheet. Nothing is written while there is a fault. */
export interface ImportShown {
  rows: Record<string, string>[];
  notes: string[];
  faults: FaultShown[];
  changes: string[];
  refused?: FaultShown[];
  is_written: boolean;
}

/** A centre's own rules of intake. */
export interface Intake {
  centre: string;
  refusals: RefusalShown[];
  offices: string[];
  limits: LimitsShown;
}

export type JsonValue = unknown;

/** Where it is kept, and how its order stands. */
export interface Kept {
  number: string;
  order: string;
  call_id: string;
  status: "draft" | "submitted" | "delivered" | "void";
  decision: "accept" | "answered" | "decline" | null;
  decline_reason: string | null;
  result: string | null;
}

/** What another system's server brings. */
export interface KeyBrought {
  /** 一次性密钥 */
  key: string;
}

/** What to press, and in which call: in a later one it is not pressed. */
export interface KeyWanted {
  call: string;
  key: PhoneKey;
}

/** How the caller is moved. */
export type KindInput = "blind" | "hand-over" | "consult" | "three-way" | "emergency";

/** Who wrote a table as it stands, and when. */
export interface LastWrite {
  who: string;
  at: string;
}

/** A line of the ledger with everything that is planned for it. */
export interface LedgerLine {
  number: string;
  name: string;
  department: string;
  mode: string;
  state: string;
  seating: string;
  begins: string | null;
  ends: string | null;
  peer: string;
  destination: string;
  hours: string;
  exception: string;
  row: number;
}

/** A centre's ledger in the working copy: the table as written, and what it says. */
export interface LedgerShown {
  centre: string;
  name: string;
  tag: string;
  in_force: number | null;
  is_applied: boolean;
  file: string;
  header: string[];
  further: string[];
  rows: Record<string, string>[];
  row_lines: number[];
  written_from: number;
  written: LastWrite | null;
  lines: LedgerLine[];
  faults: FaultShown[];
}

/** Time limits; null: the centre has no such rule. */
export interface LimitsShown {
  dispatch_h: number | null;
  sign_d: number | null;
  consult_d: number | null;
  other_d: number | null;
  hard_d: number | null;
  urgent: "same-day" | null;
}

/** A line as an explanation names it. */
export interface LineShown {
  number: string;
  name: string;
  department: string;
  mode: string;
  state: string;
}

/** A part of the list. */
export interface ListingPage {
  items: ListingShown[];
  limit: number;
  offset: number;
}

/** One number on the list. */
export interface ListingShown {
  id: number;
  centre: string;
  number: string;
  reason: string;
  added_by: string;
  added_at: string;
  until: string;
  removed_by: string | null;
  removed_at: string | null;
  is_standing: boolean;
  blocked: number | null;
}

/** A centre as its supervisors see it. */
export interface LiveShown {
  at: string;
  now: NowShown;
  waiting: Record<string, WaiterShown>;
  states: Record<string, number>;
  seats: Record<string, SeatNowShown>;
  today: TodayShown;
  callbacks: OwedShown;
  name: string;
  hands: Record<string, string>;
}

/** One fault: of which rule, what it took, and where to listen. */
export interface Mark {
  rule: "greeting" | "closing" | "forbidden" | "silence" | "talking_over" | "clarity";
  points: number;
  why: string;
  start_s: number;
  end_s: number;
}

/** Who is signed in. */
export interface Me {
  user: string;
  name: string;
  role: string;
  centre: string;
}

/** How a supervisor is in a talk. */
export type Mode = "listen" | "whisper" | "barge";

/** The wish was taken. What becomes of it the desk's ``move`` deltas say. */
export interface MoveTaken {
  call_id: string;
  move: string;
}

/** To whom a call is to be taken, and how. */
export interface MoveWanted {
  /** 由请求方取的编号；同一编号重复提交只转接一次，没有收到答复可以照样再试 */
  move: string;
  kind: KindInput;
  /** 转接目标；自行输入号码时不写 */
  target?: string;
  /** 自行输入的号码，没有目标时才看 */
  number?: string;
}

/** Where the call was moved, or was to be. */
export interface MovedTo {
  at: string;
  kind?: string | null;
  target?: string | null;
  name: string;
  result?: string | null;
  rule?: string | null;
}

/** To how many. */
export interface NoteSent {
  sent: number;
}

/** One note to one agent. */
export interface NoteShown {
  id: number;
  sender: string;
  to: string;
  text: string;
  at: string;
  read_at: string | null;
}

/** What to tell, and whom: an agent who sits in the centre, or null: all who do. */
export interface NoteWanted {
  to: string | null;
  text: string;
}

/** Some notes. */
export interface NotesShown {
  items: NoteShown[];
}

/** Callers at this moment. */
export interface NowShown {
  day: string;
  is_whole: boolean;
  waiting: number;
  waiting_since: string | null;
  ringing: number;
  talking: number;
  outside: number;
  kept: number;
}

/** One ringing: of one seat, or of the line's own seats at another exchange. */
export interface OfferShown {
  seat: string;
  peer: string;
  at: string;
  outcome: string;
  leg: string;
  target: string;
}

/** An office that may have to act; the lead office comes first. */
export interface Office {
  name: string;
  score: number;
  why: string;
}

/** An office that may have to act, and why; the first of several leads. */
export interface OfficeEdit {
  name: string;
  why?: string;
}

/** A piece of work under way, or over. */
export interface OperationShown {
  id: string;
  kind: string;
  state: string;
  who: string;
  began_at: string;
  steps: StepTold[];
  revision: RevisionShown | null;
  error: Record<string, unknown> | null;
}

/** The agent's words. A key that is absent changes nothing; null clears. */
export interface OrderEdit {
  demand_type?: "consult" | "help" | "complaint" | "report" | "suggestion" | "praise" | "other" | null;
  title?: string | null;
  content?: string | null;
  summary?: string | null;
  place?: PlaceEdit;
  when?: WhenEdit;
  caller?: CallerEdit;
  decision?: "accept" | "answered" | "decline" | null;
  decline_reason?: string | null;
  urgency?: "normal" | "same_day" | "within_1h" | "urgent" | null;
  urgent_office?: string | null;
  offices?: OfficeEdit[] | null;
  was?: Record<string, JsonValue>;
}

/** A part of a list of orders. */
export interface OrderPage {
  items: WorkOrderDraft[];
  total: number;
  limit: number;
  offset: number;
}

/** What the centre's profile says of other systems' pages. */
export interface OtherPages {
  pops: boolean;
  origins: string[];
}

/** Callers still to be called back, whenever they called in vain. */
export interface OwedShown {
  owed: number;
  overdue: number;
}

/** The password that somebody has, and the one that they want. */
export interface PasswordChange {
  /** 原密码 */
  old: string;
  /** 新密码 */
  new: string;
}

/** Everybody of a centre. */
export interface PeopleShown {
  items: PersonShown[];
}

/** What is to become of somebody; what is not named stays. */
export interface PersonChange {
  user: string;
  role?: "agent" | "expert" | "supervisor" | "admin" | "screen" | null;
  is_active?: boolean | null;
  password?: string | null;
}

/** One account. */
export interface PersonShown {
  user: string;
  centre: string;
  role: string;
  is_active: boolean;
  is_me: boolean;
}

/** Somebody new in the asker's centre. */
export interface PersonWanted {
  /** 用户名，不含空格；不用电话号码 */
  user: string;
  role: "agent" | "expert" | "supervisor" | "admin" | "screen";
  password: string;
}

/** What a page presses on the telephone that stands beside it. */
export type PhoneKey = "answer" | "hold" | "resume" | "mute" | "unmute" | "hang-up";

/** Where it happened: as spoken, and as the gazetteer knows it. */
export interface Place {
  text?: string | null;
  region?: string | null;
  township?: string | null;
  detail?: string | null;
}

/** Where it happened. */
export interface PlaceEdit {
  text?: string | null;
  region?: string | null;
  township?: string | null;
  detail?: string | null;
}

/** What happens to a dialled number. ``why`` has one reason a step. */
export interface PlanShown {
  dialled: string;
  centre: string;
  from: string;
  at: string;
  revision: number;
  line: LineShown;
  steps: StepShown[];
  why: string[];
}

/** Who calls. */
export interface PopCaller {
  number: string | null;
  is_masked: boolean;
  place: string;
  known_as: string | null;
}

/** A call's card, as another system is told. */
export interface PopFacts {
  call_id: string;
  order: string | null;
  agent: string;
  agent_name: string;
  at: string;
  waited_s: number;
  caller: PopCaller;
  line: PopLine;
}

/** A key for the call, good once. */
export interface PopGiven {
  key: string;
  url: string | null;
  until: string;
}

/** What was dialled. */
export interface PopLine {
  number: string;
  name: string;
  department: string;
}

/** The key was passed on. What comes of it the seat's own state shows. */
export interface Pressed {
  call_id: string;
}

/** A prompt: what it says, and whether its sound is there. */
export interface PromptShown {
  id: string;
  text: string;
  file: string;
  is_made: boolean;
  is_recorded: boolean;
}

/** All prompts of a centre. */
export interface Prompts {
  items: PromptShown[];
}

/** Whether calls are being served as they should, part by part. */
export interface Ready {
  ready: boolean;
  switch: boolean;
  database: boolean;
}

/** Why somebody must know. */
export interface Reason {
  /** 为什么要看；号码会遮盖后写进审计 */
  reason: string;
}

/** What was said with a recipient of a move without the caller: a recording of its own. */
export interface RecordedPart {
  part: string;
  channel: "caller" | "agent" | "expert" | "office";
  url: string;
  seconds: number;
}

/** Where the stereo recording is heard (a path of our API) and how long it is. */
export interface Recording {
  url?: string | null;
  seconds?: number | null;
  parts?: RecordedPart[];
}

/** A reason for which a demand is not taken on. */
export interface RefusalShown {
  id: string;
  reason: string;
  words: string;
  source: string;
}

/** What is wrong with it. */
export interface ReportAsked {
  why: string;
}

/** A report. */
export interface ReportShown {
  since: string;
  until: string;
  by: string;
  whole: WholeShown;
  rows: RowShown[];
  worst_24_h: WorstShown | null;
  callbacks: CallbacksShown;
  follow_ups: FollowUpsShown;
}

/** The newest first. */
export interface ReportsShown {
  items: ArticleReportShown[];
}

/** Who was shown whom, when and why. */
export interface Reveal {
  at: string;
  user: string;
  order: string;
  /** 来电号码，已遮盖 */
  number: string;
  reason: string;
}

/** A part of the list, the newest first. */
export interface RevealPage {
  items: Reveal[];
  total: number;
  limit: number;
  offset: number;
}

/** One applied, refused or pending change of the city. */
export interface RevisionShown {
  number: number;
  at: string;
  who: string;
  why: string;
  kind: string;
  of: number | null;
  digest: string;
  state: string;
  problem: string;
  is_in_force: boolean;
  is_live: boolean;
  waits: string[];
  added: number;
  changed: number;
  removed: number;
  exceptions: string[];
  is_new?: boolean;
  aside?: string[];
}

/** Which revision's content comes back. */
export interface RolledBack {
  why?: string;
  revision: number;
}

/** One row of a breakdown; one by line says nothing of seats. */
export interface RowShown {
  offered: number;
  live: number;
  answered: number;
  answered_outside: number;
  abandoned: number;
  short_abandoned: number;
  told: number;
  blocked: number;
  cut: number;
  connection_share: number | null;
  answered_within_15_s: number;
  within_15_s_share: number | null;
  speed_of_answer_s: number | null;
  longest_wait_s: number | null;
  talk_s: number | null;
  rated: number;
  satisfaction: number | null;
  satisfied_share: number | null;
  dialled_out: number;
  reached_out: number;
  row: string;
  seats: SeatFiguresShown | null;
}

/** The whole table: each row as column → cell. None: an empty table. */
export interface RowsPut {
  rows: Record<string, string>[];
}

/** What a call is worth of a hundred, what each rule kept, and every fault. */
export interface Score {
  total: number;
  kept: Record<string, number>;
  marks: Mark[];
}

/** The score of an order's call. */
export interface Scored {
  order: string;
  score: Score | null;
}

/** What was said, or typed: characters, pinyin or its initials. */
export interface SearchAsked {
  text: string;
  limit?: number;
}

/** A seat that may be chosen. */
export interface SeatFacts {
  extension: string;
  name: string;
  taken_by: string | null;
  has_phone: boolean;
}

/** How seats spent their time, in seconds; null where nothing was counted. */
export interface SeatFiguresShown {
  signed_in_s: number;
  ready_s: number;
  ringing_s: number;
  talking_s: number;
  wrapping_up_s: number;
  not_ready_s: number;
  occupancy: number | null;
  wrap_up_s: number | null;
  not_ready_by_reason: Record<string, number>;
}

/** One signed-in seat at this moment. */
export interface SeatNowShown {
  extension: string;
  agent: string;
  state: string;
  reason: string;
  since: string;
  call: string | null;
  has_phone: boolean;
  skills: Record<string, number>;
  is_reskilled: boolean;
}

/** What one side said in one breath. */
export interface SegmentShown {
  channel: string;
  part: string;
  start_s: number;
  end_s: number;
  text: string;
  confidence: number | null;
  raw: string;
}

/** The skills of a centre, in the order of its plan. */
export interface SkillsShown {
  skills: string[];
}

/** What the agent takes until the agent leaves the seat, each skill with its level; null: as planned. */
export interface SkillsWanted {
  agent: string;
  skills: Record<string, number> | null;
}

/** What is asked, and of whom: of somebody else who sits there by now it is not. */
export interface StateWanted {
  agent: string;
  state: Wish;
}

/** One thing done with the call. */
export interface StepShown {
  do: "say" | "queue" | "dial" | "hangup";
  prompt?: string;
  text?: string;
  line?: string;
  peer?: string;
  number?: string;
  ring_s?: number;
}

/** How far one step of the work is. */
export interface StepTold {
  what: string;
  done: number;
  total: number;
}

/** How to be in the talk. */
export interface SuperviseWanted {
  mode: Mode;
}

/** The wish was taken. What becomes of it the desk's ``supervised`` deltas say. */
export interface Supervised {
  call_id: string;
}

/** A table that can be edited. */
export interface TableNamed {
  table: string;
  chinese: string;
  english: string;
}

/** The whole table: each row as column → cell. */
export interface TablePut {
  rows: Record<string, string>[];
}

/** A table of a centre's working copy, faults and all. */
export interface TableShown {
  table: string;
  chinese: string;
  english: string;
  centre: string;
  tag: string;
  in_force: number | null;
  is_applied: boolean;
  file: string;
  header: string[];
  further: string[];
  columns: ColumnShown[];
  keys: string[];
  rows: Record<string, string>[];
  row_lines: number[];
  written_from: number;
  written: LastWrite | null;
  faults: FaultShown[];
}

/** All of them, in the order in which they are offered. */
export interface TablesShown {
  items: TableNamed[];
}

/** One agent, somebody at another exchange, or a recipient talked with the caller. */
export interface TalkShown {
  seat: string;
  agent: string;
  peer: string;
  leg: string;
  target: string;
  since: string;
  until: string | null;
}

/** What sort of place it is. */
export type TargetKind =
  | "seat" | "group" | "expert" | "office" | "sub-centre" | "centre" | "emergency" | "utility" | "number";

/** Somebody a caller can be taken to. */
export interface TargetShown {
  id: string;
  name: string;
  kind: TargetKind;
  kind_name: string;
  ways: transfer__step__Kind[];
  is_open: boolean;
  opens_at: string | null;
  is_free: boolean | null;
  number: string;
  lines: string[];
  is_urgent: boolean;
  note: string;
  pinyin: string[];
}

/** Everybody the reader's calls can be taken to, in the order in which desks show them. */
export interface Targets {
  centre: string;
  at: string;
  items: TargetShown[];
  typed_numbers: string[];
  first_answerer: string;
}

/** Whom to refuse, why and until when: by number, or by a call of this centre. */
export interface ToList {
  number?: string | null;
  call?: string | null;
  reason: string;
  until?: string | null;
  days?: number | null;
}

/** The figures of the calls that arrived today, and how the seats spent it. */
export interface TodayShown {
  offered: number;
  live: number;
  answered: number;
  answered_outside: number;
  abandoned: number;
  short_abandoned: number;
  told: number;
  blocked: number;
  cut: number;
  connection_share: number | null;
  answered_within_15_s: number;
  within_15_s_share: number | null;
  speed_of_answer_s: number | null;
  longest_wait_s: number | null;
  talk_s: number | null;
  rated: number;
  satisfaction: number | null;
  satisfied_share: number | null;
  dialled_out: number;
  reached_out: number;
  occupancy: number | null;
  wrap_up_s: number | null;
}

/** A matter that many call about. */
export interface TopicShown {
  word: string;
  place: string;
  kinds: records__hottopics__Kind[];
  why: string[];
  callers: number;
  count: number;
  orders: string[];
  first_at: string;
}

/** All of a centre. */
export interface TopicsShown {
  at: string;
  items: TopicShown[];
}

/** How the transcript was made and how far it can be trusted. */
export interface Transcript {
  engine?: string | null;
  confidence?: number | null;
  gaps?: Gap[];
}

/** All that was said, in order. */
export interface TranscriptShown {
  call_id: string;
  segments: SegmentShown[];
}

/** How calling back went. */
export interface Tried {
  outcome: AttemptOutcome;
}

/** One caller who waits. */
export interface WaiterShown {
  line: string;
  number: string;
  since: string;
  rings: boolean;
}

/** When it happened: as spoken, and as a span of time. */
export interface When {
  text?: string | null;
  start?: string | null;
  end?: string | null;
}

/** When it happened. */
export interface WhenEdit {
  text?: string | null;
  start?: string | null;
  end?: string | null;
}

/** All calls and seats together. */
export interface WholeShown {
  offered: number;
  live: number;
  answered: number;
  answered_outside: number;
  abandoned: number;
  short_abandoned: number;
  told: number;
  blocked: number;
  cut: number;
  connection_share: number | null;
  answered_within_15_s: number;
  within_15_s_share: number | null;
  speed_of_answer_s: number | null;
  longest_wait_s: number | null;
  talk_s: number | null;
  rated: number;
  satisfaction: number | null;
  satisfied_share: number | null;
  dialled_out: number;
  reached_out: number;
  seats: SeatFiguresShown;
}

/** What a supervisor may ask of a seat in its agent's stead. */
export type Wish = "ready" | "not-ready" | "sign-out";

/** A work order. Frozen: the worker makes a fuller one with ``model_copy(update=…)``. */
export interface WorkOrderDraft {
  id: string;
  centre: string;
  call_id: string;
  status?: "draft" | "submitted" | "delivered" | "void";
  received_at: string;
  channel?: "phone";
  dialled: Dialled;
  caller: Caller;
  demand_type?: "consult" | "help" | "complaint" | "report" | "suggestion" | "praise" | "other" | null;
  title?: string | null;
  content?: string | null;
  summary?: string | null;
  place?: Place;
  when?: When;
  amounts?: Amount[];
  offices?: Office[];
  decision?: "accept" | "answered" | "decline" | null;
  decline_reason?: string | null;
  urgency?: "normal" | "same_day" | "within_1h" | "urgent" | null;
  urgent_office?: string | null;
  deadlines?: Deadlines;
  moves?: MovedTo[];
  case?: CaseOf | null;
  duplicates?: string[];
  hot_topic?: string | null;
  satisfaction?: number | null;
  evidence?: Evidence[];
  transcript?: Transcript;
  recording?: Recording;
}

/** The 24 hours with the lowest connection rate. */
export interface WorstShown {
  since: string;
  connection_share: number;
}

/** What a topic is; several at once. */
export type records__hottopics__Kind = "sudden" | "hot" | "concentrated" | "lasting" | "budding";

/** How the caller is moved. */
export type transfer__step__Kind = "blind" | "hand-over" | "consult" | "three-way" | "emergency";

/** What each route answers. */
export interface Answers {
  "DELETE /api/v1/nuisance/{listing}": ListingShown;
  "DELETE /api/v1/prompts/{prompt}/recording": PromptShown;
  "DELETE /api/v1/seats/{extension}/hand": Accepted;
  "GET /api/v1/callbacks": CallbackPage;
  "GET /api/v1/callbacks/count": CallbackCount;
  "GET /api/v1/calls": CallPage;
  "GET /api/v1/calls/{call}": CallShown;
  "GET /api/v1/calls/{call}/transcript": TranscriptShown;
  "GET /api/v1/centre": Centre;
  "GET /api/v1/desk/phone": DeskPhone;
  "GET /api/v1/follow-ups": FollowUpPage;
  "GET /api/v1/intake": Intake;
  "GET /api/v1/knowledge/reports": ReportsShown;
  "GET /api/v1/linkage/{line}/cases/{case}": Kept;
  "GET /api/v1/live": LiveShown;
  "GET /api/v1/notes": NotesShown;
  "GET /api/v1/notes/unread": NotesShown;
  "GET /api/v1/nuisance": ListingPage;
  "GET /api/v1/nuisance/calls": BlockedPage;
  "GET /api/v1/numbers": LedgerShown;
  "GET /api/v1/numbers/centres": Centres;
  "GET /api/v1/numbers/check": CheckShown;
  "GET /api/v1/numbers/history": History;
  "GET /api/v1/numbers/operations/{operation}": OperationShown;
  "GET /api/v1/other-pages": OtherPages;
  "GET /api/v1/people": PeopleShown;
  "GET /api/v1/prompts": Prompts;
  "GET /api/v1/reveals": RevealPage;
  "GET /api/v1/session": Me;
  "GET /api/v1/skills": SkillsShown;
  "GET /api/v1/stats": ReportShown;
  "GET /api/v1/tables": TablesShown;
  "GET /api/v1/tables/{table}": TableShown;
  "GET /api/v1/targets": Targets;
  "GET /api/v1/topics": TopicsShown;
  "GET /api/v1/work-orders": OrderPage;
  "GET /api/v1/work-orders/{order}": WorkOrderDraft;
  "GET /api/v1/work-orders/{order}/calls": CalledOutList;
  "GET /api/v1/work-orders/{order}/checks": Checks;
  "GET /api/v1/work-orders/{order}/score": Scored;
  "GET /healthz": Alive;
  "GET /readyz": Ready;
  "PATCH /api/v1/work-orders/{order}": WorkOrderDraft;
  "POST /api/v1/callbacks/{call}/attempt": CallbackShown;
  "POST /api/v1/callbacks/{call}/claim": CallbackShown;
  "POST /api/v1/callbacks/{call}/decline": CallbackShown;
  "POST /api/v1/callbacks/{call}/dial": CallOutShown;
  "POST /api/v1/callbacks/{call}/release": CallbackShown;
  "POST /api/v1/calls/{call}/moves": MoveTaken;
  "POST /api/v1/calls/{call}/moves/{move}/{key}": MoveTaken;
  "POST /api/v1/calls/{call}/supervise": Supervised;
  "POST /api/v1/calls/{call}/take-over": Supervised;
  "POST /api/v1/desk/phone/keys": Pressed;
  "POST /api/v1/follow-ups/{order}/answer": FollowUpShown;
  "POST /api/v1/follow-ups/{order}/claim": FollowUpShown;
  "POST /api/v1/follow-ups/{order}/dial": CallOutShown;
  "POST /api/v1/follow-ups/{order}/release": FollowUpShown;
  "POST /api/v1/knowledge/search": ArticlesFound;
  "POST /api/v1/linkage/{line}/answers": Answered;
  "POST /api/v1/linkage/{line}/calls": Kept;
  "POST /api/v1/linkage/{line}/cases": Kept;
  "POST /api/v1/notes": NoteSent;
  "POST /api/v1/notes/{note}/read": Acknowledged;
  "POST /api/v1/nuisance": ListingShown;
  "POST /api/v1/nuisance/{listing}/reveal": ListingShown;
  "POST /api/v1/numbers/apply": OperationShown;
  "POST /api/v1/numbers/explain": PlanShown;
  "POST /api/v1/numbers/import": ImportShown;
  "POST /api/v1/numbers/plan": ChangesShown;
  "POST /api/v1/numbers/rollback": OperationShown;
  "POST /api/v1/people": PersonShown;
  "POST /api/v1/people/change": PersonShown;
  "POST /api/v1/pops": PopGiven;
  "POST /api/v1/pops/exchange": PopFacts;
  "POST /api/v1/seats/{extension}/state": Accepted;
  "POST /api/v1/session": Me;
  "POST /api/v1/work-orders/{order}/call-out": CallOutShown;
  "POST /api/v1/work-orders/{order}/handled": FollowUpShown;
  "POST /api/v1/work-orders/{order}/reveal": WorkOrderDraft;
  "POST /api/v1/work-orders/{order}/submit": WorkOrderDraft;
  "PUT /api/v1/numbers": LedgerShown;
  "PUT /api/v1/prompts/{prompt}/recording": PromptShown;
  "PUT /api/v1/seats/{extension}/skills": Accepted;
  "PUT /api/v1/tables/{table}": TableShown;
}

/** What each route takes. */
export interface Bodies {
  "PATCH /api/v1/work-orders/{order}": OrderEdit;
  "POST /api/v1/callbacks/{call}/attempt": Tried;
  "POST /api/v1/calls/{call}/moves": MoveWanted;
  "POST /api/v1/calls/{call}/supervise": SuperviseWanted;
  "POST /api/v1/desk/phone/keys": KeyWanted;
  "POST /api/v1/follow-ups/{order}/answer": AnsweredInput;
  "POST /api/v1/knowledge/search": SearchAsked;
  "POST /api/v1/knowledge/{article}/outdated": ReportAsked;
  "POST /api/v1/linkage/{line}/answers": Answer;
  "POST /api/v1/linkage/{line}/calls": CallTold;
  "POST /api/v1/linkage/{line}/cases": CaseTold;
  "POST /api/v1/notes": NoteWanted;
  "POST /api/v1/nuisance": ToList;
  "POST /api/v1/numbers/apply": Applied;
  "POST /api/v1/numbers/explain": ExplainAsked;
  "POST /api/v1/numbers/rollback": RolledBack;
  "POST /api/v1/people": PersonWanted;
  "POST /api/v1/people/change": PersonChange;
  "POST /api/v1/pops": CallWanted;
  "POST /api/v1/pops/exchange": KeyBrought;
  "POST /api/v1/seats/{extension}/state": StateWanted;
  "POST /api/v1/session": Credentials;
  "POST /api/v1/session/password": PasswordChange;
  "POST /api/v1/work-orders/{order}/handled": Handled;
  "POST /api/v1/work-orders/{order}/reveal": Reason;
  "PUT /api/v1/numbers": TablePut;
  "PUT /api/v1/seats/{extension}/skills": SkillsWanted;
  "PUT /api/v1/tables/{table}": RowsPut;
}
