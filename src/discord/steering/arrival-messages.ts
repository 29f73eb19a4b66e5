import type { Guild } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { TextWithRows } from '../interaction/answer.ts';
import type { Arrival } from '../presence/read-report.ts';
import type { ShownSteering } from './shown-steering.ts';

// Makes the message that people see when the bot has come to a voice channel: what it reads aloud, where the text goes,
// and how not to be read, with the steering buttons (pause, skip, stop) below it. `shown-steering.ts` keeps it up to
// date.

/**
 * The most channels that are named of those that are read, and of those that are not for each reason. Discord allows
 * 2,000 characters in a message, and administrators may add fifty channels.
 */
const MOST_READ = 20;
const MOST_NOT_READ = 5;

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
  const mention = (ids: readonly string[], most = MOST_NOT_READ) => {
    const shown = ids.slice(0, most).map(id => `<#${id}>`);
    const more = ids.length > most ? ` ${t('queue.more', { count: ids.length - most })}` : '';
    return shown.join(', ') + more;
  };
  const lines = [t('join.done', { voice: `<#${voiceId}>`, channels: mention(read, MOST_READ) })];
  if (whose !== 'everyone') lines.push(t(`join.${whose}`));
  if (role !== null) lines.push(t('join.role', { role: `<@&${role}>` }));
  lines.push(t('join.machine'));
  if (hidden.length > 0) lines.push(t('join.hidden', { channels: mention(hidden) }));
  if (unseen.length > 0) lines.push(t('join.unseen', { channels: mention(unseen) }));
  if (!contentVisible) lines.push(t('join.deaf'));
  return lines.join('\n');
}
