/** The books that a function reads or writes: one entity of one organization. */
export interface EntityScope {
  readonly organizationId: string;
  readonly entityId: string;
}
