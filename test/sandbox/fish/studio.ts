import type { AudioTrack } from './audio-track.ts';
import type { FishBehaviour, FishFault } from './behaviour.ts';
import { Mp3Track } from './mp3-track.ts';
import { OpusTrack } from './opus-track.ts';
import { NumberedSource, SpokenSource } from './packet-source.ts';
import { amplify, type Pcm } from './pcm.ts';
import { PcmTrack } from './pcm-track.ts';
import type { TtsRequest } from './request.ts';
import { speakTones } from './tones.ts';
import type { Words } from './words.ts';

const RUNAWAY = 10;

/** The voice of one session, as its request, the server's behaviour and the session's fault want it. */
export function recordTrack(
  words: Words,
  behaviour: FishBehaviour,
  request: TtsRequest,
  fault: FishFault | undefined,
): AudioTrack {
  const { voice, packets, packetsPerEvent, ogg } = behaviour;
  const { format, sampleRate, saturated } = request;
  // A recording sounds like nobody of the library.
  const timbre = request.references.map(({ sha256 }) => sha256).join() || request.voice;
  const sound = async (text: string): Promise<Pcm> => {
    const { rate, samples } =
      voice === 'espeak'
        ? await words.speak(text, { voice: timbre, speed: request.speed })
        : speakTones(text);
    return { rate, samples: amplify(samples, request.volume) };
  };
  if (format === 'mp3') return new Mp3Track(sound, sampleRate, request.mp3Bitrate);
  if (format !== 'opus') return new PcmTrack(sound, format, sampleRate);
  // Only packets of more than 255 bytes can go on in the next page.
  const large = saturated || ogg.continuePackets;
  const repeat = fault?.kind === 'runaway' ? (fault.factor ?? RUNAWAY) : 1;
  const total = packets === undefined ? undefined : packets * repeat;
  return new OpusTrack({
    source:
      voice === 'numbered' ? new NumberedSource(ogg, large, total) : new SpokenSource(sound, ogg, large),
    shape: ogg,
    packetsPerEvent,
    repeat,
    silenceSeconds: fault?.kind === 'silence' ? fault.seconds : 0,
    pageEndsAfter: fault && 'afterPackets' in fault ? fault.afterPackets : undefined,
  });
}
