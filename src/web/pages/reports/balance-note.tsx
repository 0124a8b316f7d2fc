import type { ReactNode } from 'react';
import { Note } from '../../parts/note.tsx';

/** The books add up; the children say what is equal to what. */
export function Balances({ children }: { readonly children: ReactNode }) {
  return (
    <Note tone="good" title="It balances">
      {children}
    </Note>
  );
}

/** The books are broken, which the database refuses: whoever sees it has to stop. */
export function DoesNotBalance({ children }: { readonly children: ReactNode }) {
  return (
    <Note tone="bad" title="It does not balance">
      {children} The books are wrong: tell whoever runs Tributary before anything else is posted.
    </Note>
  );
}
