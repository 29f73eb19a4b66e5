import { isIPv4 } from 'node:net';
import { Close, Op, ProtocolViolation } from './voice-codes.ts';
import { type ClientFrame, integer, object, text } from './voice-frame.ts';
import type { VoiceSession } from './voice-session.ts';

type JsonFrame = ClientFrame & { kind: 'json' };
type BinaryFrame = ClientFrame & { kind: 'binary' };

const MAX_PORT = 0xffff;

/** JSON opcodes that a client may send once it has a session. */
const JSON_OPS: Record<number, (frame: JsonFrame, session: VoiceSession, describes: boolean) => void> = {
  [Op.selectProtocol]: selectProtocol,
  [Op.speaking]: speaking,
  [Op.transitionReady]: ({ data }, session) =>
    session.call.group.ready(session.userId, integer(data, 'transition_id')),
  [Op.invalidCommitWelcome]: ({ data }, session) => {
    integer(data, 'transition_id');
    session.call.group.invalid(session.userId);
  },
};

/** Binary opcodes that a client may send once it has a session key. */
const BINARY_OPS: Record<number, (frame: BinaryFrame, session: VoiceSession) => void> = {
  [Op.keyPackage]: ({ payload }, session) => session.call.group.keyPackage(session.userId, payload),
  [Op.commitWelcome]: ({ payload }, session) => session.call.group.commitWelcome(session.userId, payload),
};

/**
 * Does what a client's frame asks, other than Identify, Resume and Heartbeat. Throws ProtocolViolation 4001 for
 * an unknown opcode, 4003 before Identify, and what the operation itself finds wrong; RangeError for bad MLS.
 */
export function heed(frame: ClientFrame, session: VoiceSession | null, describes: boolean): void {
  const known = frame.kind === 'json' ? frame.op in JSON_OPS : frame.op in BINARY_OPS;
  if (!known) throw new ProtocolViolation(Close.unknownOpcode, 'Unknown opcode.');
  if (!session) throw new ProtocolViolation(Close.notAuthenticated, 'Not authenticated.');
  if (frame.kind === 'json') return JSON_OPS[frame.op]?.(frame, session, describes);
  if (!session.described)
    throw new ProtocolViolation(Close.notAuthenticated, 'DAVE before the session description.');
  BINARY_OPS[frame.op]?.(frame, session);
}

function selectProtocol({ data }: JsonFrame, session: VoiceSession, describes: boolean): void {
  if (session.described)
    throw new ProtocolViolation(Close.alreadyAuthenticated, 'The protocol is already selected.');
  if (data['protocol'] !== 'udp') throw new ProtocolViolation(Close.unknownProtocol, 'Unknown protocol.');
  const choice = object(data, 'data');
  const port = integer(choice, 'port');
  if (!isIPv4(text(choice, 'address')) || port < 1 || port > MAX_PORT)
    throw new ProtocolViolation(Close.badRequest, 'Not an IPv4 address and port.');
  const wanted = text(choice, 'mode');
  const mode = session.offered.find(offer => offer === wanted);
  if (!mode) throw new ProtocolViolation(Close.unknownMode, 'Unknown encryption mode.');
  if (!describes) return;
  session.describe(mode);
  session.call.admitToGroup(session);
}

function speaking({ data }: JsonFrame, session: VoiceSession): void {
  if (integer(data, 'ssrc') !== session.ssrc) throw new ProtocolViolation(Close.badRequest, 'Foreign SSRC.');
  session.call.speak(session, integer(data, 'speaking'));
}
