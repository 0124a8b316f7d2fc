import { Skeleton } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

interface PageHeaderProps {
  /** Null while what names the page is on its way. */
  readonly title: string | null;
  /** The heading as it is shown, where it is more than the title's text. */
  readonly heading?: ReactNode;
  readonly crumbs?: readonly ReactNode[];
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHeader({ title, heading, crumbs, lead, actions }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <div className="page-header">
      <div className="page-header-text">
        {crumbs && crumbs.length > 0 ? (
          <nav aria-label="Path">
            <ol className="crumbs">
              {crumbs.map((crumb, index) => (
                // The path of a page never changes its order.
                // oxlint-disable-next-line react/no-array-index-key -- the position is what identifies a crumb
                <li key={index}>{crumb}</li>
              ))}
            </ol>
          </nav>
        ) : null}
        <h1 tabIndex={-1}>
          {title === null ? (
            <>
              <span className="visually-hidden">Loading</span>
              <Skeleton component="span" height={28} width={220} display="block" />
            </>
          ) : (
            (heading ?? title)
          )}
        </h1>
        {lead ? <div className="page-lead">{lead}</div> : null}
      </div>
      {actions ? <div className="row">{actions}</div> : null}
    </div>
  );
}

export function usePageTitle(title: string | null): void {
  useEffect(() => {
    if (title !== null) document.title = `${title} · Tributary`;
  }, [title]);
}
