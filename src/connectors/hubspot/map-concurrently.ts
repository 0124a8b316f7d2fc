/**
 * Maps the items with at most `concurrentMax` at work, in their order. After the first error no further item is begun; it is
 * thrown once those at work have ended, so that nothing goes on behind the caller's back.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  concurrentMax: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await map(items[index] as Item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrentMax, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Parts of at most `size` items, in order. */
export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/**
 * The items of the generator with one more being made while the consumer works on the last: never more than one ahead, so that
 * memory stays bounded. An error comes when its item would have come.
 */
export async function* prefetchOne<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  const advance = (): Promise<IteratorResult<Item>> => {
    const step = items.next();
    step.catch(() => undefined); // The error is thrown where the step is awaited, if the consumer still wants it.
    return step;
  };
  try {
    let current = await advance();
    while (!current.done) {
      const following = advance();
      yield current.value;
      current = await following;
    }
  } finally {
    await items.return(undefined).catch(() => undefined);
  }
}
