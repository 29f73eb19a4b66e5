// Why a file that somebody uploaded as a recording of their voice cannot be used. What they are told is in
// `src/voices/trouble.ts`.

/** All reasons why a recording cannot be used. */
export type RecordingFault =
  | 'not-audio'
  | 'video'
  | 'damaged'
  | 'too-short'
  | 'too-long'
  | 'too-large'
  | 'unsupported';

/** A recording cannot be used. The error holds nothing of its content. */
export class RecordingError extends Error {
  override readonly name: string = 'RecordingError';
  readonly reason: RecordingFault;
  /** For `unsupported`: the name of its format in our own words, such as "Ogg Vorbis". */
  readonly format: string | undefined;

  constructor(reason: RecordingFault, format?: string, options?: ErrorOptions) {
    super(format === undefined ? reason : `${reason}: ${format}`, options);
    this.reason = reason;
    this.format = format;
  }
}
