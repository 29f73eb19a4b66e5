import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { FileSink, type Sink } from './file-sink.ts';

// Plays the sound of `npm run say` with a player that is installed on this machine. `file-sink.ts` writes a file
// instead.

/** Programs that play what comes on their standard input at once and without a window, with their arguments. */
const PLAYERS = {
  mpv: ['--no-config', '--no-terminal', '--no-video', '--', '-'],
  ffplay: '-nodisp -autoexit -loglevel error -fflags nobuffer -analyzeduration 0 -i -'.split(' '),
} as const;
/** What a player writes when it cannot play. ffplay then ends with the exit code 0 all the same. */
const COMPLAINT = /Failed to open|audio open failed|Invalid data/;
const ENDINGS = process.platform === 'win32' ? ['.exe', '.com'] : [''];

interface Player {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** The first player that is in a directory of `path`, which has the form of the variable PATH; undefined if none is. */
export function findPlayer(path: string): Player | undefined {
  for (const [name, args] of Object.entries(PLAYERS))
    for (const directory of path.split(delimiter).filter(each => each !== ''))
      for (const ending of ENDINGS) {
        const program = join(directory, name + ending);
        if (isExecutable(program)) return { name, program, args };
      }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // whatever the reason is, the file cannot be used
  }
}

/**
 * Plays sound with a player as it comes. If the player cannot play, all of the sound is written to a file at the end.
 */
export class PlayerSink implements Sink {
  readonly #player: Player;
  /** The file that is written when the player fails. */
  readonly #spare: string;
  readonly #child: ChildProcess;
  readonly #code: Promise<unknown>;
  readonly #heard: Uint8Array[] = [];
  #complained = false;
  #stopped = false;

  constructor(player: Player, spare: string) {
    this.#player = player;
    this.#spare = spare;
    this.#child = spawn(player.program, player.args, { stdio: ['pipe', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complained ||= COMPLAINT.test(text);
    });
    this.#code = once(this.#child, 'close').then(
      ([code]: unknown[]) => code,
      () => null, // the player could not be started
    );
    this.#child.stdin?.on('error', () => undefined); // the player has ended, and its exit code says why
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#heard.push(bytes);
    const { stdin } = this.#child;
    if (!stdin?.writable || stdin.write(bytes)) return;
    await Promise.race([once(stdin, 'drain'), this.#code]);
  }

  async end(): Promise<string> {
    this.#child.stdin?.end();
    const { name } = this.#player;
    const code = await this.#code;
    if (this.#stopped || (code === 0 && !this.#complained)) return `played by ${name}`;
    const file = await FileSink.at(this.#spare, 'opus');
    for (const bytes of this.#heard) await file.write(bytes);
    return `${name} could not play it: ${await file.end()}`;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#child.kill();
    await this.#code;
  }
}
