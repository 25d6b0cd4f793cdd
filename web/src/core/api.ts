/** The API's bodies, written from server/openapi.json: do not edit. */

export interface Answer {
  args?: Record<string, unknown>;
  code?: string;
  id: string;
  n?: number;
  retry_after?: number;
  rev?: number;
  status: string;
  theirs?: Theirs;
  versions: Record<string, number>;
}

export interface BasemapBody {
  bytes: number;
  piece: number;
  pieces: string[] | null;
  sha256: string;
  url: string;
}

export interface Changed {
  at: string;
  by?: string;
  device?: string;
  rev: number;
  role: string;
}

export interface Check {
  at: string;
  by?: string;
  value: string;
}

export interface Conflict {
  at: string;
  by?: string;
  field: string;
  value?: unknown;
}

export interface Contact {
  email?: string;
  for?: string;
  hours?: string;
  lang?: string;
  name?: string;
  note?: string;
  phone?: string;
  postal?: string;
  prefers?: string;
}

export interface CreateInputBody {
  address?: string;
  channel?: string;
  contact?: Contact;
  description?: string;
  hazard?: boolean;
  id: string;
  lat?: number;
  lon?: number;
  nonce?: string;
  photos?: string[] | null;
  service: string;
  title?: string;
}

export interface CreatedBody {
  code: string;
  id: string;
  pin: string;
  rev: number;
  spoken: string;
  url: string;
}

export interface Deadlines {
  first_reply?: string;
  resolution?: string;
}

export interface DeviceSeen {
  created: string;
  ends: string;
  id: string;
  name: string;
  revoked: boolean;
  seen: string;
  signed_out?: boolean;
  user: string;
}

export interface DevicesBody {
  devices: DeviceSeen[] | null;
}

export interface Edit {
  args?: Record<string, unknown>;
  at?: string;
  base_rev?: number;
  epoch?: string;
  id: string;
  kind: string;
  report: string;
}

export interface EditsBody {
  results: Answer[] | null;
}

export interface Effort {
  materials?: string;
  minutes: number;
}

export interface EnrolInputBody {
  code: string;
  name?: string;
}

export interface Event {
  args?: unknown;
  at: string;
  id: string;
  kind: string;
  made?: string;
  result: Result;
  role: string;
  user?: string;
}

export interface InviteBody {
  code: string;
  expires: string;
  qr: string;
  url: string;
}

export interface InviteInputBody {
  user: string;
}

export interface KnownBody {
  detail: string;
  known: boolean;
}

export interface ListBody {
  next?: string;
  reports: PublicReport[] | null;
}

export interface MapBody {
  attribution: string;
  attributions?: Record<string, string>;
  basemap: string | null;
  bounds: number[] | null;
  schematic: boolean;
  streets: string;
}

export interface Message {
  at: string;
  by?: string;
  channel?: string;
  from: string;
  held?: boolean;
  public?: boolean;
  withheld?: string[] | null;
}

export interface NameInputBody {
  name?: string;
}

export interface NearBody {
  outside?: boolean;
  place?: string;
  reports: PublicReport[] | null;
  street?: string;
}

export interface Note {
  at: string;
  by?: string;
}

export interface Photo {
  at: string;
  boxes?: (number[] | null)[] | null;
  by?: string;
  bytes?: number;
  code?: string;
  cover?: string;
  from?: string;
  h?: number;
  mime?: string;
  n?: number;
  public?: boolean;
  stage: string;
  state: string;
  w?: number;
}

export interface PhotoBody {
  bytes: number;
  h: number;
  mime: string;
  ref: string;
  sha256: string;
  w: number;
}

export interface PinBody {
  code: string;
  pin: string;
  spoken: string;
}

export interface PinInputBody {
  edit: string;
}

export interface PinStateBody {
  renewable: boolean;
}

export interface PlaceBody {
  exact: boolean;
  inner?: string;
  label: string;
  lat: number;
  locality?: string;
  lon: number;
  metres?: number;
  number?: number;
  red?: boolean;
  street: string;
  suffix?: string;
  unnumbered?: boolean;
}

export interface PlacesBody {
  places: PlaceBody[] | null;
}

