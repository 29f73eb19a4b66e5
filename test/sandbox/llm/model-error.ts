/** An answer other than success, in OpenAI's form. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly status: number;
  readonly body: string;

  constructor(
    status: number,
    message: string,
    { type = 'invalid_request_error', param = null, code = null }: Details,
  ) {
    super(message);
    this.status = status;
    this.body = JSON.stringify({ error: { message, type, param, code } });
  }
}

interface Details {
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

/** How OpenAI refuses. (OpenAI, "Error codes".) */
const REFUSALS: Readonly<Record<number, readonly [message: string, details: Details]>> = {
  401: [
    'Incorrect API key provided: sk-***. You can find your API key at https://platform.openai.com/account/api-keys.',
    { code: 'invalid_api_key' },
  ],
  404: ['The model `gone` does not exist or you do not have access to it.', { code: 'model_not_found' }],
  429: [
    'Rate limit reached for requests. Please try again in 20s.',
    { type: 'requests', code: 'rate_limit_exceeded' },
  ],
  500: ['The server had an error while processing your request. Sorry about that!', { type: 'server_error' }],
  503: ['The engine is currently overloaded, please try again later', { type: 'server_error' }],
};

export function refusal(status: number): ModelError {
  const [message, details] = REFUSALS[status] ?? ['Something went wrong.', { type: 'server_error' }];
  return new ModelError(status, message, details);
}

export const noKey = () =>
  new ModelError(
    401,
    "You didn't provide an API key. You need to provide your API key in an Authorization header.",
    {},
  );
export const wrongUrl = (method: string, path: string) =>
  new ModelError(404, `Invalid URL (${method} ${path})`, {});
export const unknownModel = (model: string) =>
  new ModelError(404, `The model \`${model}\` does not exist or you do not have access to it.`, {
    code: 'model_not_found',
  });
export const badArgument = (message: string, param: string | null) => new ModelError(400, message, { param });
export const missingArgument = (param: string) =>
  new ModelError(400, `Missing required parameter: '${param}'.`, {
    param,
    code: 'missing_required_parameter',
  });
