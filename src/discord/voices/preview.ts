import { UserError } from '../../errors.ts';
import { sampleLine } from '../../library/sample-line.ts';
import type { VoiceLibrary } from '../../library/library.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { CallerLines } from '../caller-lines.ts';
import type { Comings } from '../comings.ts';
import type { Answer } from '../interaction/answer.ts';
import type { AnyUse } from '../interaction/use.ts';
import { queuedWords } from '../interaction/queued.ts';
import type { VoiceChoice } from './choice.ts';

const FILE_NAME = 'preview.ogg';

export interface PreviewRequest {
  readonly voice: string;
  /** Without it the voice says its own sample, or a sentence in the caller's language. */
  readonly text: string | undefined;
}

export interface PreviewsOptions {
  readonly library: VoiceLibrary;
  readonly voices: Pick<VoiceChoice, 'shown'>;
  readonly comings: Pick<Comings, 'enter'>;
  readonly lines: Pick<CallerLines, 'own' | 'soundFile'>;
}

/** Lets callers hear a voice before they take it. */
export class Previews {
  readonly #options: PreviewsOptions;

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  /**
   * Says it in the voice channel where the caller and the bot can be, else sends it as a file. Throws a UserError
   * where it cannot be heard.
   */
  async hear(use: AnyUse, { voice, text }: PreviewRequest, t: Translate): Promise<Answer> {
    const { library, lines, voices } = this.#options;
    const known = library.get(voice);
    const words = text ?? (known && sampleLine(known, use.locale)) ?? t('voice.preview.words');
    const { line } = await lines.own(use, words, voice);
    const manner = { ...line.manner, instead: [] }; // of this voice alone
    // Its own sample is nobody's words; what the caller has it say is theirs.
    const sample = { speakerId: `sample ${voice}`, announce: 'never' } as const;
    const heard: Line = { ...line, manner, ...(text === undefined && sample) };
    const name = voices.shown(voice);
    const session = this.#sessionFor(use);
    if (!session) {
      const bytes = await lines.soundFile(use, heard);
      return { text: t('voice.preview.file', { voice: name }), files: [{ name: FILE_NAME, bytes }] };
    }
    session.say(heard);
    await session.joined;
    if (session.hindrance || session.paused) return queuedWords(session, 0, t);
    return t('voice.preview.speaking', { voice: name, channel: `<#${session.channelId}>` });
  }

  #sessionFor(use: AnyUse): Session | null {
    try {
      return this.#options.comings.enter(use, null);
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }
}
