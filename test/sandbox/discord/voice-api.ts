/** The public types of the sandbox's Discord voice server; `startVoiceServer` is in voice-server.ts. */

export type EncryptionMode = 'aead_aes256_gcm_rtpsize' | 'aead_xchacha20_poly1305_rtpsize';

/** What may go wrong on purpose. Everything holds while it is set; counters count down to 0. */
export interface VoiceFaults {
  /** Answers every Identify by closing with this code. */
  identifyClose?: number;
  /** Answers every Identify of a guild by closing with its code. */
  identifyCloseOf?: Readonly<Record<string, number>>;
  /** Never answers IP discovery. */
  noDiscoveryReply?: boolean;
  /** Answers IP discovery once in a session, and no repetition of it. */
  noRepeatedDiscovery?: boolean;
  /** Answers IP discovery only until the client has selected its protocol (op 1). */
  noLateDiscovery?: boolean;
  /** Answers IP discovery so many milliseconds late. */
  discoveryDelayMs?: number;
  /** Loses the next n discovery datagrams. */
  dropDiscovery?: number;
  /** Sends no op 8 on connect. */
  noHello?: boolean;
  /** Sends no op 4 after Select Protocol. */
  noSessionDescription?: boolean;
  /** Sends no op 9 after a good Resume. */
  noResumed?: boolean;
  /** Acknowledges no heartbeat. */
  noHeartbeatAck?: boolean;
  /** Loses every datagram toward the server. */
  blackHole?: boolean;
  /** Loses every nth RTP datagram toward listeners. */
  dropEvery?: number;
  /** Says version 1 in op 4, then never lets a client into the group: no op 25 to 30. */
  noDave?: boolean;
}

/** One RTP datagram of a client that passed transport decryption. */
export interface Datagram {
  /** `performance.now()`, ms. */
  readonly at: number;
  readonly userId: string;
  /** The gateway session by which the client had joined the voice channel. */
  readonly sessionId: string;
  readonly sequence: number;
  readonly timestamp: number;
  readonly mode: EncryptionMode;
  /** The frame after transport decryption, before DAVE. */
  readonly frame: Buffer;
  /** F8 FF FE. */
  readonly silence: boolean;
  /** Ends in DAVE's marker FA FA. */
  readonly encrypted: boolean;
}

/** One packet that a listener could hear. */
export interface HeardPacket {
  /** `performance.now()`, ms. */
  readonly at: number;
  /** The speaker. */
  readonly userId: string;
  readonly sequence: number;
  readonly timestamp: number;
  /** The Opus packet as the speaker had it. */
  readonly opus: Buffer;
  /** F8 FF FE. */
  readonly silence: boolean;
  readonly endToEnd: boolean;
}

/** A person in a voice channel, who decrypts what is said there. */
export interface Listener {
  readonly userId: string;
  readonly heard: readonly HeardPacket[];
  /** Frames that DAVE could not decrypt. */
  readonly undecryptable: number;
  /** Encrypted frames of the moments before this listener was in the speaker's group; everyone misses those. */
  readonly early: number;
  /** Frames with speech that arrived plain where the call is end-to-end encrypted: not heard. */
  readonly unencrypted: number;
  /** What was heard without silence, in order of arrival. */
  speech(): Buffer[];
  /** The call's voice privacy code, null while there is no group. */
  readonly privacyCode: string | null;
}

/** One voice channel on one voice server. */
export interface VoiceCall {
  readonly channelId: string;
  /**
   * Puts a person into the channel. Resolves when clients know (op 11) and, with a client in the call's DAVE
   * group-to-be, when the group includes the listener, at most 2 s.
   */
  addListener(userId: string): Promise<Listener>;
  /** Takes a person out again (op 13, MLS Remove). */
  removeListener(userId: string): Promise<void>;
  readonly listeners: ReadonlyMap<string, Listener>;
  /** Everybody who ever listened, those too who have left, in the order in which they came. */
  readonly everybody: readonly Listener[];
  /** Users connected to this call through a voice gateway session. */
  readonly clients: readonly string[];
  /** Members whose packets are passed on to nobody: they are muted or suppressed. */
  readonly silenced: Set<string>;
  /** How many datagrams of such members have come. */
  readonly swallowed: number;
  /** How many discoveries were answered of clients that had selected their protocol: these are their probes. */
  readonly probed: number;
  /** All RTP from clients, in order of arrival. */
  readonly datagrams: readonly Datagram[];
  /** Datagrams with a bad RTP header, a bad transport tag, a repeated nonce, or before op 4. */
  readonly rejected: number;
  /** Op 5 received; `at` is `performance.now()`, ms. */
  readonly speaking: readonly { readonly at: number; readonly userId: string; readonly speaking: number }[];
}

/** Names who may identify: what VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE told the client. */
export interface Ticket {
  readonly guildId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly sessionId: string;
}

export interface VoiceServer extends AsyncDisposable {
  /** "localhost:PORT", for VOICE_SERVER_UPDATE. */
  readonly endpoint: string;
  /** Where RTP goes, as op 2 tells. */
  readonly udp: { readonly ip: string; readonly port: number };
  /** Offered in op 2, in this order. */
  modes: EncryptionMode[];
  /** Whether calls are end-to-end encrypted. A change takes hold in calls without a client. */
  dave: boolean;
  /** Heartbeat interval of op 8. */
  heartbeatMs: number;
  /** Refuses every Resume with 4006. */
  refuseResume: boolean;
  readonly faults: VoiceFaults;
  /** Identify frames seen. */
  readonly identifies: number;
  /** Resume frames seen. */
  readonly resumes: number;
  /** RTP datagrams that came after their session was over: the client had sent them before it could know. */
  readonly late: number;
  /** What clients were given and must keep to themselves, of each session there was. */
  readonly secrets: readonly { readonly token: string; readonly key: Uint8Array | undefined }[];
  /** Returns the token for VOICE_SERVER_UPDATE; replaces an older ticket of that user in that guild. */
  admit(ticket: Ticket): string;
  /** Ends a member's session and ticket: closes its socket, takes it out of the call and its group. */
  evict(guildId: string, userId: string, code?: number): void;
  /** Closes a member's socket with a code. 4015 and codes below 4000 leave a session to resume. */
  close(guildId: string, userId: string, code: number): void;
  /** Cuts a member's TCP connection; the session can be resumed. */
  kill(guildId: string, userId: string): void;
  /** A member's TCP connection is half open from now on: nothing gets through, and nobody is told. */
  freeze(guildId: string, userId: string): void;
  /** Sends a member a binary frame as it is, sequence number and all. */
  sendBinary(guildId: string, userId: string, bytes: Uint8Array): void;
  /** Lets a member into the group of its call, where `noDave` kept it out. */
  enrol(guildId: string, userId: string): void;
  /** The call of a channel, made on demand. */
  call(channelId: string): VoiceCall;
  /** Drops what was noted in all calls: datagrams, and what listeners heard. */
  forget(): void;
  /** Takes a call to DAVE version 0 (ops 21, 23, 22). */
  downgrade(channelId: string): void;
  /** Takes a call to DAVE version 1 with a new group (op 24, epoch 1). */
  upgrade(channelId: string): void;
}
