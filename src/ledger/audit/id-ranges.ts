/** The text of an int8multirange that holds exactly these ids, which come in ascending order: `{[1,4),[7,8)}`, as PostgreSQL writes it. */
export function multirangeOf(ids: readonly bigint[]): string {
  const ranges: string[] = [];
  let first: bigint | null = null;
  for (const [index, id] of ids.entries()) {
    first ??= id;
    if (ids[index + 1] === id + 1n) continue;
    ranges.push(`[${first},${id + 1n})`);
    first = null;
  }
  return `{${ranges.join(',')}}`;
}

/** The ranges of such a text, each from its first id to the one after its last. */
export function rangesOf(multirange: string): { readonly from: bigint; readonly end: bigint }[] {
  return [...multirange.matchAll(/\[(-?\d+),(-?\d+)\)/g)].map(([, from, end]) => ({
    from: BigInt(from ?? 0),
    end: BigInt(end ?? 0),
  }));
}
