import { edit, type Mutant, one } from './mutant.ts';

const BUDGET = 'test/speech/budget.test.ts';
const GATES = 'test/bot/safety-gates.test.ts';

const budget = (text: string, instead: string) => edit('src/speech/budget.ts', text, instead);

/** What may be spent. */
export const CAPS: readonly Mutant[] = [
  one('the cap of a person', budget('+ bytes > cap)', '+ bytes > Infinity)'), BUDGET),
  one(
    'the cap of a server',
    budget('this.#ofGuild(guildId) + bytes > caps.serverBytesPerDay * share', 'bytes < 0'),
    BUDGET,
  ),
  one(
    'the cap of the process',
    budget('if (Math.round(nanoUsd) > this.#dailyNanoUsd * share)', 'if (nanoUsd < 0)'),
    BUDGET,
  ),
  one(
    'what is about to be sent counts',
    budget('guildToday(guildId) + (this.#held.get(guildId) ?? 0);', 'guildToday(guildId);'),
    BUDGET,
  ),
  one(
    'a day of which nobody knows what was spent',
    budget('const isKnown = this.#ledger.todayIsKnown();', 'const isKnown = true;'),
    BUDGET,
  ),
  one(
    'a second try is paid for',
    budget(
      'const more = total - left;\n        this.#checkDay(guildId, more, caps);',
      'const more = total - left;',
    ),
    BUDGET,
  ),
  one(
    'the cap of a message',
    edit('src/discord/lines/guild-rules.ts', 'maxBytes: settings.messageBytes,', 'maxBytes: 1e9,'),
    GATES,
    'cap of a message',
  ),
];
