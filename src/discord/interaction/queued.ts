import type { Translate } from '../../locale/catalogue.ts';
import type { Session } from '../../speech/session.ts';

/**
 * Returns the text that tells a caller when their line will be heard: `before` other lines come first, or the session
 * says nothing at the moment because it is paused or because nobody would hear it.
 * `Session.settled` should have resolved.
 */
export function queuedWords(session: Session, before: number, t: Translate): string {
  const { paused, hindrance, trouble, channelId } = session;
  const held = hindrance ? t('queue.held', { why: [`hindrance.${hindrance}`] }) : undefined;
  const unheard = trouble ? t(trouble.key, trouble.params) : undefined;
  // Of a line that waits for `/resume` it would be wrong to say that it is said as soon as people can hear the bot.
  if (paused) return [t('say.paused'), held ?? unheard].filter(Boolean).join('\n');
  if (hindrance) return t('say.held', { why: [`hindrance.${hindrance}`] });
  if (unheard) return unheard;
  return before === 0 ? t('say.speaking', { channel: `<#${channelId}>` }) : t('say.queued', { before });
}

/** Whether a line waits before it is heard, as `queuedWords` tells. */
export function mustWait({ hindrance, trouble, paused }: Session, before: number): boolean {
  return hindrance !== null || trouble !== null || paused || before > 0;
}
