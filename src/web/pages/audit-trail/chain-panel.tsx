import { Button, FileButton } from '@mantine/core';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ResponseOf } from '../../../contract/client.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { InstantText } from '../../parts/date-text.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useCan } from '../../shell/session.ts';
import { VerificationNote } from './verification-note.tsx';

type Head = ResponseOf<'getAuditHead'>;

/** The chain of seals: its newest one, whether it holds, and the head to be kept elsewhere. */
export function ChainPanel() {
  const head = useQuery(apiQuery('getAuditHead', {}));
  const canVerify = useCan('admin');
  const verification = useApiMutation('verifyAudit', { changes: ['getAuditHead', 'listAuditEntries'] });
  const [fileProblem, setFileProblem] = useState<string | null>(null);

  const verifyAgainst = async (file: File | null): Promise<void> => {
    if (!file) return;
    const kept = parseHead(await file.text());
    setFileProblem(kept === null ? `${file.name} is no head that was exported here.` : null);
    verification.reset();
    if (kept !== null) verification.mutate({ body: { head: kept } });
  };

  return (
    <section className="card stack-tight" aria-labelledby="chain-title" style={{ marginBlockEnd: '1rem' }}>
      <h2 id="chain-title">Seals</h2>
      <p className="soft">
        Every few seconds what was done is sealed: each seal has a hash over its entries and the seal before
        it, and entries carry the hashes of journal entries and posted documents. Verifying computes all of it
        again.
      </p>
      <Problem error={head.error} />
      {head.data ? <HeadFacts head={head.data} /> : null}
      <div className="toolbar">
        {canVerify ? (
          <>
            <Button
              size="sm"
              loading={verification.isPending}
              leftSection={<IconShieldCheck size={15} aria-hidden="true" />}
              onClick={() => {
                setFileProblem(null);
                verification.mutate({ body: {} });
              }}
            >
              Verify now
            </Button>
            <FileButton accept="application/json,.json" onChange={(file) => void verifyAgainst(file)}>
              {(props) => (
                <Button {...props} size="sm" variant="default" disabled={verification.isPending}>
                  Verify against a kept head
                </Button>
              )}
            </FileButton>
          </>
        ) : null}
        <Button
          size="sm"
          variant="default"
          disabled={!head.data?.hash}
          leftSection={<IconDownload size={15} aria-hidden="true" />}
          onClick={() => head.data && saveHead(head.data)}
        >
          Export the head
        </Button>
      </div>
      {fileProblem ? (
        <Note tone="bad" live title={fileProblem}>
          Choose a file that Export the head, or `tributary audit head --out FILE`, wrote.
        </Note>
      ) : null}
      <Problem error={verification.error} title="The trail was not verified." />
      {verification.data ? <VerificationNote result={verification.data} /> : null}
    </section>
  );
}

function HeadFacts({ head }: { readonly head: Head }) {
  if (head.hash === null || head.at === null) return <p>Nothing is sealed yet: wait a few seconds.</p>;
  return (
    <dl className="facts small">
      <dt>Last seal</dt>
      <dd>
        {head.sealNumber}, <InstantText instant={head.at} age />, over{' '}
        {countOf(head.entries, 'entry', 'entries')}
      </dd>
      <dt>Its hash</dt>
      <dd className="mono">{head.hash}</dd>
    </dl>
  );
}

function saveHead(head: Head): void {
  saveFile(`audit-head-${head.sealNumber}.json`, `${JSON.stringify(head)}\n`, 'application/json');
}

/** The server says what is wrong with a head; here only whether the file is one at all. */
function parseHead(text: string): { organization?: string; sealNumber: number; hash: string } | null {
  try {
    const value = JSON.parse(text) as { organization?: unknown; sealNumber?: unknown; hash?: unknown } | null;
    if (typeof value?.sealNumber !== 'number' || typeof value.hash !== 'string') return null;
    const { sealNumber, hash, organization } = value;
    return { sealNumber, hash, ...(typeof organization === 'string' ? { organization } : {}) };
  } catch {
    return null;
  }
}