export interface Plan {
  day: string;
  order: number;
}

export interface Planned {
  month: string;
  why?: string;
}

export interface ProblemBody {
  args?: Record<string, unknown>;
  code: string;
  detail: string;
  errors?: ProblemField[] | null;
  status: number;
  title: string;
}

export interface ProblemField {
  location?: string;
  message: string;
}

export interface Promise {
  by: string;
  what: string;
  who: string;
}

export interface PublicMessage {
  day: string;
  from: string;
  id: string;
  text?: string;
}

export interface PublicPhoto {
  cover?: string;
  h: number;
  id: string;
  stage: string;
  w: number;
}

export interface PublicReport {
  address?: string;
  area?: string;
  closed?: string;
  code: string;
  day: string;
  description?: string;
  followers?: number;
  group: string;
  lat: number;
  lon: number;
  messages?: PublicMessage[] | null;
  photos?: PublicPhoto[] | null;
  service: string;
  service_name: string;
  status: string;
  title?: string;
}

export interface Rating {
  answers?: string[] | null;
  at: string;
  score: number;
  text?: string;
}

export interface RefreshInputBody {
  refresh: string;
}

export interface Report {
  address?: string;
  answers?: Record<string, string[] | null>;
  archived?: boolean;
  area?: string;
  changed?: Record<string, Changed>;
  channel?: string;
  checklist?: Record<string, Check>;
  closed?: string;
  code?: string;
  confidential?: boolean;
  conflicts?: Record<string, Conflict>;
  created?: string;
  deadlines?: Deadlines;
  description?: string;
  desk?: string;
  effort?: Effort;
  erase_by?: string;
  erased?: boolean;
  followers?: number;
  former?: Record<string, number>;
  had?: Record<string, Stay>;
  had_by?: Record<string, Stay>;
  hazard?: boolean;
  hidden?: boolean;
  id: string;
  lat: number;
  lon: number;
  messages?: Record<string, Message>;
  notes?: Record<string, Note>;
  original?: Words;
  owner?: string;
  photos?: Record<string, Photo>;
  plan?: Plan;
  planned?: Planned;
  priority?: string;
  promise?: Promise;
  rating?: Rating;
  reason?: string;
  replied?: string;
  rev: number;
  safe?: Safe;
  service?: string;
  source?: Source;
  spot?: Spot;
  status?: string;
  team?: string;
  text_public?: boolean;
  title?: string;
  user?: string;
  visible?: boolean;
  waiting?: Waiting;
  withheld?: string[] | null;
}

export interface ReportBody {
  history?: Event[] | null;
  public?: PublicReport;
  report?: Report;
  reporter?: unknown;
  texts?: Record<string, string>;
  work?: unknown;
}

export interface Result {
  args?: Record<string, unknown>;
  code?: string;
  rev?: number;
  status: string;
  theirs?: Theirs;
}

export interface Safe {
  at: string;
  measure: string;
}

export interface SessionBody {
  jurisdiction: SessionJurisdiction;
  user: SessionUser;
}

export interface SessionJurisdiction {
  id: string;
  locale: string;
  name: string;
  zone: string;
}

export interface SessionUser {
  desks: string[] | null;
  id: string;
  login: string;
  name: string;
  role: string;
  teams: string[] | null;
}

export interface ShotBody {
  lat: number;
  lon: number;
  place?: string;
  sha256: string;
}

export interface ShotsBody {
  shots: ShotBody[] | null;
}

export interface SignInInputBody {
  login: string;
  password: string;
}

export interface SignedOutOutputBody {
  devices: number;
}

export interface Source {
  client: string;
  id?: string;
}

export interface Spot {
  lat: number;
  lon: number;
  street?: string;
}

export interface Stay {
  came: string;
  left?: string;
}

export interface Theirs {
  at?: string;
  by?: string;
  field: string;
  value?: unknown;
}

export interface Tokens {
  device: string;
  expires_in: number;
  refresh: string;
  seal: string;
  token: string;
}

export interface Waiting {
  for: string;
  since: string;
  was: string;
}

export interface Words {
  description?: string;
  title?: string;
}
