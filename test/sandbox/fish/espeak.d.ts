/** The few calls of the emscripten build of eSpeak NG that are used; the package ships no types. */
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakEvent {
    /** `mark`, `word`, `phoneme` and others. */
    type: string;
    /** The name of a mark; the phoneme, empty for a pause. */
    id?: string | number;
    /** Milliseconds from the start of the sound. */
    audio_position: number;
  }
  export interface EspeakWorker {
    /** Hz. */
    get_samplerate(): number;
    set_voice(name: string): void;
    /** 0 to 99. */
    set_pitch(pitch: number): void;
    /** Words per minute. */
    set_rate(rate: number): void;
    /** `text` may be SSML. Calls back with 16-bit samples, before it returns; true ends it early. */
    synthesize(
      text: string,
      onChunk: (audio: Int16Array | null, events: EspeakEvent[] | null) => boolean,
    ): void;
  }
  export default function load(): Promise<{
    eSpeakNGWorker: new () => EspeakWorker | Promise<EspeakWorker>;
  }>;
}
