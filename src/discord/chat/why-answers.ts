import type { Message } from 'discord.js';
import type { MessageKey } from '../../locale/catalogue.ts';
import type { FishTrouble } from '../../speech/failures.ts';
import type { Hindrance } from '../../speech/floor.ts';
import type { Reason } from '../../speech/reasons.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { inCode } from '../interaction/texts.ts';
import type { Wording } from '../notices.ts';
import type { AskedMessage, Fate, Verdict, Why } from './why.ts';

// Says in words what became of a message, for `/why` and the menu entry "Why not read?". `why.ts` finds it out; here
// the text of the catalogue is chosen, which is another one if the message is the asker's own.

/** Fish Audio's troubles that concern a single line. All its other troubles concern every line. */
const OF_THE_LINE = ['refused', 'no-audio', 'unknown-voice'] as const;

/** The reasons that are told in other words about one's own message, under a key that ends with `.own`. */
const ADDRESSED = [
  'not-here',
  'not-in-voice',
  'opted-out',
  'ignored',
  'role',
  'excluded-role',
  'not-muted',
  'not-opted-in',
  'silent',
  'prefix',
  'blocked-word',
  'repeated',
  'person-full',
  'queue-full',
  'person-cap',
  'person-cap-alone',
  'budget-unknown',
  'skipped',
  'stopped',
  'left',
  'nobody',
  'not-joined',
  'failed',
  'no-database',
  'restarting',
] as const satisfies readonly Reason[];

export class WhyAnswers {
  readonly #why: Why;
  readonly #hindrance: (guildId: string) => Hindrance | null | undefined;

  /**
   * `hindrance` tells why nobody would hear the bot in a guild now; null or undefined when there is no such reason.
   */
  constructor(why: Why, hindrance: (guildId: string) => Hindrance | null | undefined) {
    this.#why = why;
    this.#hindrance = hindrance;
  }

  /**
   * Answers `/why` about the message that the caller names; with null, about the last message that they wrote in this
   * guild.
   */
  async toCommand(interaction: AnyInteraction, message: AskedMessage | null): Promise<Wording> {
    const verdict = await (message ? this.#why.ofNamed(message, interaction) : this.#why.ofLast(interaction));
    return whyWords(verdict, this.#hindrance(interaction.guildId));
  }

  /** Answers the menu entry "Why not read?" about the message on which the caller opened the menu. */
  async toMenu(interaction: AnyInteraction, message: Message<true>): Promise<Wording> {
    return whyWords(await this.#why.ofMessage(message, interaction), this.#hindrance(interaction.guildId));
  }
}

/**
 * Returns the text that tells what became of a message: about the asker's own message it says what they can do.
 * `hindrance` is why nobody would hear the bot in that guild now, or null; it explains why a message still waits.
 */
export function whyWords({ fate, own, detail = '' }: Verdict, hindrance: Hindrance | null = null): Wording {
  if (fate === 'waiting' && hindrance)
    return { key: 'why.held', params: { why: [`hindrance.${hindrance}`] } };
  if (isOfFish(fate)) return fishWords(fate.slice('fish-'.length) as FishTrouble, own);
  const addressed = ADDRESSED.find(one => one === fate);
  const key: MessageKey = own && addressed ? `why.${addressed}.own` : `why.${fate}`;
  if (fate === 'prefix') return { key, params: { prefix: inCode(detail) } };
  if (fate === 'role' || fate === 'excluded-role') return { key, params: { role: `<@&${detail}>` } };
  return { key, params: {} };
}

function fishWords(trouble: FishTrouble, own: boolean): Wording {
  const ofTheLine = OF_THE_LINE.find(one => one === trouble);
  if (ofTheLine) return { key: `fish.${ofTheLine}`, params: {} };
  const cause: MessageKey = `cause.${trouble}`;
  return { key: own ? 'why.fish.own' : 'why.fish', params: { cause: [cause] } };
}

function isOfFish(fate: Fate): fate is Reason & `fish-${FishTrouble}` {
  return fate.startsWith('fish-');
}
