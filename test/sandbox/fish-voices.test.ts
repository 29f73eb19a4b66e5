import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type FakeFish, startFish } from './fish/fish.ts';
import { silentMp3Frame } from './fish/mp3-frames.ts';
import { RawFish } from './raw-fish-client.ts';
import { callFish, titles } from './raw-fish-rest.ts';

/** Voices of the account's own: how they are made, changed and deleted, and which voices the live socket speaks with. */

const WAV = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(2000, 7)]);
const MP3 = silentMp3Frame(44_100, 128);
const NOBODY = 'f'.repeat(32);

function form(fields: Record<string, string | readonly (string | File)[]> = {}): FormData {
  const data = new FormData();
  const all = { type: 'tts', train_mode: 'fast', title: 'Mine', visibility: 'private', ...fields };
  for (const [name, value] of Object.entries({ voices: [new File([WAV], 'a.wav')], ...all }))
    for (const each of [value].flat())
      if (typeof each === 'string') data.append(name, each);
      else data.append(name, each);
  return data;
}

const made = (fish: FakeFish, fields?: Parameters<typeof form>[0]) =>
  callFish(fish, '/model', { method: 'POST', body: form(fields) });

/** What the live socket says about a voice. */
async function spoken(fish: FakeFish, reference_id: string): Promise<string | undefined> {
  await using client = await RawFish.connect(fish);
  client.start({ reference_id });
  client.send({ event: 'stop' });
  await client.over();
  return client.events[0]?.error ?? client.events[0]?.event;
}

test('a voice is made, found among one’s own, changed, spoken with and deleted', async () => {
  await using fish = await startFish({ strictVoices: true });
  const voices = [new File([WAV], 'a.wav', { type: 'audio/wav' }), new File([MP3], 'b.mp3')];
  const { status, json } = await made(fish, { voices, texts: ['one', 'two'], tags: ['x', 'y'] });
  expect(status).toBe(201);
  expect(json).toMatchObject({ title: 'Mine', visibility: 'private', state: 'trained', tags: ['x', 'y'] });
  const sha256 = createHash('sha256').update(WAV).digest('hex');
  expect(fish.library.made).toMatchObject([
    {
      id: json._id,
      texts: ['one', 'two'],
      deleted: false,
      voices: [
        { name: 'a.wav', type: 'audio/wav', kind: 'wav', bytes: WAV.length, sha256 },
        { name: 'b.mp3', kind: 'mp3', bytes: MP3.length },
      ],
    },
  ]);
  expect(await titles(fish, 'self=true')).toEqual(['Mine']);
  expect(await titles(fish, 'title=mine')).toEqual([]);
  const change = { method: 'PATCH', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ title: 'Still mine', tags: ['z'] });
  expect(await callFish(fish, `/model/${json._id}`, { ...change, body })).toMatchObject({
    status: 200,
    text: '',
  });
  expect(fish.library.get(json._id)).toMatchObject({ title: 'Still mine', tags: ['z'], description: '' });
  expect(await spoken(fish, json._id)).toBe('finish');
  expect(await callFish(fish, `/model/${json._id}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(fish.library.made).toMatchObject([{ deleted: true }]);
  for (const method of ['GET', 'DELETE'])
    expect(await callFish(fish, `/model/${json._id}`, { method })).toMatchObject({ status: 404 });
  expect(await spoken(fish, json._id)).toBe('Reference not found');
});

test('what belongs to others is neither changed nor deleted', async () => {
  await using fish = await startFish();
  const [voice] = fish.library.voices;
  for (const method of ['PATCH', 'DELETE'])
    expect(await callFish(fish, `/model/${voice?._id}`, { method })).toMatchObject({ status: 403 });
  expect(fish.library.get(voice?._id ?? '')).toBe(voice);
});

test.each<[Parameters<typeof form>[0], number, string]>([
  [{ voices: [] }, 422, 'voices'],
  [{ voices: ['not a file'] }, 422, 'voices'],
  [{ voices: Array.from({ length: 21 }, () => new File([WAV], 'a.wav')) }, 422, 'voices'],
  [{ voices: [new File(['<html>'], 'a.wav', { type: 'audio/wav' })] }, 400, 'Invalid audio file'],
  [{ title: '' }, 422, 'title'],
  [{ type: 'svc' }, 422, 'type'],
  [{ train_mode: 'full' }, 422, 'train_mode'],
  [{ visibility: 'secret' }, 422, 'visibility'],
  [{ visibility: 'public' }, 400, 'cover_image'],
  [{ enhance_audio_quality: 'yes' }, 422, 'enhance_audio_quality'],
])('a voice of %j is refused', async (fields, status, words) => {
  await using fish = await startFish();
  const answer = await made(fish, fields);
  expect(answer.status).toBe(status);
  expect(answer.type).toBe(status === 400 ? 'text/plain' : 'application/json');
  expect(answer.text).toContain(words);
  expect(fish.library.made).toEqual([]);
});

test('a body that cannot be read is answered in plain text', async () => {
  await using fish = await startFish();
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const answer = await callFish(fish, '/model', { method: 'POST', headers, body: 'nonsense' });
  expect(answer).toMatchObject({ status: 400, type: 'text/plain' });
});

test('the live socket takes any voice by default, known ones only when it is strict, and a deleted one never', async () => {
  await using fish = await startFish();
  expect(await spoken(fish, NOBODY)).toBe('finish');
  fish.behaviour.strictVoices = true;
  expect(await spoken(fish, NOBODY)).toBe('Reference not found');
  const [first, second] = fish.library.voices;
  expect(await spoken(fish, first?._id ?? '')).toBe('finish');
  const own = fish.library.voices.find(({ visibility }) => visibility === 'private');
  expect(await spoken(fish, own?._id ?? '')).toBe('Reference not found');
  fish.library.remove(second?._id ?? '');
  fish.behaviour.strictVoices = false;
  expect(await spoken(fish, second?._id ?? '')).toBe('Reference not found');
  expect(fish.openSessions).toBe(0);
});
