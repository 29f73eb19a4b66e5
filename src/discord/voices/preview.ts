import { UserError } from '../../errors.ts';
import { sampleLine } from '../../library/sample-line.ts';
import type { VoiceLibrary } from '../../library/library.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { Answer } from '../command.ts';
import type { AnyUse, CommandContext } from '../context.ts';
import { queuedWords } from '../queued.ts';

const FILE_NAME = 'preview.ogg';

export interface PreviewRequest {
  readonly voice: string;
  /** Without it the voice says its own sample, or a sentence in the caller's language. */
  readonly text: string | undefined;
}

type Stage = Pick<CommandContext, 'line' | 'comings' | 'soundFile' | 'voices'>;

/** Lets a caller hear a voice: in the voice channel where they and the bot can be, else as a file. */
export async function preview(
  use: AnyUse,
  { voice, text }: PreviewRequest,
  { context, library, t }: { readonly context: Stage; readonly library: VoiceLibrary; readonly t: Translate },
): Promise<Answer> {
  const known = library.get(voice);
  const words = text ?? (known && sampleLine(known, use.locale)) ?? t('voice.preview.words');
  const { line } = await context.line(use, words, voice);
  const manner = { ...line.manner, instead: [] }; // of this voice alone
  // Its own sample is nobody's words; what the caller has it say is theirs.
  const sample = { speakerId: `sample ${voice}`, announce: 'never' } as const;
  const heard: Line = { ...line, manner, ...(text === undefined && sample) };
  const name = context.voices.shown(voice);
  const session = sessionFor(use, context);
  if (!session) {
    const bytes = await context.soundFile(use, heard);
    return { text: t('voice.preview.file', { voice: name }), files: [{ name: FILE_NAME, bytes }] };
  }
  session.say(heard);
  await session.joined;
  if (session.hindrance || session.paused) return queuedWords(session, 0, t);
  return t('voice.preview.speaking', { voice: name, channel: `<#${session.channelId}>` });
}

function sessionFor(use: AnyUse, context: Stage): Session | null {
  try {
    return context.comings.enter(use, null);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
