import { useQuery } from '@tanstack/react-query';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { actorWords } from '../../format/words.ts';
import { formatDay } from '../../format/date.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note } from '../../parts/note.tsx';
import { useCan } from '../../shell/session.ts';
import { fiscalYearsQuery, periodOfDay } from '../periods/fiscal-years.ts';

/** Says of a draft that it cannot be posted on its date, and what to do about it; nothing where it can. */
export function ClosedPeriodNote({ document }: { readonly document: DocumentWire }) {
  const { documentDate, entityId } = document;
  const canPost = useCan('post');
  const years = useQuery(fiscalYearsQuery(entityId)).data?.data;
  if (!years) return null;
  const period = periodOfDay(years, documentDate);
  if (period?.status === 'open') return null;
  const changeDate =
    canPost && document.kind === 'invoice' ? (
      <ButtonLink
        to="/invoices/$documentId/edit"
        params={{ documentId: document.id }}
        variant="default"
        size="sm"
      >
        Change the date
      </ButtonLink>
    ) : null;
  if (!period) {
    const first = years.at(-1)?.startDate ?? '';
    // The year after the last one is made by itself.
    if (documentDate > first) return null;
    return (
      <Note
        tone="warn"
        title={`${formatDay(documentDate)} lies in no fiscal year`}
        action={
          <div className="row">
            {changeDate}
            <ButtonLink to="/settings/periods" search={{ entity: entityId }} variant="default" size="sm">
              Periods
            </ButtonLink>
          </div>
        }
      >
        It can be posted once the year is added, or the draft has another date.
      </Note>
    );
  }
  return (
    <Note
      tone="warn"
      title={`${period.name} is ${period.status}: this draft cannot be posted on its date`}
      action={
        <div className="row">
          {changeDate}
          <ButtonLink
            to="/settings/periods/$yearId"
            params={{ yearId: period.fiscalYearId }}
            variant="default"
            size="sm"
          >
            See the period
          </ButtonLink>
        </div>
      }
    >
      <Name text={actorWords(period.statusBy ?? '')} whole /> {period.status} it:{' '}
      <Name text={period.statusReason ?? ''} whole />. Give the draft a date in an open period, or open the
      period. A change of the deal in the CRM can move it, too: Sync Settings say what becomes of a date in a
      closed period.
    </Note>
  );
}
