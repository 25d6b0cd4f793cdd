import { expect, type Page } from '@playwright/test';

/** What people type, paste, or are called. */
export const rude: Record<string, string> = {
  'a word without an end': 'Precipitevolissimevolmente'.repeat(8),
  'an address of the web': `https://example.org/${'percorso/'.repeat(20)}?${'a=1&'.repeat(10)}`,
  'an address of mail': `${'nome.cognome'.repeat(5)}@${'sottodominio.'.repeat(8)}example.org`,
  'right to left': `${'مرحبابكمفيالمدينة'.repeat(12)}\u202e${'שלום'.repeat(10)}`,
  'marks upon marks': `Bu${'\u0300\u0316\u0347\u0489\u035f'.repeat(12)}ca`.repeat(3).repeat(2),
  'families of signs': '👨‍👩‍👧‍👦🏳️‍🌈'.repeat(24),
  'spaces that bind': 'una\u00a0buca\u00a0grande\u00a0'.repeat(12),
  'an underlined name': '_'.repeat(200),
};

const sizes = [
  { width: 1280, height: 860 },
  { width: 360, height: 780 },
];

/** Nothing scrolls sideways, on a desk or on a phone: neither the page, nor a part of it,
 * but what somebody is writing in and the map. */
export async function fits(page: Page, where: string) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    expect(await tooWide(page), `${where}, ${size.width}`).toEqual([]);
  }
}

const tooWide = (page: Page) =>
  page.evaluate(() => {
    const out: string[] = [];
    const page = document.scrollingElement as Element;
    if (page.scrollWidth > innerWidth) {
      out.push(`page ${page.scrollWidth} > ${innerWidth}`);
      for (const e of document.querySelectorAll('body *')) {
        const r = e.getBoundingClientRect();
        if (r.right > innerWidth + 1 && r.width > 0 && !e.closest('.unseen, svg, .map-canvas'))
          out.push(`${Math.round(r.right)} ${e.outerHTML.slice(0, 120)}`);
      }
    }
    for (const e of document.querySelectorAll('body *')) {
      if (e.closest('input, textarea, select, .maplibregl-map') || e.clientWidth === 0) continue;
      const { overflowX } = getComputedStyle(e);
      if (/auto|scroll/.test(overflowX) && e.scrollWidth > e.clientWidth + 1)
        out.push(`${e.scrollWidth} > ${e.clientWidth} ${e.outerHTML.slice(0, 120)}`);
    }
    return out.slice(0, 8);
  });

/** Types a text into every field that takes one, as much of it as each takes. */
export async function typeEverywhere(page: Page, text: string) {
  for (const field of await page.locator('input, textarea').all()) {
    const type = await field.getAttribute('type');
    const texts = [null, 'text', 'email', 'tel', 'search', 'password'];
    if (!(await field.isVisible()) || !(await field.isEditable())) continue;
    if (!texts.includes(type) && (await field.evaluate((e) => e.tagName)) !== 'TEXTAREA') continue;
    await field.fill(text);
  }
}
