import { createCipheriv } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import sodium from 'sodium-native';
import { WebSocket } from 'ws';

/** A voice gateway client made of ws, dgram and a cipher alone: it says exactly what a test wants said. */

const WITHIN_MS = 30_000;
const TAG_BYTES = 16;
/** RTP version 2 with payload type 120: the first two bytes of a datagram. */
const OPUS_HEAD = 0x8078;

export type Packet = { readonly op: number; readonly d: Record<string, unknown>; readonly seq?: number };

export class RawVoiceClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #udp: Socket = createSocket('udp4');
  readonly #packets: Packet[] = [];
  #arrived: (() => void) | null = null;
  /** The close code, once there is one. */
  readonly closed: Promise<number>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (message, isBinary) => {
      if (isBinary || !Buffer.isBuffer(message)) return;
      this.#packets.push(JSON.parse(message.toString()) as Packet);
      this.#arrived?.();
    });
    this.closed = once(socket, 'close').then(([code]) => code as number);
  }

  /** Connects; `query` is what follows the endpoint. */
  static async connect(endpoint: string, query = '?v=8'): Promise<RawVoiceClient> {
    const socket = new WebSocket(`wss://${endpoint}/${query}`);
    const client = new RawVoiceClient(socket);
    await once(socket, 'open', { signal: AbortSignal.timeout(WITHIN_MS) });
    return client;
  }

  send(op: number, d: unknown): void {
    this.#socket.send(JSON.stringify({ op, d }));
  }

  raw(message: string | Buffer): void {
    this.#socket.send(message);
  }

  /** The next packet with this opcode, from the first that came. */
  async next(op: number): Promise<Packet> {
    const end = performance.now() + WITHIN_MS;
    for (;;) {
      const index = this.#packets.findIndex(packet => packet.op === op);
      const [found] = index === -1 ? [] : this.#packets.splice(index, 1);
      if (found) return found;
      if (performance.now() > end) throw new Error(`no op ${op} in time`);
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, 100);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  datagram(bytes: Buffer, to: { port: number; ip: string }): void {
    this.#udp.send(bytes, to.port, to.ip);
  }

  /** IP discovery; returns the reply, 74 bytes. */
  async discover(ssrc: number, to: { port: number; ip: string }): Promise<Buffer> {
    const request = Buffer.alloc(74);
    request.writeUInt16BE(1, 0);
    request.writeUInt16BE(70, 2);
    request.writeUInt32BE(ssrc, 4);
    const reply = once(this.#udp, 'message', { signal: AbortSignal.timeout(WITHIN_MS) });
    this.datagram(request, to);
    const [message] = await reply;
    return message as Buffer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#udp.close();
    this.#socket.terminate();
    await this.closed;
  }
}

/** An RTP datagram as a client makes it, in either mode; the nonce is also its number. */
export function seal(
  mode: string,
  secret: Buffer,
  rtp: { ssrc: number; sequence: number; timestamp: number; nonce: number; head?: number },
  frame: Buffer,
): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(rtp.head ?? OPUS_HEAD);
  header.writeUInt16BE(rtp.sequence, 2);
  header.writeUInt32BE(rtp.timestamp, 4);
  header.writeUInt32BE(rtp.ssrc, 8);
  const nonce = Buffer.alloc(mode === 'aead_aes256_gcm_rtpsize' ? 12 : 24);
  nonce.writeUInt32BE(rtp.nonce);
  if (mode === 'aead_aes256_gcm_rtpsize') {
    const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(header);
    const sealed = [cipher.update(frame), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([header, ...sealed, nonce.subarray(0, 4)]);
  }
  const sealed = Buffer.alloc(frame.length + TAG_BYTES);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, frame, header, null, nonce, secret);
  return Buffer.concat([header, sealed, nonce.subarray(0, 4)]);
}
