/**
 * The vocabulary of a town that answers, as the server writes it in JSON: the
 * same words as the Go package civic. Times are RFC 3339 UTC texts, ids are
 * lower-case UUIDs.
 */
export type Role =
  | 'citizen'
  | 'operator'
  | 'foreman'
  | 'crew'
  | 'contractor'
  | 'planner'
  | 'viewer'
  | 'admin'
  | 'service'
  | 'body'
  | 'system';

/** Do not reorder. */
export const statuses = [
  'new',
  'acknowledged',
  'assigned',
  'in_progress',
  'planned',
  'waiting',
  'resolved',
  'closed',
  'rejected',
] as const;
export type Status = (typeof statuses)[number];

export const isStatus = (s: unknown): s is Status => statuses.includes(s as Status);

/** Whether the case is in the Open311 group "open". */
export const isOpen = (s: Status): boolean =>
  s !== 'resolved' && s !== 'closed' && s !== 'rejected';

export const channels = ['web', 'app', 'phone', 'counter', 'email', 'open311', 'staff'] as const;
export type Channel = (typeof channels)[number];

/** The empty priority is the normal one. */
export type Priority = 'low' | '' | 'high' | 'urgent';

export type Stage = 'report' | 'before' | 'after' | 'reply';

export type Waiting = { for: string; was: Status; since: string };
export type Check = { value: string; by?: string; at: string };
export type Note = { by?: string; at: string; text?: string };
export type Message = {
  from: Role;
  by?: string;
  channel?: Channel;
  at: string;
  public?: boolean;
  held?: boolean;
  /** The personal data for which it waits. */
  withheld?: string[];
  text?: string;
};
export type Box = [number, number, number, number];
export type Photo = {
  stage: Stage;
  state: 'waiting' | 'ready' | 'rejected';
  /** Why it was rejected. */
  code?: string;
  mime?: string;
  public?: boolean;
  /** Of a document. */
  bytes?: number;
  w?: number;
  h?: number;
  /** How many came before it, and itself. */
  n?: number;
  /** What the public does not see of it: left, top, width, height. */
  boxes?: Box[];
  /** The boxes for which the public's picture is made. */
  cover?: string;
  by?: string;
  from?: Role;
  at: string;
};
/** The reason of a step of somebody's on site that the office made its own: a code, as
 * in civic/edit_transition.go, since what is kept depends on nobody's language. */
export const reasonConfirmed = 'reason.confirmed';

export type Conflict = { field: string; value: unknown; by?: string; at: string };
/** From when somebody had a case until when. */
export type Stay = { came: string; left?: string };
export type Changed = { rev: number; by?: string; device?: string; role: Role; at: string };

/**
 * A case at a rev: the whole of it in a test vector, the part that a scope
 * projects on a phone. The rules run over both.
 */
export type Report = {
  id: string;
  rev: number;
  code?: string;
  service?: string;
  channel?: Channel;
  status?: Status;
  title?: string;
  description?: string;
  lon?: number;
  lat?: number;
  address?: string;
  area?: string;
  desk?: string;
  team?: string;
  user?: string;
  owner?: string;
  priority?: Priority;
  hazard?: boolean;
  visible?: boolean;
  created?: string;
  closed?: string;
  deadlines?: { first_reply?: string; resolution?: string };
  replied?: string;
  reason?: string;
  waiting?: Waiting;
  planned?: { month: string; why?: string };
  safe?: { measure: string; at: string };
  promise?: { what: string; by: string; who: string };
  plan?: { day: string; order: number };
  effort?: { minutes: number; materials?: string };
  checklist?: Record<string, Check>;
  notes?: Record<string, Note>;
  messages?: Record<string, Message>;
  photos?: Record<string, Photo>;
  conflicts?: Record<string, Conflict>;
  answers?: Record<string, string[]>;
  source?: { client: string; id?: string };
  text_public?: boolean;
  /** The personal data for which its words wait until a person has looked. */
  withheld?: string[];
  /** By when the office answers the wish that the reporter's data be taken away. */
  erase_by?: string;
  /** Read by its desk, its owner and administrators alone. */
  confidential?: boolean;
  hidden?: boolean;
  archived?: boolean;
  erased?: boolean;
  former?: Record<string, number>;
  had?: Record<string, Stay>;
  had_by?: Record<string, Stay>;
  /** How a citizen said it, where the office has corrected the words. */
  original?: { title?: string; description?: string };
  changed?: Record<string, Changed>;
  /** Joined by the server for the scopes that may ring the reporter. */
  reporter?: Reporter;
};

/** Whom to answer and how; the office's scopes have all of it, a crew's what
 * helps on the telephone. */
export type Reporter = {
  name?: string;
  phone?: string;
  email?: string;
  postal?: string;
  prefers?: 'phone' | 'sms' | 'email' | 'letter' | 'none';
  hours?: string;
  note?: string;
  /** For whom the person speaks, where that is somebody else. */
  for?: string;
  lang?: string;
};

export type ChecklistEntry = { item: string; name: string; blocks?: boolean };

/** One question of a service. */
export type Attribute = {
  code: string;
  datatype: string;
  question: string;
  values?: { key: string; name: string }[];
};

export type Service = {
  id: string;
  code: string;
  name: string;
  /** In other languages than the town's own. */
  names?: Record<string, string>;
  group: string;
  kind: string;
  public: 'never' | 'place' | 'text' | 'photos' | '';
  contact?: string;
  checklist?: ChecklistEntry[];
  attributes?: Attribute[];
  desk?: string;
};
export type Team = { id: string; name: string; kind: string };
export type Person = { id: string; name: string; role: Role };

export type Actor = {
  role: Role;
  user?: string;
  device?: string;
  teams?: string[];
  proof?: '' | 'code' | 'secret';
  client?: string;
  /** A program that acts on every case the public sees. */
  every?: boolean;
};

/** An edit as it travels: the only thing that changes a report. */
export type Edit = {
  id: string;
  report: string;
  base_rev: number;
  kind: string;
  args: Record<string, unknown>;
  at?: string;
  epoch?: string;
};

export type ResultStatus = 'applied' | 'merged' | 'noticed' | 'conflict' | 'refused' | 'retry';

export type Theirs = { field: string; value?: unknown; by?: string; at?: string };

export type Result = {
  status: ResultStatus;
  code?: string;
  args?: Record<string, unknown>;
  rev?: number;
  theirs?: Theirs;
};

/** A document is kept like a photo, and nobody but the office and its sender sees it. */
export const isDocument = (p: Photo): boolean => p.mime === 'application/pdf';

const stages: Stage[] = ['report', 'before', 'after', 'reply'];

/** Attachments as they are shown: by stage, then as they came. */
export const inOrder = (photos: Record<string, Photo> | undefined): [string, Photo][] =>
  Object.entries(photos ?? {}).sort(
    ([x, a], [y, b]) =>
      stages.indexOf(a.stage) - stages.indexOf(b.stage) ||
      (a.n ?? 0) - (b.n ?? 0) ||
      Date.parse(a.at) - Date.parse(b.at) ||
      (x < y ? -1 : 1),
  );
