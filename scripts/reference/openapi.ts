import { buildOpenApiDocument } from '../../src/contract/openapi.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** docs/reference/openapi.json: what the server answers at /api/v1/openapi.json. JSON has no comments: the mark is its first key. */
export function generateOpenApi(): string {
  const document = {
    'x-generated': 'from src/contract by `npm run generate`; edit that, not this',
    ...buildOpenApiDocument(packageJson.version),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
