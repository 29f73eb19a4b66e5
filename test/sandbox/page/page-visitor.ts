import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Locator, Page as Tab } from 'playwright-core';
import { until } from '../../support/until.ts';

/** Only what hangs is ended: a busy machine may be slow. */
export const WITHIN_MS = 60_000;
/** A loudness, of 1, that only speech has. */
const SPEECH = 0.05;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Somebody who uses the page in a real browser, for tests. */
export class PageVisitor {
  readonly tab: Tab;
  /** What the browser complains of: errors of scripts, and what the page's policy forbids. */
  readonly troubles: string[] = [];

  private constructor(tab: Tab) {
    this.tab = tab;
    tab.setDefaultTimeout(WITHIN_MS);
    tab.on('pageerror', error => this.troubles.push(String(error)));
    tab.on('console', said => said.type() === 'error' && this.troubles.push(said.text()));
  }

  static async open(browser: Browser, url: string): Promise<PageVisitor> {
    const visitor = new PageVisitor(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await visitor.tab.goto(url);
    return visitor;
  }

  get words(): Locator {
    return this.tab.getByRole('combobox', { name: /^Message in/u });
  }

  get lines(): Locator {
    return this.tab.locator('#lines > li[data-line]');
  }

  get messages(): Locator {
    return this.tab.locator('#messages > li');
  }

  /** Is that person from now on. */
  async as(name: string): Promise<void> {
    await this.tab.locator('.person').filter({ hasText: name }).click();
  }

  /** Writes a message, or a command that needs nothing else. */
  async type(text: string): Promise<void> {
    await this.words.fill(text);
    await this.words.press('Enter');
  }

  /** How loud it is what comes out of the page, 0 to 1. */
  loudness(): Promise<number> {
    return this.tab.locator('#meter').evaluate(meter => (meter as unknown as { value: number }).value);
  }

  async hears(): Promise<void> {
    await until('a sound', async () => (await this.loudness()) > SPEECH, WITHIN_MS);
  }

  /** Waits until the line with these words is over, and each packet of it was heard as it was sent. */
  async over(text: string): Promise<Locator> {
    const whole = /(\d+) of \1 packets heard, byte for byte/u;
    // Where a busy machine lets a session die, another one has the same words.
    const line = this.lines
      .and(this.tab.locator('[data-over]'))
      .filter({ hasText: text })
      .filter({ hasText: whole });
    await line.first().waitFor();
    return line.first();
  }

  /** Faults that axe-core finds and calls serious or worse. */
  async faults(): Promise<string[]> {
    if (!(await this.tab.evaluate(`'axe' in globalThis`))) await this.tab.evaluate(AXE);
    const found = await this.tab.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
      return (await axe.run()).violations;
    });
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }
}
