import type { Actor, Report, Service } from '../../src/core/civic';
import { Town } from '../../src/core/testing/town';

const id = (kind: string, n: number) =>
  `${kind}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const jurisdiction = id('10000000', 1);
export const desk = id('20000000', 1);
export const light = id('30000000', 1);
export const roads = id('30000000', 2);
export const bruno = id('40000000', 1);
export const anna = id('40000000', 2);
export const reportId = (n: number) => id(`${(0x50 + n).toString(16)}000000`, n);

const services: Service[] = [
  {
    id: id('60000000', 1),
    code: 'lamp',
    name: 'Illuminazione pubblica',
    group: 'Strade',
    kind: 'issue',
    public: 'photos',
    desk,
  },
  {
    id: id('60000000', 2),
    code: 'hole',
    name: 'Buche e marciapiedi',
    group: 'Strade',
    kind: 'issue',
    public: 'photos',
    desk,
    checklist: [
      { item: 'cones', name: 'Coni e cartelli posati', blocks: true },
      { item: 'width', name: 'Passaggio libero di un metro' },
    ],
  },
  {
    id: id('60000000', 3),
    code: 'green',
    name: 'Parchi e verde',
    group: 'Verde',
    kind: 'issue',
    public: 'place',
    desk,
  },
];

const rows: [string, { id: string }][] = [
  ...services.map((s): [string, { id: string }] => ['service', s]),
  ['team', { id: light, name: 'Squadra luce', kind: 'crew' } as never],
  ['team', { id: roads, name: 'Strade Sud srl', kind: 'contractor' } as never],
  ['person', { id: bruno, name: 'Bruno Parodi', role: 'crew' } as never],
  ['person', { id: anna, name: 'Anna Traverso', role: 'operator' } as never],
  ['area', { id: id('70000000', 1), name: 'Centro Est' } as never],
  ['desk', { id: desk, name: 'Ufficio strade' } as never],
];

const hours = (n: number) => new Date(Date.now() + n * 3600_000).toISOString();

const cases: Partial<Report>[] = [
  {
    title: 'Lampione spento davanti alla scuola',
    service: services[0]?.id as string,
    address: 'Via Balbi 12',
    status: 'assigned',
    priority: 'urgent',
    hazard: true,
    channel: 'phone',
    lon: 8.9262,
    lat: 44.4146,
    deadlines: { first_reply: hours(-3), resolution: hours(5) },
    description:
      'I bambini escono alle sei e non si vede niente.\nIl palo fa rumore quando c’è vento.',
    reporter: { name: 'Rosa Canepa', phone: '010 123456' },
  },
  {
    title: 'Buca profonda sulle strisce',
    service: services[1]?.id as string,
    address: 'Corso Torino 48',
    status: 'assigned',
    priority: 'high',
    channel: 'web',
    lon: 8.949,
    lat: 44.402,
    deadlines: { resolution: hours(30) },
    replied: hours(-20),
  },
  {
    title: 'Luce che lampeggia tutta la notte',
    service: services[0]?.id as string,
    address: 'Salita San Gerolamo 3',
    status: 'in_progress',
    channel: 'app',
    lon: 8.9365,
    lat: 44.4132,
    deadlines: { resolution: hours(80) },
    replied: hours(-40),
  },
  {
    title: 'Tre lampioni spenti nel sottopasso',
    service: services[0]?.id as string,
    address: 'Via Turati',
    status: 'planned',
    planned: { month: new Date().toISOString().slice(0, 7) },
    channel: 'email',
    lon: 8.9312,
    lat: 44.4071,
    replied: hours(-90),
  },
  {
    title: 'Ramo caduto sul marciapiede',
    service: services[2]?.id as string,
    address: 'Villetta Di Negro',
    status: 'new',
    channel: 'web',
    team: '',
    lon: 8.9358,
    lat: 44.4118,
    deadlines: { first_reply: hours(2), resolution: hours(120) },
    description: 'È grosso, ci passo con la carrozzina e devo scendere in strada.',
  },
  {
    title: 'Panchina rotta',
    service: services[2]?.id as string,
    address: 'Parco dell’Acquasola',
    status: 'acknowledged',
    channel: 'counter',
    team: '',
    lon: 8.9389,
    lat: 44.4094,
    deadlines: { first_reply: hours(-30), resolution: hours(90) },
  },
  {
    title: 'Cartello girato',
    service: services[1]?.id as string,
    address: 'Piazza Dante',
    status: 'waiting',
    waiting: { for: 'citizen', was: 'assigned', since: hours(-10) },
    channel: 'web',
    lon: 8.9345,
    lat: 44.4052,
    deadlines: { resolution: hours(20) },
    replied: hours(-10),
  },
  {
    title: 'Lampada cambiata in vico',
    service: services[0]?.id as string,
    address: 'Vico del Ferro 2',
    status: 'resolved',
    reason: 'Lampada cambiata',
    closed: hours(-20),
    channel: 'phone',
    lon: 8.9318,
    lat: 44.4101,
    replied: hours(-70),
  },
];

/** A small town that answers, with a case of each kind. */
export function makeTown(role: 'crew' | 'operator'): Town {
  const actor: Actor =
    role === 'crew'
      ? { role, user: bruno, device: id('80000000', 1), teams: [light] }
      : { role, user: anna, device: id('80000000', 2) };
  const byId = <T extends { id: string }>(list: T[]) =>
    Object.fromEntries(list.map((x) => [x.id, x]));
  const town = new Town(
    {
      services: byId(services),
      teams: { [light]: {}, [roads]: {} },
      users: { [bruno]: {}, [anna]: {} },
    },
    actor,
    () => Date.now(),
  );
  const scope = `town:${jurisdiction}`;
  for (const [type, row] of rows)
    town.emit(scope, { k: 'enter', id: row.id, rev: 1, body: { ...row, type } });
  cases.forEach((c, i) => {
    const { team, ...rest } = c;
    town.save({
      id: reportId(i + 1),
      rev: 1,
      code: `GE${(48210000 + i * 1117).toString().padStart(8, '0')}`,
      created: hours(-96 + i * 9),
      area: id('70000000', 1),
      desk,
      ...(team === '' ? {} : { team: light }),
      ...rest,
    } as Report);
  });
  const first = town.reports.get(reportId(1)) as Report;
  const word = (n: number) => id('90000000', n);
  town.save({
    ...first,
    rev: 2,
    messages: {
      [word(1)]: {
        from: 'citizen',
        channel: 'phone',
        at: hours(-90),
        text: 'Il lampione è spento da tre giorni.',
      },
      [word(2)]: {
        from: 'operator',
        by: anna,
        channel: 'staff',
        at: hours(-70),
        public: true,
        text: 'Grazie. Domani mattina la squadra luce cambia la lampada: ve lo scriviamo appena è fatto.',
      },
      [word(3)]: {
        from: 'citizen',
        channel: 'web',
        at: hours(-5),
        held: true,
        text: 'Ieri sera non è passato nessuno.',
      },
    },
    notes: {
      [word(4)]: {
        by: bruno,
        at: hours(-50),
        text: 'Serve la piattaforma: chiave del cancello al bar all’angolo.',
      },
    },
    photos: {
      ['ab'.repeat(32)]: { stage: 'report', state: 'ready', at: hours(-89), from: 'citizen' },
    },
  });
  town.offer = role === 'crew' ? [`team:${light}`, scope] : [`desk:${desk}`, scope];
  return town;
}

/** Lets the third case wait for the office: what somebody on site proposes, a wish that
 * came too late, words that a person has to look at, and how they were first said. */
export function contest(town: Town): void {
  const at = (n: number) => id('a0000000', n);
  const proposes = { by: bruno, at: hours(-2) };
  town.save({
    ...(town.reports.get(reportId(3)) as Report),
    rev: 2,
    description: 'Chiamate Marco Rossi allo 010 555 0100: la luce lampeggia tutta la notte.',
    withheld: ['phone', 'name'],
    original: { title: 'luce rotta!!', description: 'lampeggia, non si dorme. chiamatemi' },
    conflicts: {
      [at(1)]: { field: 'status', value: 'resolved', ...proposes },
      [at(2)]: { field: 'location', value: { lon: 8.9371, lat: 44.4135 }, ...proposes },
      [at(3)]: { field: 'address', value: 'Salita San Gerolamo 7', ...proposes },
    },
  });
}
