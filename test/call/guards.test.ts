import { expect, test } from 'vitest';
import { guardVoiceLibrary } from '../../src/call/guards.ts';
import {
  networkingMethods,
  receiverMethods,
  udpMethods,
  webSocketMethods,
} from '../../src/call/internals.ts';
import { encryptOpusPacket } from '../../src/call/packet-cipher.ts';

const BENT = [
  [networkingMethods, 'encryptOpusPacket'],
  [networkingMethods, 'prepareAudioPacket'],
  [networkingMethods, 'dispatchAudio'],
  [networkingMethods, 'playAudioPacket'],
  [networkingMethods, 'onWsPacket'],
  [networkingMethods, 'onWsBinary'],
  [receiverMethods, 'onUdpMessage'],
  [udpMethods, 'keepAlive'],
  [udpMethods, 'performIPDiscovery'],
  [udpMethods, 'send'],
  [webSocketMethods, 'onMessage'],
  [webSocketMethods, 'setHeartbeatInterval'],
  [webSocketMethods, 'destroy'],
] as const;

test('a voice library without a method that is bent is refused', () => {
  for (const [methods, name] of BENT) {
    const method: unknown = Reflect.get(methods, name);
    Reflect.deleteProperty(methods, name);
    expect(() => guardVoiceLibrary()).toThrow(name);
    Reflect.set(methods, name, method);
  }
  guardVoiceLibrary();
  expect(networkingMethods.encryptOpusPacket).toBe(encryptOpusPacket);
});
