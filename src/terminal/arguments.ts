import { FISH_MODELS, type FishModel, type TtsRequest } from '../fish/protocol.ts';
import { HELP_OPTION, parsed, UsageError } from './command-line.ts';

// The command line of `npm run say`: its help, its options, and what is wrong with them. `command-line.ts` has what the
// commands share; `speaking.ts` does what was asked for.

export const HELP = `npm run say -- "text" [options]    says a text with Fish Audio, without Discord

Without a text it says what comes on standard input, as it comes:  llm "Tell me a story" | npm run say

  --voice <id>            voice, the last part of its address at fish.audio
  --reference <file>      speak like this recording (WAV, MP3 or FLAC of 10 to 30 s) …
  --reference-text <text> … in which this is said
  --latency <how>         low, balanced or normal: sooner against better
  --speed <number>        0.5 to 2; 1 is usual
  --volume <dB>           -20 to 20; 0 is usual
  --model <name>          ${FISH_MODELS.join(', ')}
  --out <file>            write a file, its kind by its ending: .ogg, .mp3, .wav, or .pcm (16 bit, mono, 44.1 kHz)
  --debug                 show what Fish Audio says about its work
  -h, --help              this

Without --out it is played by mpv or ffplay, or else written to say.ogg. FISH_API_KEY and the other variables that
begin with FISH_ are read from the environment and from .env; without a key, a Fish Audio on this machine speaks.
Ends with 0 if all was said, with 78 if the configuration or the key cannot be used, else with 1.
`;

type Format = TtsRequest['format'];

/** What the command line asks for; a value is undefined if the command line does not give it. */
export interface SayArguments {
  readonly help: boolean;
  readonly text: string | undefined;
  readonly voice: string | undefined;
  readonly reference: { readonly file: string; readonly text: string } | undefined;
  readonly latency: TtsRequest['latency'] | undefined;
  readonly speed: number | undefined;
  /** In dB: -20 to 20, where 0 is usual. */
  readonly volume: number | undefined;
  readonly model: FishModel | undefined;
  readonly debug: boolean;
  /** The path of the file to write. */
  readonly out: string | undefined;
  /** The format of the sound, by the ending of `out`. */
  readonly format: Format;
}

const LATENCIES = ['low', 'balanced', 'normal'] as const;
const FORMATS: Readonly<Record<string, Format>> = { ogg: 'opus', mp3: 'mp3', wav: 'wav', pcm: 'pcm' };

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  voice: text,
  reference: text,
  'reference-text': text,
  latency: text,
  speed: text,
  volume: text,
  model: text,
  out: text,
  debug: flag,
  ...HELP_OPTION,
} as const;

/** Reads the arguments of the command line, without the names of node and the script. Throws UsageError. */
export function readArguments(args: readonly string[]): SayArguments {
  const { values, positionals } = parse(args);
  const { reference, 'reference-text': referenceText, out } = values;
  if ((reference === undefined) !== (referenceText === undefined))
    throw new UsageError(
      '--reference and --reference-text go together: the recording, and what is said in it',
    );
  const words = positionals.join(' ').trim();
  if (positionals.length > 0 && words === '') throw new UsageError('There is no text to say');
  return {
    help: values.help,
    text: words === '' ? undefined : words,
    voice: values.voice,
    reference:
      reference !== undefined && referenceText !== undefined
        ? { file: reference, text: referenceText }
        : undefined,
    latency: oneOf('latency', values.latency, LATENCIES),
    speed: numberOf('speed', values.speed, 0.5, 2),
    volume: numberOf('volume', values.volume, -20, 20),
    model: oneOf('model', values.model, FISH_MODELS),
    debug: values.debug,
    out,
    format: out === undefined ? 'opus' : formatOf(out),
  };
}

function parse(args: readonly string[]) {
  // "--volume -3" is joined to "--volume=-3", since the parser takes nothing that begins with a dash as a value.
  const joined = args.flatMap((arg, at) => {
    if (arg === '--volume' && /^-\d/.test(args[at + 1] ?? '')) return [`--volume=${args[at + 1]}`];
    return args[at - 1] === '--volume' && /^-\d/.test(arg) ? [] : [arg];
  });
  return parsed({ args: joined, options: OPTIONS, allowPositionals: true });
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  const found = known.find(each => each === value);
  if (value !== undefined && found === undefined)
    throw new UsageError(`--${name} must be one of ${known.join(', ')}`);
  return found;
}

function numberOf(name: string, value: string | undefined, low: number, high: number): number | undefined {
  if (value === undefined) return undefined;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!(number >= low && number <= high))
    throw new UsageError(`--${name} must be a number from ${low} to ${high}`);
  return number;
}

/** The format of the sound in a file, by the ending of its name. Throws UsageError. */
export function formatOf(file: string): Format {
  const format = FORMATS[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ''];
  if (!format) throw new UsageError('--out must end in .ogg, .mp3, .wav or .pcm');
  return format;
}
