import { generateEnvironment } from './reference/environment.ts';
import { generateErrorReference } from './reference/error-codes.ts';
import { generateOpenApi } from './reference/openapi.ts';
import { generateSchema } from './reference/schema.ts';

export interface Generator {
  /** Path from the root of the repository. */
  readonly file: string;
  /** The whole file, ending in a newline; the same sources give the same text on every machine. */
  readonly generate: () => string | Promise<string>;
}

export const generators: readonly Generator[] = [
  { file: 'docs/reference/environment.md', generate: generateEnvironment },
  { file: 'docs/reference/errors.md', generate: generateErrorReference },
  { file: 'docs/reference/openapi.json', generate: generateOpenApi },
  { file: 'docs/reference/schema.txt', generate: generateSchema },
];
