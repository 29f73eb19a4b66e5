import type { LanguageModel } from '../llm/model.ts';
import type { Logger } from '../log.ts';
import type { ProcessShards } from '../shards/process-shards.ts';
import type { ReasonBook } from '../speech/reason-book.ts';
import type { SessionRegistry } from '../speech/registry.ts';
import type { Store } from '../store/store.ts';
import type { Clones } from '../voices/clones.ts';
import type { VoiceLibrary } from '../voices/library.ts';
import type { GatewayClient } from './gateway/client.ts';
import type { RefusedError } from './gateway/login.ts';
import type { Command } from './interaction/command.ts';
import type { StatusReport } from './interaction/status-report.ts';
import type { ProcessManner } from './lines/manner.ts';
import type { CallsOptions } from './presence/calls.ts';

// What the bot's connection to Discord (`discord.ts`) needs of the rest of the process, and what it shows to it.

export interface DiscordOptions {
  readonly token: string;
  /** The base address of Discord's REST API, without the version, such as `https://discord.com/api`. */
  readonly apiUrl: string;
  /** The origin from which attachments are fetched in place of Discord's own hosts; null for those hosts. */
  readonly cdnUrl: string | null;
  readonly commands: readonly Command[];
  /**
   * Whether people may install the bot for themselves and then use it in places where the bot itself is not a member.
   */
  readonly userInstall: boolean;
  readonly shards: Pick<ProcessShards, 'named' | 'claim' | 'turn' | 'sharing'>;
  readonly sessions: SessionRegistry;
  readonly store: Store;
  readonly clones: Clones;
  readonly library: VoiceLibrary;
  /**
   * The language model that answers `/ask`; null when the operator has configured none, and `/ask` is then not
   * offered.
   */
  readonly model: LanguageModel | null;
  /** The parts of the process that all speech sessions share. */
  readonly speechMeans: CallsOptions['speechMeans'];
  readonly manner: ProcessManner;
  /** The price of speech, in US dollars for a million bytes; 0 where it is free. */
  readonly usdPerMillionBytes: number;
  readonly version: string;
  readonly fishStatus: () => StatusReport['fish'];
  /** Called when Discord refuses the bot and only its operator can correct that; the error's message says how. */
  readonly onRefused: (error: RefusedError) => void;
  /** Called when the connection to the gateway is lost for good for any other reason. */
  readonly onLost: () => void;
  readonly log: Logger;
}

/** The bot's connection to Discord. Disposing of it ends the connection. */
export interface Discord extends AsyncDisposable {
  /** `ok` tells whether the gateway works, and `detail` says in English what it is doing. */
  readonly health: { ok: boolean; detail: string };
  /** What the process shows of its work, without names or ids. Counts are since the process began. */
  readonly figures: GatewayClient['figures'] & {
    /** How many chat messages were read, and how many were not, for each reason. */
    readonly messages: ReasonBook['counts'];
  };
  /**
   * Takes back what Discord shows only because the bot is in voice channels. Call this before the sessions leave
   * them. Takes at most two seconds, and never rejects.
   */
  takeLeave(): Promise<void>;
}
