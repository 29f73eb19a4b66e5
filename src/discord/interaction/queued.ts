import type { Translate } from '../../locale/catalogue.ts';
import type { Session } from '../../speech/session.ts';

/** What somebody is told of a line of theirs that `before` others are heard before. */
export function queuedWords(session: Session, before: number, t: Translate): string {
  const { paused, hindrance, channelId } = session;
  if (hindrance) return t('say.held', { why: [`hindrance.${hindrance}`] });
  if (paused) return t('say.paused');
  return before === 0 ? t('say.speaking', { channel: `<#${channelId}>` }) : t('say.queued', { before });
}
