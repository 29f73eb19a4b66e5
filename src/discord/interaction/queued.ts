import type { Translate } from '../../locale/catalogue.ts';
import type { Session } from '../../speech/session.ts';

/**
 * Returns the text that tells a caller when their line will be heard: `before` other lines come first, or the session
 * says nothing at the moment because it is paused or because nobody would hear it.
 */
export function queuedWords(session: Session, before: number, t: Translate): string {
  const { paused, hindrance, channelId } = session;
  if (hindrance) return t('say.held', { why: [`hindrance.${hindrance}`] });
  if (paused) return t('say.paused');
  return before === 0 ? t('say.speaking', { channel: `<#${channelId}>` }) : t('say.queued', { before });
}
