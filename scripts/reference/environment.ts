import { environmentVariables } from '../../src/platform/config/environment-variables.ts';
import { generatedMark, markdownTable } from './markdown.ts';

/** docs/reference/environment.md: the variables of the process, from the list that the program itself reads. */
export function generateEnvironment(): string {
  const rows = Object.values(environmentVariables).map(({ name, defaultText, meaning }) => [
    `\`${name}\``,
    defaultText,
    meaning,
  ]);
  return `${generatedMark('src/platform/config/environment-variables.ts')}
# Environment

Connectors have variables of their own beside these: \`HUBSPOT_API_URL\` and \`HUBSPOT_APP_URL\` (the vendor’s addresses unless set),
\`HUBSPOT_CLIENT_ID\` and \`HUBSPOT_CLIENT_SECRET\` (your OAuth app).

${markdownTable(['name', 'default', 'meaning'], rows)}
`;
}
