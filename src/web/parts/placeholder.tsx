import { Skeleton } from '@mantine/core';

/** Where lines of something will stand. The height is that of the thing, so that nothing jumps when it comes. */
export function LinesPlaceholder({
  lines = 4,
  height = 20,
}: {
  readonly lines?: number;
  readonly height?: number;
}) {
  return (
    <div className="stack-tight" aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={height} width={`${92 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}
