import type { Message } from 'discord.js';
import type { MessageKey } from '../../locale/catalogue.ts';
import type { FishTrouble } from '../../speech/failures.ts';
import type { Hindrance } from '../../speech/floor.ts';
import type { Reason } from '../../speech/reasons.ts';
import type { Wording } from '../presence/notices.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import type { AskedMessage, Fate, Why } from './why.ts';

/** What was wrong with the one line; everything else of Fish Audio's is wrong with all of them. */
const OF_THE_LINE = ['refused', 'no-audio', 'unknown-voice'] as const;

/** Tells in words why a message was not read. */
export class WhyAnswers {
  readonly #why: Why;
  readonly #hindrance: (guildId: string) => Hindrance | null | undefined;

  /** `hindrance`: why nobody would hear the bot in a server now. */
  constructor(why: Why, hindrance: (guildId: string) => Hindrance | null | undefined) {
    this.#why = why;
    this.#hindrance = hindrance;
  }

  /** Of the message that the caller names, or null for the last one that they wrote here. */
  async ofNamed(interaction: AnyInteraction, message: AskedMessage | null): Promise<Wording> {
    const fate = await (message ? this.#why.ofNamed(message, interaction) : this.#why.ofLast(interaction));
    return whyWords(fate, this.#hindrance(interaction.guildId));
  }

  /** Of a message in whose menu the caller asks. */
  async ofMenu(interaction: AnyInteraction, message: Message<true>): Promise<Wording> {
    return whyWords(await this.#why.ofMenu(message, interaction), this.#hindrance(interaction.guildId));
  }
}

/** What `/why` says of what became of a message. `hindrance`: why nobody would hear the bot in that server now. */
export function whyWords(fate: Fate, hindrance: Hindrance | null = null): Wording {
  if (fate === 'waiting' && hindrance)
    return { key: 'why.held', params: { why: [`hindrance.${hindrance}`] } };
  if (!isOfFish(fate)) return { key: `why.${fate}`, params: {} };
  const trouble = fate.slice('fish-'.length) as FishTrouble;
  const ofTheLine = OF_THE_LINE.find(one => one === trouble);
  if (ofTheLine) return { key: `fish.${ofTheLine}`, params: {} };
  const cause: MessageKey = `cause.${trouble}`;
  return { key: 'why.fish', params: { cause: [cause] } };
}

function isOfFish(fate: Fate): fate is Reason & `fish-${FishTrouble}` {
  return fate.startsWith('fish-');
}
