import type { Report, Result, Role } from '../civic';
import {
  answerers,
  applied,
  type Change,
  isRefusal,
  merged,
  type Refusal,
  refuse,
  same,
} from './change';
import { copy } from './copy';
import { longest, tidy } from './words';

type Settable = {
  /** Careful fields keep both values when two people changed them. */
  careful?: boolean;
  /** A citizen's words and place: who does not speak for the town proposes another. */
  proposed?: boolean;
  roles?: readonly Role[];
  read: (r: Report) => unknown;
  write: (c: Change, value: unknown) => Refusal | undefined;
};

/** Whether a role may only propose a value for a field, and the office decides. */
export const mayOnlyPropose = (role: Role, field: string): boolean =>
  settables.get(field)?.proposed === true && !answerers.includes(role);

const words = (key: 'title' | 'description' | 'address'): Settable => ({
  careful: true,
  proposed: true,
  read: (r) => r[key] ?? '',
  write: (c, value) => {
    if (typeof value !== 'string') return refuse('bad_edit', { why: 'value' });
    const clean = tidy('value', value, longest[key]);
    if (isRefusal(clean)) return clean;
    if (clean) c.next[key] = clean;
    else delete c.next[key];
    return undefined;
  },
});

const settables = new Map<string, Settable>(
  Object.entries({
    title: words('title'),
    description: words('description'),
    address: words('address'),
    location: {
      careful: true,
      proposed: true,
      read: (r) => (r.lon === undefined ? null : { lon: r.lon, lat: r.lat }),
      write: setLocation,
    },
    service: {
      careful: true,
      roles: answerers,
      read: (r) => r.service,
      write: (c, value) => {
        const s = Object.values(c.rules.services).find((s) => s.id === value || s.code === value);
        if (!s) return refuse('unknown_value', { field: 'service' });
        c.next.service = s.id;
        return undefined;
      },
    },
    priority: {
      roles: answerers,
      read: (r) => r.priority ?? '',
      write: (c, value) => {
        if (typeof value !== 'string') return refuse('bad_edit', { why: 'value' });
        if (value === '' || value === 'normal') delete c.next.priority;
        else if (value === 'low' || value === 'high' || value === 'urgent') c.next.priority = value;
        else return refuse('unknown_value', { field: 'priority' });
        return undefined;
      },
    },
    hazard: {
      read: (r) => r.hazard ?? false,
      write: (c, value) => {
        if (typeof value !== 'boolean') return refuse('bad_edit', { why: 'value' });
        if (value) c.next.hazard = true;
        else delete c.next.hazard;
        return undefined;
      },
    },
    // These are changed by edits of their own. Set to what they are they settle what
    // others wished.
    status: left((r) => r.status),
    assignment: left((r) => ({
      ...(r.team ? { team: r.team } : {}),
      ...(r.user ? { user: r.user } : {}),
    })),
  }),
);

/** A field that set may only leave as it is. */
function left(read: (r: Report) => unknown): Settable {
  return {
    roles: answerers,
    read,
    write: (c, value) =>
      same(value, read(c.next)) ? undefined : refuse('unknown_value', { field: 'value' }),
  };
}

/** The district of the new place is for the server to find. */
function setLocation(c: Change, value: unknown): Refusal | undefined {
  if (typeof value !== 'object' || value === null) return refuse('bad_edit', { why: 'value' });
  const { lon, lat } = value as { lon?: number; lat?: number };
  if (lon === undefined && lat === undefined) {
    delete c.next.lon;
    delete c.next.lat;
    delete c.next.visible;
    return undefined;
  }
  if (lon === undefined || lat === undefined || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) {
    return refuse('invalid', { field: 'location' });
  }
  c.next.lon = Math.round(lon * 1e7) / 1e7;
  c.next.lat = Math.round(lat * 1e7) / 1e7;
  return undefined;
}

export function set(c: Change): Result {
  const {
    field: name,
    value,
    base,
  } = c.edit.args as { field: string; value: unknown; base?: unknown };
  const field = settables.get(name);
  if (!field) return refuse('unknown_value', { field: 'field' });
  if (field.roles && !field.roles.includes(c.actor.role)) return refuse('forbidden');
  const was = field.read(c.before);
  const wrong = field.write(c, value);
  if (wrong) return wrong;
  const wanted = field.read(c.next);
  let last = c.newer(name);
  if (same(was, wanted)) {
    if (!last && decides(c, name)) {
      c.settle(name);
      c.touch(name);
      return applied;
    }
    return merged;
  }
  if (last && base !== undefined && same(base, was)) last = undefined;
  if ((last && field.careful) || (field.proposed && !c.answers)) {
    for (const key of Object.keys(c.next)) delete c.next[key as keyof Report];
    Object.assign(c.next, copy(c.before));
    return c.conflict(name, wanted, was);
  }
  keepOriginal(c, name);
  if (decides(c, name)) c.settle(name);
  c.touch(name);
  return last ? { status: 'noticed', theirs: c.theirs(name, last, was) } : applied;
}

const spoken = ['staff', 'phone', 'counter'];

/** A citizen's own words are kept when the office corrects them for the first time. */
function keepOriginal(c: Change, name: string) {
  const { title, description, channel, original } = c.before;
  if ((name !== 'title' && name !== 'description') || original) return;
  if (spoken.includes(channel ?? '') || !(title || description)) return;
  c.next.original = { ...(title ? { title } : {}), ...(description ? { description } : {}) };
}

/** An operator's word settles an open conflict over the field. */
const decides = (c: Change, name: string): boolean =>
  c.answers && Object.values(c.next.conflicts ?? {}).some((k) => k.field === name);
