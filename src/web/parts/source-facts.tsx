import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DocumentWire } from '../../contract/books-wire.ts';
import { readable } from '../format/words.ts';
import { connectionsQuery } from '../shell/books-scope.ts';
import { Fact } from './facts.tsx';
import { OutsideLink } from './link.tsx';
import { Name } from './name.tsx';

interface SourceFactsProps {
  readonly connectionId: string | null;
  readonly source: NonNullable<DocumentWire['source']>;
}

/** Where a document came from, inside of `Facts`. */
export function SourceFacts({ connectionId, source }: SourceFactsProps) {
  const connections = useQuery(connectionsQuery).data?.data ?? [];
  const connection = connections.find(({ id }) => id === connectionId);
  return (
    <Fact name="From">
      {readable(source.type)} <span className="mono">{source.id}</span>
      {connection ? (
        <>
          {' '}
          of <Name text={connection.name} whole />
        </>
      ) : null}
      <div className="row">
        <OutsideLink href={source.url}>Open the {source.type.replaceAll('_', ' ')} in the CRM</OutsideLink>
        {connectionId ? (
          <Link className="link" to="/why/$connectionId/$deal" params={{ connectionId, deal: source.id }}>
            Why?
          </Link>
        ) : null}
      </div>
    </Fact>
  );
}
