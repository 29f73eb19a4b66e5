/** A refusal by Fish's REST interface: its status and whole body. */
export class RestRefusal extends Error {
  override readonly name = 'RestRefusal';
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

export function refusal(status: number, message: string): RestRefusal {
  return new RestRefusal(status, JSON.stringify({ message, status }));
}

/** A body that cannot be parsed, or means nothing: plain text, as Fish documents it. */
export function badRequest(message: string): RestRefusal {
  return new RestRefusal(400, message);
}

/** One field that is not as it must be. */
export function invalid(where: 'query' | 'body', field: string, type: string, msg: string): RestRefusal {
  return new RestRefusal(422, JSON.stringify([{ loc: [field], type, msg, ctx: {}, in: where }]));
}
