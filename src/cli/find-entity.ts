import type { ApiClient } from '../contract/client.ts';
import { isUuid } from '../kernel/ids.ts';
import { readPages } from './read-pages.ts';
import { UsageError } from './report-failure.ts';

/** The id of the entity that is meant by its id or its name. Errors: UsageError when no or several entities have the name. */
export async function findEntityId(client: ApiClient, text: string): Promise<string> {
  if (isUuid(text)) return text;
  const named: string[] = [];
  for await (const entity of readPages((page) => client.call('listEntities', { query: page }))) {
    if (entity.name.toLowerCase() === text.toLowerCase()) named.push(entity.id);
  }
  const [only, ...others] = named;
  if (only === undefined) throw new UsageError(`There is no entity “${text}”.`);
  if (others.length > 0) throw new UsageError(`Several entities are called “${text}”: give the id.`);
  return only;
}
