import { webSocketMethods, type VoiceWebSocketInternals } from './internals.ts';
import { CALL_TIMINGS } from './timings.ts';

/** (Discord, "Voice Connections": Heartbeating.) */
const OP_HEARTBEAT_ACK = 6;
/**
 * Without an answer for so many intervals the socket is dead, whatever TCP believes. The library waits for three
 * heartbeats, and then 30 s more for the dead peer to close.
 */
const SILENT_INTERVALS = 2.5;

/** When the voice gateway's sockets are to be dropped, if no answer comes until then. */
const deadlines = new WeakMap<VoiceWebSocketInternals, NodeJS.Timeout>();

/**
 * Bends the library's voice sockets: one that went silent is dropped, after which the library resumes its session on
 * a new one; and one whose peer does not answer a close is not waited for.
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
    // After a blocked event loop the answer may be in already, but not read: that comes first.
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
