import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { plannedPartyWire } from '../../../contract/sync-wire.ts';
import { Amount, Quantity } from '../../parts/amount.tsx';
import { Day } from '../../parts/date-text.tsx';
import { sourceValues } from '../../parts/field-source.ts';
import { Name } from '../../parts/name.tsx';
import type { PlannedDocument } from '../../parts/planned-document.tsx';
import type { MappingTarget } from './mapping-table.tsx';
import { readSource } from './setting-path.ts';
import type { Trial } from './trial.ts';
import type { LoadedEditor } from './use-configuration-draft.ts';

type PlannedParty = z.infer<typeof plannedPartyWire>;

/** What the picked deal gives for a target: from its document, else the raw value of the deal. */
export function exampleValue(editor: LoadedEditor, trial: Trial, target: MappingTarget): ReactNode {
  const fromDocument = trial.record?.document ? valueIn(trial.record.document, target.path) : null;
  if (fromDocument !== null) return fromDocument;
  const [section, group, name = '', ownName] = target.path;
  if (section === 'companies' || section === 'contacts') {
    const party = partyOf(trial.record, section);
    return party ? partyValue(party, name, ownName) : <span className="soft">—</span>;
  }
  if (section !== 'deals' || group !== 'fields') return <span className="soft">—</span>;
  const source = readSource(editor.settings, target.path);
  if (source === null) return <span className="soft">—</span>;
  const raw = sourceValues(source, trial.properties, new Map())
    .map(({ value }) => value)
    .filter((value): value is string => Boolean(value));
  return raw.length === 0 ? <span className="soft">empty</span> : <Name text={raw.join(' ')} />;
}

function valueIn(document: PlannedDocument, path: readonly string[]): ReactNode {
  const [section, group, name = ''] = path;
  if (section !== 'deals') return null;
  if (group === 'lines') return lineValue(document, name);
  const ownName = path[3];
  if (name === 'dimensions' && ownName) return text(document.dimensions[ownName]);
  if (name === 'customProperties' && ownName) return text(document.customProperties[ownName]);
  switch (name) {
    case 'description':
      return text(document.description);
    case 'total':
      return <Amount amount={document.total} currency={document.currency} />;
    case 'documentDate':
      return <Day day={document.documentDate} />;
    case 'currency':
      return document.currency;
    case 'salesRep':
      return text(document.salesRep?.name);
    case 'memo':
      return text(document.memo);
    default:
      return null;
  }
}

/** A customer that comes from a contact says nothing about the mapping of companies. */
function partyOf(record: Trial['record'], section: 'companies' | 'contacts'): PlannedParty | null {
  if (section === 'contacts') return record?.contact ?? null;
  return record?.customer?.sourceType === 'company' ? record.customer : null;
}

function partyValue(party: PlannedParty, name: string, ownName: string | undefined): ReactNode {
  if (name === 'customProperties') return text(ownName ? party.customProperties[ownName] : null);
  return text({ ...party.address, ...textsOf(party) }[name]);
}

function textsOf(party: PlannedParty): Readonly<Record<string, string | null>> {
  const { name, website, industry, phone, email, taxId, externalId } = party;
  return { name, website, industry, phone, email, taxId, externalId };
}

function text(value: string | null | undefined): ReactNode {
  return value ? <Name text={value} /> : <span className="soft">empty</span>;
}

/** The first line stands for all of them. */
function lineValue({ lines, currency }: PlannedDocument, name: string): ReactNode {
  const [line] = lines;
  if (!line) return null;
  switch (name) {
    case 'name':
      return <Name text={line.description} />;
    case 'sku':
      return text(line.sku);
    case 'quantity':
      return <Quantity value={line.quantity} />;
    case 'unitPrice':
      return <Amount amount={line.unitPrice} currency={currency} />;
    case 'discountPercent':
      return line.discountPercent ? <Quantity value={line.discountPercent} /> : null;
    case 'tax':
      return <Amount amount={line.tax} currency={currency} />;
    default:
      return null;
  }
}
