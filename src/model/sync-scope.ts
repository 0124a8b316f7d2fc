/** What one run works on: the connection, the CRM account behind it and the entity whose books it fills. */
export interface SyncScope {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly entityId: string;
  readonly connector: string;
  readonly accountId: string;
  readonly mode: 'live' | 'test';
}
