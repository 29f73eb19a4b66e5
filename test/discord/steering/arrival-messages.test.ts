import type { Guild } from 'discord.js';
import { expect, test } from 'vitest';
import type { Arrival } from '../../../src/discord/presence/read-report.ts';
import { ArrivalMessages } from '../../../src/discord/steering/arrival-messages.ts';
import { withAct } from '../../../src/discord/steering/steering-message.ts';
import { translator, UI_LANGUAGES } from '../../../src/locale/catalogue.ts';

/** Discord allows so many characters in a message. */
const MOST_CHARACTERS = 2_000;
const ids = (count: number) => Array.from({ length: count }, (_, n) => String(10n ** 18n + BigInt(n)));

function textOf(arrival: Partial<Arrival>, language: string): string {
  const t = translator(language);
  const messages = new ArrivalMessages({
    shown: { below: (_guild, text) => ({ text, rows: [] }) },
    contentVisible: () => false,
  });
  const plain = { read: [], hidden: [], unseen: [], whose: 'everyone', role: null } as const;
  const whole = { ...plain, voiceId: '1', known: true, ...arrival };
  const { text } = messages.make({} as Guild, whole, t);
  return withAct(text, { kind: 'stopped', userId: ids(1)[0] ?? '', at: Date.now(), count: 99 }, t);
}

test.each(UI_LANGUAGES)(
  'with as many channels as there can be, Discord takes the message in %s',
  language => {
    const role = ids(1)[0] ?? '';
    for (const [read, hidden, unseen] of [
      [52, 0, 0],
      [18, 17, 17],
      [2, 0, 50],
      [2, 50, 0],
    ] as const) {
      const channels = { read: ids(read), hidden: ids(hidden), unseen: ids(unseen) };
      const text = textOf({ ...channels, whose: 'optin', role }, language);
      expect(text.length, text).toBeLessThanOrEqual(MOST_CHARACTERS);
    }
  },
);

test('of many channels some are named, and how many more there are', () => {
  expect(textOf({ read: ids(52) }, 'en')).toMatch(/written in (<#\d+>, ){19}<#\d+> … and 32 more\. The text/);
  expect(textOf({ read: ids(3) }, 'en')).toMatch(/written in (<#\d+>, ){2}<#\d+>\. The text/);
});
