/** Voice gateway opcodes (Discord, "Opcodes and Status Codes": Voice; DAVE protocol, "Voice Gateway Opcodes"). */
export const Op = {
  identify: 0,
  selectProtocol: 1,
  ready: 2,
  heartbeat: 3,
  sessionDescription: 4,
  speaking: 5,
  heartbeatAck: 6,
  resume: 7,
  hello: 8,
  resumed: 9,
  clientsConnect: 11,
  clientDisconnect: 13,
  prepareTransition: 21,
  executeTransition: 22,
  transitionReady: 23,
  prepareEpoch: 24,
  externalSender: 25,
  keyPackage: 26,
  proposals: 27,
  commitWelcome: 28,
  announceCommit: 29,
  welcome: 30,
  invalidCommitWelcome: 31,
} as const;

/** Voice close event codes (same page). */
export const Close = {
  unknownOpcode: 4001,
  undecodable: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  sessionInvalid: 4006,
  sessionTimeout: 4009,
  serverNotFound: 4011,
  unknownProtocol: 4012,
  disconnected: 4014,
  serverCrashed: 4015,
  unknownMode: 4016,
  daveRequired: 4017,
  badRequest: 4020,
} as const;

/** Whether a client may resume after a close with this code; otherwise its session is over. */
export function isResumable(code: number): boolean {
  return code === Close.serverCrashed || (code < 4000 && code !== 1000 && code !== 1001);
}

/** A client broke the protocol: its socket is closed with this code. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}
