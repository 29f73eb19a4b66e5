import { expect, test } from 'vitest';
import { guardVoiceLibrary, REPLACED_METHODS } from '../../src/call/guards.ts';
import { networkingMethods } from '../../src/call/internals.ts';
import { encryptOpusPacket } from '../../src/call/packet-cipher.ts';

test('a voice library without a method that is replaced is refused', () => {
  for (const [methods, name] of REPLACED_METHODS) {
    const method: unknown = Reflect.get(methods, name);
    Reflect.deleteProperty(methods, name);
    expect(() => guardVoiceLibrary()).toThrow(name);
    Reflect.set(methods, name, method);
  }
  guardVoiceLibrary();
  expect(networkingMethods.encryptOpusPacket).toBe(encryptOpusPacket);
});
