import { WebSocket } from 'ws';

const SEQUENCE_MODULUS = 0x1_0000;

interface Sent {
  readonly sequence: number;
  readonly frame: string | Buffer;
}

/**
 * Messages toward one client, numbered and kept until the client has acknowledged them, so that a resumed
 * session loses none (Discord, "Voice Connections": Buffered Resume).
 */
export class Outbox {
  readonly #unacknowledged: Sent[] = [];
  #sequence = 0;
  #socket: WebSocket | null = null;

  /** A numbered JSON message: `{op, d, seq}`. */
  json(op: number, d: unknown): void {
    const sequence = this.#next();
    this.#keep({ sequence, frame: JSON.stringify({ op, d, seq: sequence }) });
  }

  /** A binary message: `uint16 seq | uint8 op | payload`. */
  binary(op: number, ...payload: readonly Uint8Array[]): void {
    const sequence = this.#next();
    const head = Buffer.alloc(3);
    head.writeUInt16BE(sequence);
    head.writeUInt8(op, 2);
    this.#keep({ sequence, frame: Buffer.concat([head, ...payload]) });
  }

  /** A message that belongs to the socket, not the session: not numbered, never repeated. */
  unnumbered(op: number, d: unknown): void {
    this.raw(JSON.stringify({ op, d }));
  }

  /** Sends a frame as it is. */
  raw(frame: string | Uint8Array): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** The client has everything up to this number. Numbers that are not in the buffer change nothing. */
  acknowledge(sequence: number): void {
    const index = this.#unacknowledged.findIndex(sent => sent.sequence === sequence);
    this.#unacknowledged.splice(0, index + 1);
  }

  attach(socket: WebSocket): void {
    this.#socket = socket;
  }

  detach(): void {
    this.#socket = null;
  }

  /** Sends again all that was not acknowledged. */
  replay(): void {
    for (const { frame } of this.#unacknowledged) this.raw(frame);
  }

  #next(): number {
    this.#sequence = (this.#sequence + 1) % SEQUENCE_MODULUS;
    return this.#sequence;
  }

  #keep(sent: Sent): void {
    this.#unacknowledged.push(sent);
    this.raw(sent.frame);
  }
}
