import { createHash } from 'node:crypto';
import type { Page, WebSocketRoute } from '@playwright/test';
import type { Edit } from '../../src/core/civic';
import type { ClientFrame, ServerFrame } from '../../src/core/frames';
import type { Town } from '../../src/core/testing/town';
import { anna, bruno, desk, jurisdiction, light } from './town';

/** A network that a test can cut, with a town at its end. */
export class FakeNetwork {
  private sockets = new Map<WebSocketRoute, Map<string, number>>();
  online = true;
  signedIn = false;
  uploads = 0;
  /** The town's map as one file, where it has one. */
  basemap: Buffer | undefined;
  /** Parts of it that were asked for, and how each is answered. */
  readonly ranges: string[] = [];
  spoil: ((part: Buffer, n: number) => Buffer | 'cut' | Promise<Buffer>) | undefined;
  bounds = [8.88, 44.39, 8.98, 44.43];
  /** The device is none of the town's any more. */
  revoked = false;
  /** The grant has ended, as after 31 days. */
  ended = false;
  private length = '';
  /** Every edit that was pushed. */
  readonly pushed: Edit[] = [];

  constructor(readonly town: Town) {}

  async install(page: Page) {
    await page.routeWebSocket(/\/sync$/, (ws) => {
      if (!this.online) return void ws.close({ code: 1011 });
      this.sockets.set(ws, new Map());
      ws.onMessage((m) => this.receive(ws, JSON.parse(String(m))));
      ws.onClose(() => this.sockets.delete(ws));
    });
    await page.route(/\/(api|sync|media|tiles)\/|\/basemap\.pmtiles$/, async (route) => {
      if (!this.online) return route.abort('internetdisconnected');
      const req = route.request();
      const url = new URL(req.url());
      const json = (body: unknown, status = 200) => route.fulfill({ status, json: body });
      const crew = this.town.actor.role === 'crew';
      const who = {
        user: {
          id: crew ? bruno : anna,
          login: crew ? 'bruno' : 'anna',
          name: crew ? 'Bruno Parodi' : 'Anna Traverso',
          role: this.town.actor.role,
          teams: crew ? [light] : [],
          desks: crew ? [] : [desk],
        },
        jurisdiction: {
          id: jurisdiction,
          name: 'Comune di Genova',
          locale: 'it',
          zone: 'Europe/Rome',
        },
      };
      if (/^\/api\/v1\/reports\/[^/]+\/pin$/.test(url.pathname)) return json({ renewable: !crew });
      switch (url.pathname) {
        case '/api/v1/session':
          if (req.method() === 'POST') {
            if (req.postDataJSON().password !== 'segreta') {
              return json(
                { code: 'bad_password', detail: 'Nome utente o password non giusti.' },
                401,
              );
            }
            this.signedIn = true;
          } else if (req.method() === 'DELETE') this.signedIn = false;
          return this.signedIn ? json(who) : json({ code: 'sign_in', detail: '' }, 401);
        case '/api/v1/devices':
        case '/api/v1/devices/enrol':
        case '/api/v1/devices/refresh':
          if (this.ended && url.pathname.endsWith('refresh'))
            return json({ code: 'token', detail: '' }, 401);
          if (url.pathname.endsWith('enrol') && req.postDataJSON().code !== 'CODICE')
            return json({ code: 'token', detail: '' }, 401);
          if (url.pathname.endsWith('enrol')) this.signedIn = true;
          return json({
            device: this.town.actor.device,
            token: 'T',
            refresh: 'R',
            expires_in: 900,
          });
        case '/media/uploads':
          this.length = req.headers()['upload-length'] ?? '';
          return route.fulfill({ status: 201, headers: { location: '/media/uploads/1' } });
        case '/media/uploads/1':
          this.uploads++;
          return route.fulfill({ status: 204, headers: { 'upload-offset': this.length } });
        case '/api/v1/map':
          return json({
            bounds: this.bounds,
            streets: '/tiles/streets/{z}/{x}/{y}.mvt',
            basemap: null,
            attribution: 'Strade del Comune',
            schematic: true,
          });
        case '/api/v1/basemap':
          return this.basemap
            ? json(aboutOf(this.basemap))
            : json({ code: 'not_found', detail: '' }, 404);
        case '/sync/pull':
          return json(
            this.town.deltas(
              url.searchParams.get('scope') ?? '',
              Number(url.searchParams.get('from')),
            ),
          );
        case '/sync/snapshot': {
          const scope = url.searchParams.get('scope') ?? '';
          const s = this.town.snapshot(scope);
          const lines = [
            { t: 'snapshot', scope, epoch: s.epoch, v: s.v },
            ...s.rows,
            { t: 'end', n: s.rows.length, upto: s.upto },
          ];
          return route.fulfill({ body: lines.map((l) => JSON.stringify(l)).join('\n') });
        }
      }
      if (url.pathname === '/basemap.pmtiles' && this.basemap) {
        const range = (await req.headerValue('range')) ?? '';
        const [from = 0, to = 0] = (range.match(/\d+/g) ?? []).map(Number);
        this.ranges.push(range);
        const part = this.basemap.subarray(from, to + 1);
        const sent = (await this.spoil?.(part, this.ranges.length)) ?? part;
        if (sent === 'cut') return route.abort('connectionreset');
        return route.fulfill({ status: 206, body: sent });
      }
      if (url.pathname.startsWith('/media/sha256/')) return route.fulfill({ status: 404 });
      if (url.pathname.startsWith('/media/')) {
        return route.fulfill({
          contentType: 'image/svg+xml',
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="960" viewBox="0 0 4 3"><rect width="4" height="3" fill="#445566"/><rect x="1.8" y="0.5" width="0.3" height="2.5" fill="#ccc"/><circle cx="2" cy="0.6" r="0.4" fill="#eed"/></svg>',
        });
      }
      return route.fulfill({ status: 204 });
    });
  }

