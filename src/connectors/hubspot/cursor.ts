import { type Instant, parseInstant } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { CrmType } from './object-types.ts';

/** The first import: which type is listed, after which id, and when it all began. */
export interface ImportCursor {
  readonly phase: 'import';
  readonly type: CrmType;
  readonly after: string | null;
  readonly startedAt: Instant;
}

/**
 * Later pulls. `readStartedAt` is when the last complete read began, never the greatest time that it saw: search shows changes late
 * and out of order. `archivedReadAt`: when the recycle bin was last read, kept where it is too large for every pull. `listedAt`: when
 * the last reading of all deals began; `listAfter`: the id after which one that was not ended goes on. `comparedAfter`: the id of the
 * last deal whose associations were compared, null when all were.
 */
export interface ChangesCursor {
  readonly phase: 'changes';
  readonly readStartedAt: Instant;
  readonly archivedReadAt: Instant | null;
  readonly listedAt: Instant;
  readonly listAfter: string | null;
  readonly comparedAfter: string | null;
}

export type Cursor = ImportCursor | ChangesCursor;

/** The cursor that a page carried. Errors: invalid_request for one that this connector did not make. */
export function readCursor(json: Json | null, startedAt: Instant): Cursor {
  if (json === null) return { phase: 'import', type: 'deal', after: null, startedAt };
  const fields = isObject(json) ? json : {};
  const started = instantOf(fields.startedAt);
  if (fields.phase === 'import' && started && isListedType(fields.type)) {
    return { phase: 'import', type: fields.type, after: textOf(fields.after), startedAt: started };
  }
  const readStartedAt = instantOf(fields.readStartedAt);
  if (fields.phase === 'changes' && readStartedAt)
    return {
      phase: 'changes',
      readStartedAt,
      archivedReadAt: instantOf(fields.archivedReadAt),
      listedAt: instantOf(fields.listedAt) ?? readStartedAt,
      listAfter: textOf(fields.listAfter),
      comparedAfter: textOf(fields.comparedAfter),
    };
  throw new TributaryError('invalid_request', 'The cursor of the last pull cannot be read.');
}

export function cursorToJson(cursor: Cursor): Json {
  return { ...cursor };
}

function isObject(json: Json): json is { readonly [key: string]: Json | undefined } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function instantOf(value: Json | undefined): Instant | null {
  return typeof value === 'string' ? parseInstant(value) : null;
}

function isListedType(value: Json | undefined): value is CrmType {
  return (
    value === 'deal' ||
    value === 'company' ||
    value === 'contact' ||
    value === 'line_item' ||
    value === 'product'
  );
}
