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
    await page.route(/\/(api|sync|media|tiles)\//, async (route) => {
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
        case '/api/v1/devices/refresh':
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
            bounds: [8.88, 44.39, 8.98, 44.43],
            streets: '/tiles/streets/{z}/{x}/{y}.mvt',
            basemap: null,
            attribution: 'Strade del Comune',
            schematic: true,
          });
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
