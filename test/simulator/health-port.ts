// Ports below those that the system gives to outgoing connections, since a scene may start its bot several times.
const FIRST_PORT = 10_000;
const PORTS = 20_000;
const PORTS_A_PROCESS = 8;
let scenes = 0;

/** A port that no other scene of this process or of another lane has at the same time. */
export function healthPort(): number {
  scenes += 1;
  return FIRST_PORT + ((process.pid * PORTS_A_PROCESS + (scenes % PORTS_A_PROCESS)) % PORTS);
}
