import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import { Empty, Problem } from '../parts/note.tsx';
import { usePageTitle } from '../parts/page-header.tsx';

/** A page that could not be shown, inside whatever stands around it. */
export function PageError({ error }: { readonly error: unknown }) {
  usePageTitle('This page cannot be shown');
  const router = useRouter();
  return (
    <div className="stack" style={{ padding: '1.5rem', maxWidth: '44rem' }}>
      <h1 tabIndex={-1}>This page cannot be shown</h1>
      <Problem error={error instanceof Error ? error : new Error(String(error))} />
      <div className="row">
        <Button onClick={() => void router.invalidate()}>Try again</Button>
        <Link to="/" className="link">
          Overview
        </Link>
      </div>
    </div>
  );
}

export function NotFound() {
  usePageTitle('There is no such page');
  return (
    <div style={{ padding: '1.5rem' }}>
      <h1 className="visually-hidden" tabIndex={-1}>
        There is no such page
      </h1>
      <Empty
        title="There is no such page"
        action={
          <Link to="/" className="link">
            Go to the Overview
          </Link>
        }
      >
        The address is wrong, or the page has gone. Search with / for a deal, an invoice or a customer.
      </Empty>
    </div>
  );
}
