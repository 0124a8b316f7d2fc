import { Button } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { ConnectionWire, overviewWire } from '../../../contract/sync-wire.ts';
import { countOf } from '../../format/count.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note } from '../../parts/note.tsx';
import { useCan } from '../../shell/session.ts';

interface AutoPostOffersProps {
  readonly offers: z.infer<typeof overviewWire>['autoPostOffers'];
  readonly connections: readonly ConnectionWire[];
}

const storageKey = (connectionId: string): string => `no auto-post ${connectionId}`;

/** Offers to post by itself, to who may switch it on and has not said no in this browser. */
export function AutoPostOffers({ offers, connections }: AutoPostOffersProps) {
  const canConfigure = useCan('configure');
  const [declined, setDeclined] = useState<readonly string[]>([]);
  if (!canConfigure) return null;
  return offers
    .filter(
      ({ connectionId }) =>
        !declined.includes(connectionId) && localStorage.getItem(storageKey(connectionId)) === null,
    )
    .map(({ connectionId, postedUnchanged }) => {
      const connection = connections.find(({ id }) => id === connectionId);
      if (!connection) return null;
      return (
        <Note
          key={connectionId}
          tone="info"
          title={`${countOf(postedUnchanged, 'draft')} went out as the sync made them`}
          action={
            <div className="row">
              <ButtonLink
                to="/settings/integrations/$connector/$connectionId/sync-settings"
                params={{ connector: connection.connector, connectionId }}
                variant="default"
                size="sm"
              >
                See the settings
              </ButtonLink>
              <Button
                variant="subtle"
                size="sm"
                onClick={() => {
                  localStorage.setItem(storageKey(connectionId), 'declined');
                  setDeclined([...declined, connectionId]);
                }}
              >
                Not for me
              </Button>
            </div>
          }
        >
          <Name text={connection.name} whole /> can post such drafts by itself, up to an amount and for the
          customers that you choose.
        </Note>
      );
    });
}
