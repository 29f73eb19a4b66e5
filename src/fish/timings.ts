// Every deadline and interval of the connection to Fish Audio, with its default, in milliseconds. Tests pass shorter
// ones to `createFish`.

export interface FishTimings {
  /** How long it may take to open a socket: DNS, TCP, TLS and the upgrade together. */
  connectMs: number;
  /** How long the first sound may take after the first `flush` or `stop`. */
  firstAudioMs: number;
  /** How long sound may take after a later `flush`. */
  stallMs: number;
  /** How long Fish may be silent after `stop`, with neither sound nor `finish`. */
  finishMs: number;
  /** How long an idle socket may take to answer a ping or a `start` before it is taken for dead. */
  deafMs: number;
  /** How long a session that does not begin is sent again by other sockets, from the first failed attempt on. */
  repeatMs: number;
  /** How long somebody waits for a socket while none can be opened, from the first failure on. */
  dialMs: number;
  /** How long somebody waits while Fish says that there are too many sessions, from the first refusal on. */
  busyMs: number;
  /** How long a socket has to be quiet after its session before a second session is tried on it. */
  quietMs: number;
  /** How long no socket is used again after a sign that Fish closes them after `finish`. */
  noReuseMs: number;
  /** How long to wait before one session more is tried than Fish has told that there may be. */
  toldLimitMs: number;
  /** How long to wait before a limit is raised that we guessed because Fish refused without telling a number. */
  guessedLimitMs: number;
  /** After how long an idle socket is replaced. How long Fish keeps one is not documented. */
  idleMaxAgeMs: number;
  /** How often a ping is sent by each socket. */
  pingMs: number;
  /** After how long without anything from Fish a socket is dead. Fish is slow to answer pings while it generates. */
  pongMs: number;
  /** How long failures that can pass by themselves have to go on before they are an outage. */
  failingMs: number;
  /** How long Fish may let nobody in while somebody waits: after that it is an outage, and who waits is told. */
  heldUpMs: number;
  /** How much time there is at least between two tries of Fish in an outage. */
  probeMs: number;
  /** How much time there is between two probes in an outage that has lasted long. */
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
  heldUpMs: 10_000,
  probeMs: 10_000,
  slowProbeMs: 60_000,
};
