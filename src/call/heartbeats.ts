import { type VoiceWebSocketInternals, webSocketMethods } from './internals.ts';
import { CALL_TIMINGS } from './timings.ts';

// Notices a dead connection to Discord's voice gateway by its unanswered heartbeats, sooner than the voice library
// does, and drops it so that the library goes on by a new one. `path-watch.ts` does this for voice packets.

/** The voice gateway's answer to a heartbeat (Discord, "Voice Connections": Heartbeating). */
const OP_HEARTBEAT_ACK = 6;
/**
 * After this many heartbeat intervals without an answer the socket counts as dead, whatever TCP believes. The library
 * itself waits for three heartbeats, and then 30 s more for the dead peer to close.
 */
const SILENT_INTERVALS = 2.5;

/** The timer of each socket, which drops the socket when no answer comes in time. */
const deadlines = new WeakMap<VoiceWebSocketInternals, NodeJS.Timeout>();

/**
 * Replaces methods of the library's sockets to the voice gateway. A socket that has gone silent is dropped, and the
 * library then resumes its session on a new one. And a socket whose peer does not answer a close is not waited for.
 */
export function watchHeartbeats(): void {
  const { setHeartbeatInterval, destroy } = webSocketMethods;
  webSocketMethods.setHeartbeatInterval = function (ms) {
    setHeartbeatInterval.call(this, ms);
    clearTimeout(deadlines.get(this));
    if (ms <= 0) return;
    const expect = () => {
      clearTimeout(deadlines.get(this));
      deadlines.set(this, setTimeout(() => drop(), ms * SILENT_INTERVALS).unref());
    };
    // If the event loop was blocked, the answer may have arrived and wait to be read, so it is given the chance first.
    const drop = () => {
      const deadline = deadlines.get(this);
      setImmediate(() => deadlines.get(this) === deadline && this.ws.terminate());
    };
    this.on('packet', ({ op }) => {
      if (op === OP_HEARTBEAT_ACK) expect();
    });
    expect();
  };
  webSocketMethods.destroy = function () {
    destroy.call(this);
    setTimeout(() => this.ws.terminate(), CALL_TIMINGS.close).unref();
  };
}
