/** The few calls of the emscripten build of eSpeak NG that are used; the package ships no types. */
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakWorker {
    /** Hz. */
    get_samplerate(): number;
    set_voice(name: string): void;
    /** Calls back with 16-bit samples; true ends it early. */
    synthesize(text: string, onChunk: (audio: ArrayLike<number> | null) => boolean): void;
  }
  export default function load(): Promise<{
    eSpeakNGWorker: new () => EspeakWorker | Promise<EspeakWorker>;
  }>;
}
