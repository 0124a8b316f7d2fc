/** What a member may be. */
export const roles = ['admin', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** What a session or an API key may do. */
export const scopes = ['read', 'sync', 'post', 'configure', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** An admin may do everything, a viewer look at everything that is not about people. */
export function scopesOfRole(role: Role): readonly Scope[] {
  return role === 'admin' ? scopes : ['read'];
}

/** Who does something in an organization; stands in the audit trail as `actor`. */
export interface Actor {
  readonly organizationId: string;
  readonly actor: string;
}
