import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import type { Services } from '../src/discord/interaction/services.ts';
import type { StatusReport } from '../src/discord/interaction/status-report.ts';
import type { Translate } from '../src/locale/catalogue.ts';

// Carries out `/status`, which tells people whether the bot works, and if not, why.

const ms = (value: number | null, t: Translate) =>
  value === null ? t('status.unmeasured') : `${Math.round(value)} ms`;

/** Returns a text that tells whether Fish Audio works, and if not, why and since when. */
function stateOf({ outage, lastTrouble }: StatusReport['fish'], t: Translate): string {
  if (outage) {
    const since = `<t:${Math.floor(outage.since / 1_000)}:f>`;
    return t('status.fish-outage', { cause: [`cause.${outage.trouble}`], since });
  }
  return lastTrouble ? t('status.fish-problem', { cause: [`cause.${lastTrouble}`] }) : t('status.fish-ok');
}

const STATES = ['audible', 'waiting', 'ended'] as const;

/** Returns a text that tells what the bot does in its voice channel, or why nobody hears it. */
function stateOfVoice(
  { hindrance, paused }: NonNullable<ReturnType<Services['callers']['session']>>,
  state: string,
  t: Translate,
): string {
  if (hindrance) return t(`hindrance.${hindrance}`);
  if (paused) return t('status.paused');
  const known = STATES.find(name => name === state);
  return known ? t(`call.${known}`) : t('call.joining', { phase: state });
}

/**
 * `/status` shows how the bot is doing: its connections to Discord, to the voice channel, to Fish Audio and to the
 * store.
 */
export const status: SlashCommand = {
  data: slash('status'),
  run(interaction, services, t) {
    const { version, gatewayPingMs, contentVisible, modelTrouble, fish } = services.status();
    const { problem, kind } = services.store;
    const session = services.callers.session(interaction);
    const voice = session?.status();
    return [
      `**Parrotfish ${version}**`,
      t('status.gateway', { latency: ms(gatewayPingMs, t) }),
      voice && session
        ? t('status.voice', {
            channel: services.callers.sees(interaction, session.channelId)
              ? `<#${session.channelId}>`
              : t('channel.unseen'),
            state: stateOfVoice(session, voice.state, t),
            latency: ms(voice.pingMs, t),
          })
        : t('status.no-voice'),
      t(voice?.endToEnd ? 'status.encrypted' : voice ? 'status.transport' : 'status.no-encryption'),
      t('status.fish', {
        model: fish.model,
        state: stateOf(fish, t),
        latency: ms(fish.lastFirstAudioMs, t),
        inFlight: fish.inFlight,
        limit: fish.limit,
        waiting: fish.waiting,
      }),
      ...(fish.support === '' ? [] : [t('status.fish-support', { details: fish.support })]),
      ...(modelTrouble ? [t(`model.${modelTrouble}`)] : []),
      t(contentVisible ? 'status.reading' : 'status.not-reading'),
      problem
        ? t('status.store-problem', { problem: [`database.${problem}`] })
        : t('status.store-ok', { kind }),
    ].join('\n');
  },
};