  /** The network goes: sockets end, requests fail. */
  cut() {
    this.online = false;
    for (const ws of this.sockets.keys()) void ws.close({ code: 1011 });
    this.sockets.clear();
  }

  mend() {
    this.online = true;
  }

  /** Sends what the town owes every socket. */
  flow() {
    for (const [ws, told] of this.sockets) {
      for (const [scope, v] of told) {
        for (const d of this.town.deltas(scope, v)) ws.send(JSON.stringify(d));
        told.set(scope, this.town.log(scope).head);
      }
    }
  }

  private receive(ws: WebSocketRoute, f: ClientFrame) {
    const told = this.sockets.get(ws);
    if (!told) return;
    const tell = (frame: ServerFrame) => ws.send(JSON.stringify(frame));
    switch (f.t) {
      case 'hello': {
        if (this.revoked) {
          tell({ t: 'error', code: 'token', wipe: true });
          return void ws.close({ code: 4401 });
        }
        if (this.ended && !this.signedIn) return void ws.close({ code: 4401 });
        const w = this.town.welcome(f.cursors, f.epoch);
        tell(w);
        for (const p of w.scopes) if (p.mode === 'tail') told.set(p.scope, f.cursors[p.scope] ?? 0);
        break;
      }
      case 'sub': {
        const scopes = Object.entries(f.scopes).map(([s, v]) =>
          this.town.position(s, v, this.town.epoch),
        );
        tell({ t: 'subbed', scopes });
        for (const p of scopes) if (p.mode === 'tail') told.set(p.scope, f.scopes[p.scope] ?? 0);
        break;
      }
      case 'push':
        this.pushed.push(...f.edits);
        tell(this.town.push(f.n0, f.edits));
        break;
      case 'auth':
        tell({ t: 'hb', token_expires_in: this.town.tokenSeconds });
    }
    this.flow();
  }
}

/** What a town says of its map, as the server works it out. */
function aboutOf(file: Buffer) {
  const piece = 1 << 20;
  const sum = (b: Buffer) => createHash('sha256').update(b).digest('hex');
  const pieces: string[] = [];
  for (let at = 0; at < file.length; at += piece) pieces.push(sum(file.subarray(at, at + piece)));
  return {
    url: '/basemap.pmtiles',
    bytes: file.length,
    sha256: sum(file),
    piece,
    pieces,
  };
}
