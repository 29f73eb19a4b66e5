import type { Browser, Locator, Page as Tab } from 'playwright-core';

const SCHEMES = ['light', 'dark'] as const;
const LINES = '#lines > li[data-line]';
/** On a busy machine the page may be slow. */
const PATIENCE_MS = 60_000;
/** What is left around a part, in CSS pixels. */
const MARGIN_PX = 5;

/** A picture in light or in dark colours. */
export interface Picture {
  readonly scheme: (typeof SCHEMES)[number];
  readonly png: Buffer;
}

/** Somebody who looks at the sandbox's page, uses it, and takes pictures of it. */
export class Camera {
  readonly #tab: Tab;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Is that person from now on. */
  async as(name: string): Promise<void> {
    await this.#tab.getByRole('button', { name, exact: true }).click();
  }

  /** Writes a message or a command, and sends it. */
  async write(words: string): Promise<void> {
    const field = this.#tab.getByRole('combobox', { name: /^Message in/u });
    await field.fill(words);
    await field.press('Enter');
    const send = this.#tab.getByRole('button', { name: 'Send' });
    if (words.startsWith('/') && (await send.isVisible())) await send.click();
    await field.blur();
  }

  /** How many lines the timeline has. */
  lines(): Promise<number> {
    return this.#tab.locator(LINES).count();
  }

  /** The line of the timeline that came last. */
  newestLine(): Locator {
    return this.#tab.locator(LINES).first();
  }

  /** The last answer of the bot to that command. */
  answer(command: string): Locator {
    return this.#tab
      .locator('#messages > li')
      .filter({ hasText: `used ${command}` })
      .last();
  }

  /** Takes a picture of all that is seen. */
  whole(): Promise<Picture[]> {
    return this.#inBoth(() => this.#tab.screenshot());
  }

  /** Takes a picture of one part, with a margin. */
  async only(part: Locator): Promise<Picture[]> {
    await part.evaluate(element => element.scrollIntoView({ block: 'nearest' }));
    const box = await part.boundingBox();
    if (!box) throw new Error('it cannot be seen');
    const clip = {
      x: box.x - MARGIN_PX,
      y: box.y - MARGIN_PX,
      width: box.width + 2 * MARGIN_PX,
      height: box.height + 2 * MARGIN_PX,
    };
    return await this.#inBoth(() => this.#tab.screenshot({ clip }));
  }

  async #inBoth(take: () => Promise<Buffer>): Promise<Picture[]> {
    const pictures: Picture[] = [];
    for (const scheme of SCHEMES) {
      await this.#tab.emulateMedia({ colorScheme: scheme });
      pictures.push({ scheme, png: await take() });
    }
    return pictures;
  }
}

/** How large the window is, in CSS pixels, and how many pixels of the picture each of them has. */
interface Window {
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
}

/** Opens the page in a window of its own. */
export async function lookAt(
  browser: Browser,
  url: string,
  { width, height, zoom }: Window,
): Promise<Camera> {
  const tab = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: zoom });
  tab.setDefaultTimeout(PATIENCE_MS);
  await tab.goto(url);
  return new Camera(tab);
}
