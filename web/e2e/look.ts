import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** No violation that axe knows of, nothing that scrolls sideways; the picture is for
 * a person to look at. */
export async function look(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `test-results/screens/${name}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).exclude('.map-canvas').analyze();
  const said = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`);
  expect(said, name).toEqual([]);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** What a crew touches is at least 48 pixels high, and wide, but words in a line. */
export async function touchable(page: Page, name: string) {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, summary, label.choice, select, .input')]
      .filter((e) => e.offsetParent !== null && !e.closest('.maplibregl-map, p, .notice'))
      .filter((e) => !e.matches('.skip'))
      .map((e) => ({ e, r: e.getBoundingClientRect() }))
      .filter(({ r }) => r.height < 47.5 || r.width < 47.5)
      .map(
        ({ e, r }) => `${Math.round(r.width)}×${Math.round(r.height)} ${e.outerHTML.slice(0, 90)}`,
      ),
  );
  expect(small, `${name}: too small for a glove`).toEqual([]);
  const tiny = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *, nav *')]
      .filter((e) => e.offsetParent !== null && !e.closest('.maplibregl-map, .unseen'))
      .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent?.trim()))
      .filter((e) => Number.parseFloat(getComputedStyle(e).fontSize) < 18)
      .map((e) => e.outerHTML.slice(0, 90)),
  );
  expect(tiny, `${name}: too small for the sun`).toEqual([]);
}
