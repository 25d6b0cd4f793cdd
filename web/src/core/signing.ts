import type { Tokens } from './api';
import { Auth } from './auth';
import type { Grant } from './store';

type Who = Pick<Grant, 'user' | 'jurisdiction'>;

const grantOf = (who: Who, d: Tokens): Grant => ({
  user: { ...who.user, teams: who.user.teams ?? [], desks: who.user.desks ?? [] },
  jurisdiction: who.jurisdiction,
  device: d.device,
  token: d.token,
  refresh: d.refresh,
  seal: d.seal,
});

/** Signing in and out. */
export class Signing extends Auth {
  /** Signs a person in and turns this browser into a device. It throws a
   * Problem, or a NoNetwork. */
  async signIn(login: string, password: string, name: string): Promise<Grant> {
    const who = await this.call<Who>('POST', '/api/v1/session', {
      login,
      password,
    });
    return this.enrol(who, name);
  }

  /** Uses a session that is there already, or gives undefined. */
  async already(name: string): Promise<Grant | undefined> {
    try {
      return await this.enrol(await this.call('GET', '/api/v1/session'), name);
    } catch {
      return undefined;
    }
  }

  private async enrol(who: Who, name: string): Promise<Grant> {
    return grantOf(who, await this.call<Tokens>('POST', '/api/v1/devices', { name }));
  }

  /** Makes this browser the device that a one-time code was made for. */
  async byCode(code: string, name: string): Promise<Grant> {
    const d = await this.call<Tokens>('POST', '/api/v1/devices/enrol', { code, name });
    return grantOf(await this.call<Who>('GET', '/api/v1/session', undefined, d.token), d);
  }

  async signOut(): Promise<void> {
    await this.call('DELETE', '/api/v1/session').catch(() => {});
  }

  /** Signs the person of a grant out on every device, this one too. Its token may have
   * ended while the page slept. */
  async signOutEverywhere(grant: Grant): Promise<void> {
    const { token } = await this.refresh(grant);
    await this.call('DELETE', '/api/v1/sessions', undefined, token);
  }
}
