import type { ApiError } from '../../../contract/client.ts';
import { readable } from '../../format/words.ts';
import { Note, Problem } from '../../parts/note.tsx';
import type { FieldErrors } from './field-errors.ts';

interface FormProblemProps {
  readonly error: ApiError | null;
  /** By the name of the field, such as `line 2 serviceEnd`. */
  readonly errors: FieldErrors;
  readonly title: string;
}

/** Why a form was refused: its fields by the names that the page gives them, else what the server says. */
export function FormProblem({ error, errors, title }: FormProblemProps) {
  const fields = Object.entries(errors);
  if (!error || fields.length === 0) return <Problem error={error} title={title} />;
  return (
    <Note tone="bad" live title={title}>
      Nothing was changed. Correct what is marked:
      <ul>
        {fields.map(([name, message]) => (
          <li key={name}>
            {readable(name)}: {message}
          </li>
        ))}
      </ul>
    </Note>
  );
}
