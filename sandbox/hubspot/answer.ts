import { randomUUID } from 'node:crypto';

/** What a route answers; the server adds headers, rate limits and faults. */
export interface Answer {
  readonly status: number;
  /** A JSON text, its bytes, or a value to be serialized; null for an empty body. */
  readonly body: string | Buffer | object | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Content type when it is not JSON. */
  readonly contentType?: string;
}

export function json(body: string | Buffer | object, status = 200): Answer {
  return { status, body };
}

export function noContent(): Answer {
  return { status: 204, body: null };
}

/** The documented error body. All of its fields are optional to a reader; which ones come varies by endpoint. */
export function errorAnswer(
  status: number,
  category: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  return { status, body: { status: 'error', message, correlationId: randomUUID(), ...more, category } };
}

export function validationError(message: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return errorAnswer(400, 'VALIDATION_ERROR', message, more);
}

/** Thrown by handlers to answer an error from anywhere; the rule names the violation that is recorded. */
export class Refusal extends Error {
  readonly answer: Answer;
  readonly rule: string | null;

  constructor(answer: Answer, rule: string | null) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
    this.rule = rule;
  }
}

/** Refuses a call that the real API would refuse, and records the rule. */
export function refuse(rule: string, message: string, more: Readonly<Record<string, unknown>> = {}): Refusal {
  return new Refusal(validationError(message, more), rule);
}

export function notFound(message: string): Refusal {
  return new Refusal(errorAnswer(404, 'OBJECT_NOT_FOUND', message), null);
}
