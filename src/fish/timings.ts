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
  idleMaxAgeMs: 240_000,
  pingMs: 30_000,
  pongMs: 60_000,
  failingMs: 1_000,
  probeMs: 10_000,
  slowProbeMs: 60_000,
};
