import type { Translate } from '../../locale/catalogue.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import { sampleLine } from '../../voices/sample-line.ts';
import type { Answer } from '../interaction/answer.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { mustWait, queuedWords } from '../interaction/when-heard.ts';
import type { CallerLines } from '../lines/caller-lines.ts';
import type { CallRequests } from '../presence/call-requests.ts';
import type { VoiceChoice } from './choice.ts';

// Lets callers hear a voice before they choose it, for `/voice preview` and for the buttons "Hear" below voices that
// were found: in their voice channel, or else as a file.

const FILE_NAME = 'preview.ogg';

/** A voice that somebody wants to hear. */
export interface PreviewRequest {
  /** The id of the voice. */
  readonly voice: string;
  /** What the voice should say. If undefined, it says its own sample, or a sentence in the caller's language. */
  readonly text: string | undefined;
}

export interface PreviewsOptions {
  readonly library: VoiceLibrary;
  readonly voices: Pick<VoiceChoice, 'shown'>;
  readonly callRequests: Pick<CallRequests, 'speakIfThere'>;
  readonly callerLines: Pick<CallerLines, 'own' | 'soundFile'>;
}

export class Previews {
  readonly #options: PreviewsOptions;

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  /**
   * Has a voice say something in the caller's voice channel, after all that was written or asked for earlier in the
   * guild. If the caller is in no voice channel, or the bot cannot come there, it sends a file instead. Rejects with
   * a UserError when neither can be done.
   */
  async hear(interaction: AnyInteraction, { voice, text }: PreviewRequest, t: Translate): Promise<Answer> {
    const { library, callerLines, voices, callRequests } = this.#options;
    const known = library.get(voice);
    const words = text ?? (known && sampleLine(known, interaction.locale)) ?? t('voice.preview.words');
    // When the voice says its own sample, no person is the speaker, and no name is announced.
    const sample = { speakerId: `sample ${voice}`, announce: 'never' } as const;
    const { line, said } = await callRequests.speakIfThere(interaction, async () => {
      const own = (await callerLines.own(interaction, words, voice)).line;
      const manner = { ...own.manner, instead: [] }; // No other voice may stand in for the one that is to be heard.
      return { ...own, manner, ...(text === undefined && sample) };
    });
    const name = voices.shown(voice);
    if (!said) {
      const bytes = await callerLines.soundFile(interaction, line);
      return { text: t('voice.preview.file', { voice: name }), files: [{ name: FILE_NAME, bytes }] };
    }
    const { session, before } = said;
    await session.settled();
    if (mustWait(session, before)) return queuedWords(session, before, t);
    return t('voice.preview.speaking', { voice: name, channel: `<#${session.channelId}>` });
  }
}
