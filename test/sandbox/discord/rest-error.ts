/** Field problems of an Invalid Form Body, nested as the body is. */
export interface FormErrors {
  readonly _errors?: readonly { readonly code: string; readonly message: string }[];
  readonly [field: string]: unknown;
}

/** An answer other than success. (Discord, "Opcodes and Status Codes", JSON Error Codes.) */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number;
  readonly code: number;
  readonly errors: FormErrors | undefined;

  constructor(status: number, code: number, message: string, errors?: FormErrors) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): object {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

export const notFound = () => new RestError(404, 0, '404: Not Found');
export const methodNotAllowed = () => new RestError(405, 0, '405: Method Not Allowed');
export const unauthorized = () => new RestError(401, 0, '401: Unauthorized');
export const unknownChannel = () => new RestError(404, 10003, 'Unknown Channel');
export const unknownGuild = () => new RestError(404, 10004, 'Unknown Guild');
export const unknownMember = () => new RestError(404, 10007, 'Unknown Member');
export const unknownMessage = () => new RestError(404, 10008, 'Unknown Message');
export const unknownUser = () => new RestError(404, 10013, 'Unknown User');
export const unknownWebhook = () => new RestError(404, 10015, 'Unknown Webhook');
export const unknownInteraction = () => new RestError(404, 10062, 'Unknown interaction');
export const unknownVoiceState = () => new RestError(404, 10065, 'Unknown Voice State');
export const tooManyFollowUps = () =>
  new RestError(400, 40094, 'This interaction has hit the maximum number of follow up messages.');
export const alreadyAcknowledged = () =>
  new RestError(400, 40060, 'Interaction has already been acknowledged.');
export const missingAccess = () => new RestError(403, 50001, 'Missing Access');
export const emptyMessage = () => new RestError(400, 50006, 'Cannot send an empty message');
export const missingPermissions = () => new RestError(403, 50013, 'Missing Permissions');
export const invalidWebhookToken = () => new RestError(401, 50027, 'Invalid Webhook Token');
export const unknownBody = () => new RestError(400, 50109, 'The request body contains invalid JSON.');
export const halfCharacter = () => new RestError(500, 0, '500: Internal Server Error');
export const invalidUserAgent = () => new RestError(403, 40333, 'internal network error');

/** One problem in one field; `path` leads to it, such as `['data', 'content']`. */
export function invalidForm(path: readonly (string | number)[], code: string, message: string): RestError {
  const leaf: FormErrors = { _errors: [{ code, message }] };
  const errors = path.toReversed().reduce<FormErrors>((inner, field) => ({ [field]: inner }), leaf);
  return new RestError(400, 50035, 'Invalid Form Body', errors);
}
