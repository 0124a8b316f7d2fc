import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ApiError } from '../../contract/client.ts';
import { isApiError } from '../api/client.ts';

interface NoteProps {
  readonly tone: 'good' | 'warn' | 'bad' | 'info';
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** Said aloud when it appears: for what follows from something that the user did. */
  readonly live?: boolean;
  readonly action?: ReactNode;
}

const icons = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  info: IconInfoCircle,
};

export function Note({ tone, title, children, live = false, action }: NoteProps) {
  const NoteIcon = icons[tone];
  return (
    <div className={`note tone-${tone}`} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <NoteIcon size={18} aria-hidden="true" />
      <div className="note-body">
        {title ? <div className="note-title">{title}</div> : null}
        {children ? <div className="note-text">{children}</div> : null}
      </div>
      {action}
    </div>
  );
}

interface ProblemProps {
  readonly error: ApiError | Error | null;
  /** What the user was about to do, such as "The invoice was not posted." */
  readonly title?: string;
  readonly action?: ReactNode;
}

/** What went wrong and what to do about it, in the words of the server. Null error: nothing. */
export function Problem({ error, title, action }: ProblemProps) {
  if (!error) return null;
  if (!isApiError(error)) {
    return (
      <Note tone="bad" live title={title ?? 'This page made an error.'} action={action}>
        Reload the page. If it stays, tell whoever runs Tributary: {error.message}
      </Note>
    );
  }
  const { problem } = error;
  return (
    <Note tone="bad" live title={title ?? problem.title} action={action}>
      {title ? `${problem.title} ` : ''}
      {problem.detail ? `${problem.detail} ` : ''}
      {problem.mend}
      {problem.fields.length > 0 ? (
        <ul>
          {problem.fields.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <span className="mono">{field}</span>: {message}
            </li>
          ))}
        </ul>
      ) : null}
      {problem.status >= 500 && problem.requestId ? (
        <div className="small soft">Request id {problem.requestId}</div>
      ) : null}
    </Note>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** What will be here, and the one next step. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}
