import type { DocumentWire } from '../../../contract/books-wire.ts';
import type { RequestOf } from '../../../contract/client.ts';
import { isZeroAmount } from '../../format/amount.ts';

/** A line as it is typed; `taxCode`: a code's id, `default` (as customer or item say) or `none`. */
export interface EditedLine {
  readonly key: string;
  readonly itemId: string | null;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discountPercent: string;
  readonly discountAmount: string;
  readonly taxCode: string;
  /** Tax that came from the CRM; it stays until a code is chosen. */
  readonly tax: string | null;
  readonly account: string | null;
  readonly sourceId: string | null;
}

export function emptyLine(): EditedLine {
  return {
    key: crypto.randomUUID(),
    itemId: null,
    description: '',
    quantity: '1',
    unitPrice: '',
    discountPercent: '',
    discountAmount: '',
    taxCode: 'default',
    tax: null,
    account: null,
    sourceId: null,
  };
}

export function lineFromWire(line: DocumentWire['lines'][number]): EditedLine {
  const hasPercent = line.discountPercent !== null;
  return {
    key: String(line.position),
    itemId: line.itemId,
    description: line.description,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    discountPercent: line.discountPercent ?? '',
    discountAmount: hasPercent || isZeroAmount(line.discountAmount) ? '' : line.discountAmount,
    taxCode: line.taxCodeId ?? 'none',
    tax: line.taxCodeId === null && !isZeroAmount(line.tax) ? line.tax : null,
    account: line.account,
    sourceId: line.sourceId,
  };
}

type LineRequest = RequestOf<'createDocument'>['body']['lines'][number];

export function lineToWire(line: EditedLine): LineRequest {
  const { itemId, description, quantity, unitPrice, account, sourceId, taxCode, tax } = line;
  return {
    itemId,
    description,
    quantity,
    unitPrice,
    account,
    sourceId,
    ...(line.discountPercent === '' ? {} : { discountPercent: line.discountPercent }),
    ...(line.discountAmount === '' ? {} : { discountAmount: line.discountAmount }),
    ...(tax === null ? {} : { tax }),
    ...(taxCode === 'default' ? {} : { taxCodeId: taxCode === 'none' ? null : taxCode }),
  };
}
