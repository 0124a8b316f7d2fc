import type { RunRecordWire } from '../../contract/sync-wire.ts';
import { Note } from './note.tsx';
import { statusTone } from './status.tsx';

type Reasoned = Pick<RunRecordWire, 'decision' | 'code' | 'reason' | 'mend' | 'warnings'>;

/** Why a record was decided as it was, how to mend it, and what is worth knowing about it. */
export function RecordReason({ record }: { readonly record: Reasoned }) {
  const tone = statusTone(record.decision);
  return (
    <div className="stack-tight">
      <Note tone={tone === 'quiet' ? 'info' : tone} title={record.reason}>
        {record.mend && record.decision !== 'create' && record.decision !== 'update' ? (
          <div>{record.mend}</div>
        ) : null}
        {record.code ? (
          <div className="soft small">
            The rule that decided: <span className="mono">{record.code}</span>
          </div>
        ) : null}
      </Note>
      {record.warnings.map(({ code, message }) => (
        <Note key={`${code} ${message}`} tone="warn" title={message} />
      ))}
    </div>
  );
}
