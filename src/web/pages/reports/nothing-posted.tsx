import { ButtonLink } from '../../parts/link.tsx';
import { Empty } from '../../parts/note.tsx';

interface NothingPostedProps {
  readonly title?: string;
  readonly children?: string;
}

/** Why a statement is empty, and the one next step. */
export function NothingPosted({ title, children }: NothingPostedProps) {
  return (
    <Empty
      title={title ?? 'Nothing is posted up to that day'}
      action={
        <ButtonLink to="/invoices" search={{ status: 'draft' }} variant="default">
          See the drafts
        </ButtonLink>
      }
    >
      {children ?? 'Accounts appear here with their balance once an invoice is posted.'}
    </Empty>
  );
}
