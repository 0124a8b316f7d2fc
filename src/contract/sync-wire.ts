import { z } from 'zod';
import { decisionKinds, outcomes } from '../model/decision.ts';
import { runKinds, runStages, runStatuses } from '../model/run.ts';
import { currencyTotalWire, documentWire, plannedLineWire } from './books-wire.ts';
import { currencyWire, decimalWire, idWire, instantWire, warningWire } from './wire.ts';

export const connectionStatuses = [
  'connected',
  'setup_incomplete',
  'paused',
  'error',
  'not_connected',
] as const;

export const connectionErrorWire = z.object({
  code: z.string(),
  message: z.string(),
  mend: z.string(),
  at: instantWire,
});

/** What does not stop a connection and should be looked at: a chosen stage that the CRM no longer has. */
export const connectionWarningWire = z.object({
  code: z.enum(['stage_removed']),
  message: z.string(),
  mend: z.string(),
});

export const connectionWire = z
  .object({
    id: idWire,
    connector: z.string(),
    name: z.string(),
    mode: z.enum(['live', 'test']),
    status: z.enum(connectionStatuses),
    account: z.object({ id: z.string(), name: z.string(), currency: currencyWire, timeZone: z.string() }),
    entity: z.object({ id: idWire, name: z.string() }),
    authKind: z.enum(['oauth', 'token']),
    scopes: z.array(z.string()),
    connectedBy: z.string(),
    connectedAt: instantWire,
    lastSuccessfulSyncAt: instantWire.nullable(),
    lastError: connectionErrorWire.nullable(),
    recordsSynced: z.number().int(),
    /** What is missing until status leaves setup_incomplete, as sentences. */
    missingSettings: z.array(z.string()),
    warnings: z.array(connectionWarningWire),
    configurationVersion: z.number().int(),
    currentRunId: idWire.nullable(),
  })
  .meta({ id: 'Connection' });
export type ConnectionWire = z.infer<typeof connectionWire>;

export const integrationWire = z
  .object({
    connector: z.string(),
    name: z.string(),
    category: z.string(),
    summary: z.string(),
    authKinds: z.array(z.enum(['oauth', 'token'])),
    oauthConfigured: z.boolean(),
    permissions: z.array(z.object({ scope: z.string(), reason: z.string(), required: z.boolean() })),
    tokenHelp: z.string().nullable(),
    connections: z.array(connectionWire),
  })
  .meta({ id: 'Integration' });

export const connectionTestWire = z
  .object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
    statusPageUrl: z.string().nullable(),
  })
  .meta({ id: 'ConnectionTest' });

/** The whole configuration; its shape is `Configuration` in src/model/configuration.ts, checked when saved. */
export const configurationWire = z
  .object({
    connectionId: idWire,
    version: z.number().int(),
    createdAt: instantWire,
    createdBy: z.string(),
    comment: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Configuration' });

export const configurationProblemWire = z.object({
  key: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  mend: z.string(),
});
export const configurationCheckWire = z
  .object({
    ok: z.boolean(),
    problems: z.array(configurationProblemWire),
    /** CRM properties that sales should have to fill before closing a deal. */
    requiredProperties: z.array(
      z.object({ objectType: z.string(), property: z.string(), label: z.string(), reason: z.string() }),
    ),
  })
  .meta({ id: 'ConfigurationCheck' });

export const sourceSchemaWire = z
  .object({
    readAt: instantWire.nullable(),
    pipelines: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        archived: z.boolean(),
        stages: z.array(
          z.object({
            id: z.string(),
            label: z.string(),
            outcome: z.enum(['open', 'won', 'lost']),
            archived: z.boolean(),
          }),
        ),
      }),
    ),
    properties: z.record(
      z.string(),
      z.array(
        z.object({
          name: z.string(),
          label: z.string(),
          type: z.string(),
          custom: z.boolean(),
          readOnly: z.boolean(),
          options: z.array(z.object({ value: z.string(), label: z.string() })),
        }),
      ),
    ),
  })
  .meta({ id: 'SourceSchema' });

export const countsWire = z
  .object({
    processed: z.number().int(),
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    skipped: z.number().int(),
    held: z.number().int(),
    failed: z.number().int(),
  })
  .meta({ id: 'Counts' });

export const runWire = z
  .object({
    runId: idWire,
    connectionId: idWire,
    kind: z.enum(runKinds),
    trigger: z.string(),
    requestedBy: z.string(),
    status: z.enum(runStatuses),
    counts: countsWire,
    countsByType: z.record(z.string(), countsWire),
    /** Totals of the documents that the run created, per currency. */
    totals: z.array(currencyTotalWire),
    /** Deals by code, the most frequent first: why records were skipped, failed or held. */
    codes: z.array(
      z.object({
        decision: z.enum(decisionKinds),
        code: z.string(),
        sentence: z.string(),
        mend: z.string(),
        count: z.number().int(),
      }),
    ),
    calls: z.number().int(),
    durationMs: z.number().int().nullable(),
    progress: z
      .object({
        stage: z.enum(runStages),
        read: z.record(z.string(), z.number().int()),
        dealsToPlan: z.number().int().nullable(),
        dealsDone: z.number().int(),
        calls: z.number().int(),
        waitingUntil: instantWire.nullable(),
        /** How long each stage took so far; empty for runs of before it was kept. */
        stageMs: z.partialRecord(z.enum(runStages), z.number().int()),
      })
      .nullable(),
    error: z.object({ code: z.string(), message: z.string(), mend: z.string() }).nullable(),
    configurationVersion: z.number().int().nullable(),
    createdAt: instantWire,
    startedAt: instantWire.nullable(),
    finishedAt: instantWire.nullable(),
  })
  .meta({ id: 'Run' });
