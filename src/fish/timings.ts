/** Every deadline and interval of this room, in milliseconds. */
export interface FishTimings {
  /** From the first byte to an open socket: DNS, TCP, TLS, upgrade. */
  connectMs: number;
  /** From the first `flush` or `stop` to the first audio. */
  firstAudioMs: number;
  /** From a `flush` to audio, once there was some. */
  stallMs: number;
  /** After `stop`, without audio and without `finish`. */
  finishMs: number;
  /** A socket that was idle answers a ping, or a `start`, within this; else it is dead. */
  deafMs: number;
  /** After a first sign that a session has not begun, it is repeated on other sockets until this has passed. */
  repeatMs: number;
  /** Who waits for a socket does so while none can be opened, from the first failure on. */
  dialMs: number;
  /** The same while Fish says that too much is going on at once. */
  busyMs: number;
  /** A finished socket that was quiet for this long may be tried for a second session. */
  quietMs: number;
  /** After a sign that sockets are closed behind `finish` none is used again for this long. */
  noReuseMs: number;
  /** A limit told by Fish is tried to be exceeded only so often; */
  toldLimitMs: number;
  /** one that was guessed, so often. */
  guessedLimitMs: number;
  /** A socket idle for this long is replaced: how long Fish keeps one is not documented. */
  idleMaxAgeMs: number;
  pingMs: number;
  /** Without a word or a pong for this long the peer is gone. Fish is slow to answer while it generates. */
  pongMs: number;
  /** Failures of the passing kind are an outage when they go on for so long. */
  failingMs: number;
  /** In an outage Fish is tried at most so often; */
  probeMs: number;
  /** and with a bare socket only so often, when it has lasted long. */
  slowProbeMs: number;
}

export const DEFAULT_TIMINGS: FishTimings = {
  connectMs: 5_000,
  firstAudioMs: 8_000,
  stallMs: 4_000,
  finishMs: 4_000,
  deafMs: 1_500,
  repeatMs: 10_000,
  dialMs: 10_000,
  busyMs: 120_000,
  quietMs: 3_000,
  noReuseMs: 600_000,
  toldLimitMs: 60_000,
  guessedLimitMs: 10_000,
  idleMaxAgeMs: 240_000,
  pingMs: 30_000,
  pongMs: 60_000,
  failingMs: 1_000,
  probeMs: 10_000,
  slowProbeMs: 60_000,
};
