/** Why a recording cannot be used; the list is closed. */
export type RecordingFault =
  | 'not-audio'
  | 'video'
  | 'damaged'
  | 'too-short'
  | 'too-long'
  | 'too-large'
  | 'unsupported';

/** A recording that cannot be used. Carries nothing of its content. */
export class RecordingError extends Error {
  override readonly name: string = 'RecordingError';
  readonly reason: RecordingFault;
  /** For `unsupported`: what it is, in words of our own, such as "Ogg Vorbis". */
  readonly format: string | undefined;

  constructor(reason: RecordingFault, format?: string, options?: ErrorOptions) {
    super(format === undefined ? reason : `${reason}: ${format}`, options);
    this.reason = reason;
    this.format = format;
  }
}
