import { pageLimitMax } from '../contract/wire.ts';

interface Page<Row> {
  readonly data: readonly Row[];
  readonly next: string | null;
}

export interface PageOf {
  readonly limit: number;
  readonly after?: string;
}

/** Every row of a list, page by page: the next page is asked for when the one before has been used. */
export async function* readPages<Row>(read: (page: PageOf) => Promise<Page<Row>>): AsyncGenerator<Row> {
  let after: string | null = null;
  do {
    const page: Page<Row> = await read({ limit: pageLimitMax, ...(after === null ? {} : { after }) });
    yield* page.data;
    after = page.next;
  } while (after !== null);
}
