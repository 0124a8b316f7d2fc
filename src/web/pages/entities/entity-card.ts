import type { z } from 'zod';
import type { entityDetailsWire } from '../../../contract/organization-wire.ts';

export type EntityDetails = z.infer<typeof entityDetailsWire>;

/** What each card of an entity's page is given. */
export interface EntityCardProps {
  readonly entity: EntityDetails;
  readonly canChange: boolean;
}
