import { type OpenApiDocument, type OpenApiNode, resolveReference } from '../contract/openapi.ts';
import { type ErrorCode, errorCatalogue } from '../kernel/errors.ts';

/** The reference page of the API: one static page without scripts, made from the OpenAPI document and the error catalogue. */
export function buildDocsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = document.tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => (operation['tags'] as string[])[0] === name);
    return `<section><h2 id="${escapeHtml(name)}">${escapeHtml(name)}</h2>${own.map((operation) => operationHtml(document, operation)).join('')}</section>`;
  });
  const links = [...document.tags.map(({ name }) => name), 'Schemas', 'Errors'].map(
    (name) => `<a href="#${escapeHtml(name)}">${escapeHtml(name)}</a>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tributary API</title><style>${style}</style></head><body>
<header><h1>Tributary API <small>${escapeHtml(document.info.version)}</small></h1>
<p>${escapeHtml(document.info.description)}</p>
<p>Addresses begin with <code>${escapeHtml(document.servers[0]?.url ?? '')}</code>. The same as
<a href="/api/v1/openapi.json">OpenAPI 3.1</a>.</p><nav>${links.join(' ')}</nav></header>
<main>${sections.join('')}
<section><h2 id="Schemas">Schemas</h2>${Object.entries(document.components.schemas).map(schemaHtml).join('')}</section>
<section><h2 id="Errors">Errors</h2><table><thead><tr><th>code</th><th>status</th><th>meaning</th><th>what to do</th></tr></thead>
<tbody>${Object.keys(errorCatalogue).map(errorHtml).join('')}</tbody></table></section></main></body></html>
`;
}

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenApiNode;
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function operationHtml(document: OpenApiDocument, { path, method, operation }: Operation): string {
  const parameters = (operation['parameters'] as OpenApiNode[]).map((parameter) =>
    resolveReference(document, parameter),
  );
  const responses = Object.entries(operation['responses'] as Record<string, OpenApiNode>).map(
    ([status, response]): [string, OpenApiNode] => [status, resolveReference(document, response)],
  );
  const body = (operation['requestBody'] as OpenApiNode | undefined)?.['content'];
  return `<details id="${escapeHtml(String(operation['operationId']))}"><summary><b>${escapeHtml(method.toUpperCase())}</b>
<code>${escapeHtml(path)}</code> ${escapeHtml(String(operation['summary']))}</summary>
<p>${escapeHtml(textOf(operation['description'], 'Needs no sign-in.')).replaceAll(/`(\w+)`/g, '<code>$1</code>')}</p>
${parameters.length === 0 ? '' : `<h4>Parameters</h4><ul>${parameters.map(parameterHtml).join('')}</ul>`}
${body === undefined ? '' : `<h4>Body</h4>${jsonHtml(schemaIn(body))}`}
<h4>Answers</h4><ul>${responses.map(responseHtml).join('')}</ul></details>`;
}

function parameterHtml(parameter: OpenApiNode): string {
  const required = parameter['required'] === true ? ', required' : '';
  return `<li><code>${escapeHtml(String(parameter['name']))}</code> (${escapeHtml(String(parameter['in']))}${required})
${jsonHtml(parameter['schema'])}</li>`;
}

function responseHtml([status, response]: [string, OpenApiNode]): string {
  const codes = response['x-codes'] as ErrorCode[] | undefined;
  if (codes) {
    return `<li>${escapeHtml(status)} ${codes.map((code) => `<a href="#${code}"><code>${code}</code></a>`).join(' ')}</li>`;
  }
  const content = response['content'];
  return `<li>${escapeHtml(status)}${content === undefined ? '' : jsonHtml(schemaIn(content))}</li>`;
}

/** Of the one media type that a body or an answer has. */
function schemaIn(content: unknown): unknown {
  return Object.values(content as Record<string, OpenApiNode>)[0]?.['schema'];
}

function schemaHtml([name, schema]: [string, OpenApiNode]): string {
  return `<details id="${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>${jsonHtml(schema)}</details>`;
}

function errorHtml(code: string): string {
  const entry = errorCatalogue[code as ErrorCode];
  return `<tr id="${code}"><td><code>${code}</code></td><td>${entry.status}</td><td>${escapeHtml(entry.message)}</td><td>${escapeHtml(entry.mend)}</td></tr>`;
}

/** A schema as JSON, its references as links. */
function jsonHtml(schema: unknown): string {
  const json = escapeHtml(JSON.stringify(schema, null, 2));
  return `<pre>${json.replaceAll(/#\/components\/schemas\/(\w+)/g, '<a href="#$1">$1</a>')}</pre>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const style = `
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem}
h2{margin-top:2.5rem}nav a{margin-right:1rem}details{border-top:1px solid #8886;padding:.5rem 0}summary{cursor:pointer}
summary b{display:inline-block;min-width:4.5rem}pre{overflow:auto;padding:.75rem;background:#8881;border-radius:6px;font-size:.85rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.4rem;border-top:1px solid #8886}`;
