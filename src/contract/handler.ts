import type { z } from 'zod';
import type { Scope } from './organization-wire.ts';
import type { OperationId, Routes } from './routes.ts';

/** Who asks: a member by session or a program by API key. Every query of a handler runs inside `organizationId`. */
export interface Caller {
  readonly organizationId: string;
  /** For the audit trail: `user:EMAIL` or `key:NAME`. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  /** Null for an API key. */
  readonly userId: string | null;
}

/** Null only on addresses that need no sign-in (`scope: null` in the route table) and only when nobody is signed in. */
export type CallerOf<Op extends OperationId> = Routes[Op]['scope'] extends null ? Caller | null : Caller;

type ParsedPart<Op extends OperationId, Part extends 'params' | 'query' | 'body'> = Routes[Op] extends {
  readonly [Key in Part]: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;

/** What a handler gets: each part as its schema parsed it, undefined where the route declares none. */
export interface HandlerInput<Op extends OperationId> {
  readonly params: ParsedPart<Op, 'params'>;
  readonly query: ParsedPart<Op, 'query'>;
  readonly body: ParsedPart<Op, 'body'>;
}

/** What a handler answers: the wire form. What the response schema does not declare is left out of the answer. */
export type HandlerOutput<Op extends OperationId> = DeepReadonly<z.input<Routes[Op]['response']>>;

/** One operation. Throws a `TributaryError` with a code that the route declares or one of the general ones. */
export type Handler<Op extends OperationId> = (
  caller: CallerOf<Op>,
  input: HandlerInput<Op>,
) => Promise<HandlerOutput<Op>>;

/** The handlers of some operations, by operation id. */
export type Handlers<Ops extends OperationId> = { readonly [Op in Ops]: Handler<Op> };

/** Signing in and out touch cookies, so the HTTP layer answers them itself; everything else is a handler. */
export type HandledOperationId = Exclude<OperationId, 'signIn' | 'signOut'>;
export type Operations = Handlers<HandledOperationId>;

/** Handlers may answer with readonly data. */
type DeepReadonly<Value> = Value extends Uint8Array
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
      : Value;
