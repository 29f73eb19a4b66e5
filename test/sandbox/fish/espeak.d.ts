/** The few calls of the emscripten build of eSpeak NG that are used; the package ships no types. */
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakWorker {
    /** Hz. */
    get_samplerate(): number;
    set_voice(name: string): void;
    /** 0 to 99. */
    set_pitch(pitch: number): void;
    /** Words per minute. */
    set_rate(rate: number): void;
    /** Calls back with 16-bit samples, before it returns; true ends it early. */
    synthesize(text: string, onChunk: (audio: Int16Array | null) => boolean): void;
  }
  export default function load(): Promise<{
    eSpeakNGWorker: new () => EspeakWorker | Promise<EspeakWorker>;
  }>;
}
