import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeAll } from 'vitest';
import { type Certificate, createCertificate } from '../sandbox/discord/certificate.ts';
import { startVoiceServer, type VoiceServer } from '../sandbox/discord/voice-server.ts';

/**
 * What tests with voice servers of the sandbox share: the ids of a channel and of people, and servers freed after each
 * test.
 */

export const CHANNEL = '900000000000000001';
export const GUILD = '800000000000000001';
export const BOT = '700000000000000001';
export const ANA = '600000000000000001';
export const BEN = '600000000000000002';
export const CAT = '600000000000000003';
export const TICKET = { guildId: GUILD, channelId: CHANNEL, userId: BOT, sessionId: 'session' };

const PACKET_BYTES = 40;
/** The first byte (TOC) of a stereo packet of 20 ms in CELT mode (RFC 6716 §3.1). */
const TOC = 0xfc;

let certificate: Certificate;
let packets = 0;
const undo: (() => void | Promise<void>)[] = [];

/**
 * Makes a certificate that this process trusts, and cleans up after each test. Call this once in a test file.
 */
export function useVoiceScene(): void {
  beforeAll(async () => {
    certificate = await createCertificate();
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, certificate.cert]);
    return async () => {
      setDefaultCACertificates(trusted);
      await certificate[Symbol.asyncDispose]();
    };
  });
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });
}

/** Runs a step after the present test. The step that was given last runs first. */
export function afterwards(step: () => void | Promise<void>): void {
  undo.push(step);
}

/** Starts a voice server of the sandbox, which is ended after the test. */
export async function voiceServer(): Promise<VoiceServer> {
  const server = await startVoiceServer({ certificate });
  afterwards(async () => await server[Symbol.asyncDispose]());
  return server;
}

/** Makes an Opus packet that differs from all others of this process. */
export function packet(): Buffer {
  const bytes = Buffer.alloc(PACKET_BYTES, 0x5a);
  bytes[0] = TOC;
  bytes.writeUInt32BE(++packets, 4);
  return bytes;
}