export type RunWire = z.infer<typeof runWire>;

/** The document that a deal would become: no ids yet, as the plan sees it. */
export const plannedDocumentWire = documentWire
  .pick({
    kind: true,
    currency: true,
    total: true,
    taxTotal: true,
    documentDate: true,
    dueDate: true,
    description: true,
    memo: true,
    salesRep: true,
    dimensions: true,
    customProperties: true,
  })
  .extend({
    lines: z.array(plannedLineWire),
    customer: z.object({
      id: idWire.nullable(),
      name: z.string(),
      sourceId: z.string().nullable(),
      /** use: known already; match: an existing customer is taken; create: a new one. */
      action: z.enum(['use', 'match', 'create']),
    }),
  })
  .meta({ id: 'PlannedDocument' });

/** What a field of the document was, and what it becomes. */
export const changeWire = z
  .object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })
  .meta({ id: 'Change' });

export const runRecordWire = z
  .object({
    runId: idWire,
    sourceType: z.string(),
    sourceId: z.string(),
    title: z.string(),
    url: z.string().nullable(),
    decision: z.enum(decisionKinds),
    outcome: z.enum(outcomes).nullable(),
    code: z.string().nullable(),
    reason: z.string(),
    mend: z.string().nullable(),
    warnings: z.array(warningWire),
    changes: z.array(changeWire),
    currency: currencyWire.nullable(),
    amount: decimalWire.nullable(),
    documentId: idWire.nullable(),
    document: plannedDocumentWire.nullable(),
  })
  .meta({ id: 'RunRecord' });
export type RunRecordWire = z.infer<typeof runRecordWire>;

/** What is decided about a record outside of a run: a preview's line, Why, the review. */
export const plannedRecordWire = runRecordWire.omit({ runId: true }).meta({ id: 'PlannedRecord' });

/** What the mapping makes of a company or contact of the CRM; null: the field is empty. */
export const plannedPartyWire = z
  .object({
    sourceType: z.enum(['company', 'contact', 'placeholder']),
    sourceId: z.string().nullable(),
    kind: z.enum(['company', 'person']),
    name: z.string(),
    website: z.string().nullable(),
    industry: z.string().nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    taxId: z.string().nullable(),
    address: z
      .object({
        line1: z.string().nullable(),
        line2: z.string().nullable(),
        city: z.string().nullable(),
        region: z.string().nullable(),
        postalCode: z.string().nullable(),
        country: z.string().nullable(),
      })
      .nullable(),
    externalId: z.string().nullable(),
    customProperties: z.record(z.string(), z.string()),
  })
  .meta({ id: 'PlannedParty' });

export const triedDealWire = plannedRecordWire
  .extend({
    /** The customer as the mapping has it, also where the deal makes no document; null: it is not clear, or has no name. */
    customer: plannedPartyWire.nullable(),
    /** The deal's first contact; null: it has none, or none with a name. */
    contact: plannedPartyWire.nullable(),
  })
  .meta({ id: 'TriedDeal' });

export const sourceDealWire = z
  .object({
    id: z.string(),
    title: z.string(),
    amount: z.string().nullable(),
    closeDate: z.string().nullable(),
    stage: z.string().nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: 'SourceDeal' });

export const whyWire = z
  .object({
    connectionId: idWire,
    sourceId: z.string(),
    title: z.string().nullable(),
    url: z.string().nullable(),
    /** What would be decided now; null when the deal was never read. */
    now: plannedRecordWire.nullable(),
    /** The deal as it was read: property name → text. */
    properties: z.record(z.string(), z.string().nullable()),
    /** What was decided in each run, newest first. */
    history: z.array(runRecordWire.extend({ at: instantWire })),
    documentIds: z.array(idWire),
    /** Where several customers match the deal's company: each of them, for `chooseCustomer`. */
    customerChoices: z.array(
      z.object({ companyId: z.string(), customerId: idWire, customerName: z.string() }),
    ),
  })
  .meta({ id: 'Why' });

export const reviewGroupWire = z
  .object({
    connectionId: idWire,
    decision: z.enum(['hold', 'fail']),
    code: z.string(),
    sentence: z.string(),
    mend: z.string(),
    count: z.number().int(),
    records: z.array(plannedRecordWire),
  })
  .meta({ id: 'ReviewGroup' });

/** Whether a connection could post by itself what persons post unchanged anyway. */
export const autoPostOfferWire = z
  .object({
    connectionId: idWire,
    /** Drafts that persons posted as the sync had made them; counted up to a thousand. */
    postedUnchanged: z.number().int(),
    offerAfter: z.number().int(),
    /** True where there were enough of them and `autoPost.enabled` is off. */
    offered: z.boolean(),
  })
  .meta({ id: 'AutoPostOffer' });

export const overviewWire = z
  .object({
    connections: z.array(connectionWire),
    drafts: z.array(currencyTotalWire),
    posted: z.array(currencyTotalWire),
    reviewCount: z.number().int(),
    recentRuns: z.array(runWire),
    /** Connections for which posting by itself is offered. */
    autoPostOffers: z.array(autoPostOfferWire),
  })
  .meta({ id: 'Overview' });

export const searchResultWire = z
  .object({
    kind: z.enum(['document', 'customer', 'deal', 'item']),
    id: z.string(),
    title: z.string(),
    detail: z.string(),
    connectionId: idWire.nullable(),
  })
  .meta({ id: 'SearchResult' });
