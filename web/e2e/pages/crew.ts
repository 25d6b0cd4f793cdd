import type { Page } from '@playwright/test';

/** What a crew sees and touches, by the words on the screen. */
export class CrewPage {
  constructor(readonly page: Page) {}

  async signIn(login: string, password: string) {
    await this.page.goto('/crew');
    await this.page.getByLabel('Nome utente').fill(login);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Entra' }).click();
    await this.today.waitFor();
  }

  get today() {
    return this.page.getByRole('heading', { name: 'I lavori di oggi' });
  }
  job(title: string) {
    return this.page.getByRole('link', { name: new RegExp(title) });
  }
  async open(title: string) {
    await this.job(title).click();
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
  }
  start() {
    return this.page.getByRole('button', { name: /Inizia il lavoro|Riprendi il lavoro/ }).click();
  }
  async finish(reason: string) {
    await this.page.getByRole('button', { name: 'Ho finito' }).click();
    await this.page.getByRole('dialog').getByRole('textbox').fill(reason);
    await this.page.getByRole('button', { name: 'Lavoro finito' }).click();
  }
  async photograph(stage: 'before' | 'after', file: string) {
    await this.page.getByLabel(stage === 'before' ? 'Foto prima' : 'Foto dopo').setInputFiles(file);
  }
  async note(text: string) {
    await this.page.getByLabel('Scrivi una nota').fill(text);
    await this.page.getByRole('button', { name: 'Aggiungi la nota' }).click();
  }
  async queue() {
    await this.page.getByRole('link', { name: /Invii/ }).click();
    await this.page.getByRole('heading', { name: 'Quello che hai fatto' }).waitFor();
  }
  /** The number under a name: «Su questo telefono», «Ricevute», «Applicate». */
  count(name: string) {
    return this.page.locator('.count').filter({ hasText: name }).locator('dd');
  }
  get connection() {
    return this.page.locator('.top .connection');
  }
}
