import type { Tokens } from './api';
import { exchange } from './exchange';
import type { Grant } from './store';

type Fetch = typeof fetch;

/** The grant that lets a device sync. */
export class Auth {
  constructor(
    private readonly base: string,
    private readonly lang: () => string,
    private readonly http: Fetch = (...a) => fetch(...a),
    private readonly standstill?: number,
  ) {}

  /** Renews a grant. It throws a Problem, or a NoNetwork. */
  async refresh(grant: Grant): Promise<Grant> {
    const d = await this.call<Tokens>('POST', '/api/v1/devices/refresh', {
      refresh: grant.refresh,
    });
    return {
      ...grant,
      device: d.device,
      token: d.token,
      refresh: d.refresh,
      seal: d.seal ?? grant.seal,
    };
  }

  protected call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
    const { http, standstill } = this;
    return exchange(method, this.base + path, { lang: this.lang(), body, token, http, standstill });
  }
}
