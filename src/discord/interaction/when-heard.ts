import type { Translate } from '../../locale/catalogue.ts';
import type { Session } from '../../speech/session.ts';

/**
 * Returns the text that tells a caller when their line will be heard: `before` other lines come first, or the session
 * says nothing at the moment because it is paused or because nobody would hear it.
 * `Session.settled` should have resolved.
 */
export function queuedWords(session: Session, before: number, t: Translate): string {
  const { paused, hindrance, trouble, channelId } = session;
  // Of a line that waits for `/resume` it would be wrong to say that it is said as soon as people can hear the bot.
  if (paused) return [t('say.paused'), ...unheardWords(session, t)].join('\n');
  if (hindrance) return t('say.held', { why: [`hindrance.${hindrance}`] });
  if (trouble) return t(trouble.key, trouble.params);
  return before === 0 ? t('say.speaking', { channel: `<#${channelId}>` }) : t('say.queued', { before });
}

/** Returns why people do not hear the bot in its channel, apart from a pause: one text, or none. */
export function unheardWords({ hindrance, trouble }: Session, t: Translate): readonly string[] {
  if (hindrance) return [t('queue.held', { why: [`hindrance.${hindrance}`] })];
  return trouble ? [t(trouble.key, trouble.params)] : [];
}

/** Whether a line waits before it is heard, as `queuedWords` tells. */
export function mustWait({ hindrance, trouble, paused }: Session, before: number): boolean {
  return hindrance !== null || trouble !== null || paused || before > 0;
}
