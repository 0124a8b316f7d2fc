import type { ConnectorManifest } from '../connectors/connector.ts';
import type { Configuration } from '../model/configuration.ts';
import type { SourcePipeline, SourceSchema } from '../model/source-record.ts';
import { wantedProperties } from './plan/mapped-properties.ts';
import type { PlanContext } from './plan/plan-context.ts';
import type { ConnectionForSync } from '../connections/connections-for-sync.ts';

/** What all decisions about one connection's deals stand on. */
export function planContextOf(
  connection: ConnectionForSync,
  manifest: ConnectorManifest,
  configuration: Configuration,
  missingSettings: readonly string[],
): PlanContext {
  return {
    configuration,
    account: { currency: connection.account.currency, timeZone: connection.account.timeZone },
    entity: { termsDays: connection.entity.termsDays },
    missingSettings,
    stages: stagesOf(connection.schema?.pipelines ?? []),
    deletedProperties: deletedProperties(configuration, connection.schema),
    skuPrefix: manifest.skuPrefix,
    dealWord: manifest.words.deal,
  };
}

function stagesOf(pipelines: readonly SourcePipeline[]): PlanContext['stages'] {
  return new Map(
    pipelines.flatMap((pipeline) =>
      pipeline.stages.map(
        (stage) =>
          [stage.id, { label: `${stage.label} (${pipeline.label})`, outcome: stage.outcome }] as const,
      ),
    ),
  );
}

/** Mapped properties that the CRM account does not list. Types whose properties were never read are not judged. */
export function deletedProperties(
  configuration: Configuration,
  schema: SourceSchema | null,
): PlanContext['deletedProperties'] {
  const deleted: Record<string, Set<string>> = {};
  for (const [type, names] of Object.entries(wantedProperties(configuration))) {
    const listed = schema?.properties[type as keyof SourceSchema['properties']];
    if (!listed || listed.length === 0) continue;
    const known = new Set(listed.map(({ name }) => name));
    const missing = names.filter((name) => !known.has(name));
    if (missing.length > 0) deleted[type] = new Set(missing);
  }
  return deleted;
}
