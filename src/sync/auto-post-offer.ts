import type { Transaction } from '../platform/database/database.ts';
import { countPostedUnchanged } from './apply/auto-post-store.ts';
import { readConfiguration } from './configuration/configuration-store.ts';
import { autoPostOfferAfter } from './plan/auto-post.ts';

/** Whether a connection could post by itself what persons post unchanged anyway. */
export interface AutoPostOffer {
  readonly connectionId: string;
  /** Drafts that persons posted as the sync had made them; counted up to a thousand. */
  readonly postedUnchanged: number;
  readonly offerAfter: number;
  /** True where there were enough of them and it is not switched on. */
  readonly offered: boolean;
}

/** Errors: `not_found` where the connection has no configuration. */
export async function readAutoPostOffer(tx: Transaction, connectionId: string): Promise<AutoPostOffer> {
  const { settings } = await readConfiguration(tx, connectionId);
  const postedUnchanged = await countPostedUnchanged(tx, connectionId);
  return {
    connectionId,
    postedUnchanged,
    offerAfter: autoPostOfferAfter,
    offered: !settings.autoPost.enabled && postedUnchanged >= autoPostOfferAfter,
  };
}
