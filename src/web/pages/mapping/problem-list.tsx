import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import type { ConfigurationProblem } from './use-configuration-draft.ts';

/** What is wrong at a row, and how to mend it. */
export function ProblemList({ problems }: { readonly problems: readonly ConfigurationProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="problems stack-tight" style={{ listStyle: 'none', padding: 0, margin: 0 }} role="status">
      {problems.map(({ key, severity, message, mend }) => (
        <li
          key={`${key} ${message}`}
          className="row"
          style={{ flexWrap: 'nowrap', alignItems: 'flex-start' }}
        >
          <span className={`status tone-${severity === 'error' ? 'bad' : 'warn'}`}>
            {severity === 'error' ? (
              <IconCircleX size={14} aria-hidden="true" />
            ) : (
              <IconAlertTriangle size={14} aria-hidden="true" />
            )}
            {severity === 'error' ? 'Error' : 'Warning'}
          </span>
          <span>
            {message} {mend}
          </span>
        </li>
      ))}
    </ul>
  );
}
