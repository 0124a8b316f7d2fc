import { Button, type ButtonProps } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef, ReactNode } from 'react';

type AnchorButtonProps = ButtonProps & Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps>;

function AnchorButton(props: AnchorButtonProps) {
  return <Button component="a" {...props} />;
}

/** A button that is a link: it has an address, opens in a new tab and is announced as a link. */
export const ButtonLink = createLink(AnchorButton);

interface OutsideLinkProps {
  readonly href: string | null;
  readonly children: ReactNode;
}

/** To a record in the outside system, in a tab of its own. An address that is no web address is not followed. */
export function OutsideLink({ href, children }: OutsideLinkProps) {
  if (!href || !/^https?:\/\//i.test(href)) return null;
  return (
    <a className="link" href={href} target="_blank" rel="noreferrer noopener">
      {children} <IconExternalLink size={14} aria-hidden="true" style={{ verticalAlign: '-2px' }} />
      <span className="visually-hidden"> (opens in a new tab)</span>
    </a>
  );
}
