import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

/**
 * A new page begins where a loaded one would: at its heading, so that a screen reader says it and Tab goes on from there. A
 * change of filters on the same page leaves the focus where it is.
 */
export function useFocusOnNavigation(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        const heading = document.querySelector<HTMLElement>('#main h1');
        (heading ?? document.getElementById('main'))?.focus({ preventScroll: true });
      }),
    [router],
  );
}
