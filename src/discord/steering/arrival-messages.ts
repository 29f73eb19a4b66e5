import type { Guild } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { TextWithRows } from '../interaction/answer.ts';
import type { Arrival } from '../presence/read-report.ts';
import type { ShownSteering } from './shown-steering.ts';

// Makes the message that people see when the bot has come to a voice channel: what it reads aloud, where the text goes,
// and how not to be read, with the steering buttons (pause, skip, stop) below it. `shown-steering.ts` keeps it up to
// date.

export interface ArrivalMessagesOptions {
  readonly shown: Pick<ShownSteering, 'below'>;
  /** Tells whether Discord lets the bot see what people write. */
  readonly contentVisible: () => boolean;
}

/** The message is the same whether somebody called the bot or it came by itself. */
export class ArrivalMessages {
  readonly #options: ArrivalMessagesOptions;

  constructor(options: ArrivalMessagesOptions) {
    this.#options = options;
  }

  /**
   * Returns what the bot reads, that the text goes to Fish Audio, and how not to be read, with the buttons that steer
   * the speech below it.
   */
  make(guild: Guild, arrival: Arrival, t: Translate): TextWithRows {
    const { shown, contentVisible } = this.#options;
    return shown.below(guild, arrivalText(arrival, contentVisible(), t), t);
  }
}

function arrivalText(
  { voiceId, known, read, hidden, unseen, whose, role }: Arrival,
  contentVisible: boolean,
  t: Translate,
): string {
  if (!known) return t('join.no-database', { voice: `<#${voiceId}>` });
  const mention = (ids: readonly string[]) => ids.map(id => `<#${id}>`).join(', ');
  const lines = [t('join.done', { voice: `<#${voiceId}>`, channels: mention(read) })];
  if (whose !== 'everyone') lines.push(t(`join.${whose}`));
  if (role !== null) lines.push(t('join.role', { role: `<@&${role}>` }));
  lines.push(t('join.machine'));
  if (hidden.length > 0) lines.push(t('join.hidden', { channels: mention(hidden) }));
  if (unseen.length > 0) lines.push(t('join.unseen', { channels: mention(unseen) }));
  if (!contentVisible) lines.push(t('join.deaf'));
  return lines.join('\n');
}
