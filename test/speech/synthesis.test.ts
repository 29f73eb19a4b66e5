import { expect, test, vi } from 'vitest';
import { Silenced } from '../../src/speech/queued-line.ts';
import { synthesise } from '../../src/speech/synthesis.ts';
import { fishRoom, LINE } from '../support/fish-room.ts';

test('what is ended in the pause before the second try ends with the reason, and is not sent again', async () => {
  await using room = await fishRoom({ fault: { kind: 'error', afterEvents: 0 }, faultTimes: 1 });
  const control = new AbortController();
  const reason = new Silenced('nobody');
  const longPause = vi.spyOn(Math, 'random');
  const onRepeat = async () => {
    longPause.mockReturnValue(0.99);
    setImmediate(() => control.abort(reason)); // the pause has begun by then
  };
  const options = { signal: control.signal, log: room.fish.room.log, onRepeat };
  const speech = synthesise(room.fish, { lane: 'a guild', text: LINE }, options);
  const error = await speech.next().catch((thrown: unknown) => thrown);
  longPause.mockRestore();
  expect(error).toBe(reason);
  expect(room.server.sessions).toHaveLength(1);
});
