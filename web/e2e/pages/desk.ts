import type { Page } from '@playwright/test';

/** What an operator sees and does, by the words on the screen. */
export class DeskPage {
  constructor(readonly page: Page) {}

  async signIn(login: string, password: string) {
    await this.page.goto('/desk');
    await this.page.getByLabel('Nome utente').fill(login);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Entra' }).click();
    await this.page.getByRole('navigation', { name: 'Code' }).waitFor();
  }

  queue(name: string) {
    return this.page.getByRole('navigation', { name: 'Code' }).getByRole('button', { name });
  }
  row(title: string) {
    return this.page
      .getByRole('region', { name: 'Segnalazioni' })
      .getByRole('link', { name: new RegExp(title) });
  }
  async open(title: string) {
    await this.row(title).click();
    await this.heading(title).waitFor();
  }
  heading(title: string) {
    return this.page.getByRole('heading', { level: 1, name: title });
  }
  step(name: string) {
    return this.page.getByRole('group', { name: 'Passa a' }).getByRole('button', { name });
  }
  async assign(team: string) {
    await this.page.getByLabel('Squadra').selectOption({ label: team });
    await this.page.getByRole('button', { name: 'Affida', exact: true }).click();
  }
  async reply(text: string, open = false) {
    if (open) await this.page.getByLabel('La leggono tutti').check();
    await this.page.getByLabel('Risposta a chi ha segnalato').fill(text);
    await this.page.getByRole('button', { name: 'Invia la risposta' }).click();
  }
  get status() {
    return this.page.locator('.case-head .chip').first();
  }
}
