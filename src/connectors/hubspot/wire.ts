import { z } from 'zod';

/**
 * What we read of HubSpot's answers, and nothing else: a field that is not used cannot break a sync when it changes. Ids, numbers
 * and booleans may come as text or bare; what may be missing in one version or region is optional.
 * Source: object, search, batch, association, owner, pipeline, property and account references, API version 2026-09.
 */
const id = z.union([z.string(), z.number()]).transform(String);

const text = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? null : String(value)));

const next = z
  .object({ next: z.object({ after: z.union([z.string(), z.number()]).transform(String) }).nullish() })
  .nullish();

const inlineList = z.object({
  results: z.array(z.object({ id })).nullish(),
  paging: next,
});

export const crmRecordSchema = z.object({
  id,
  properties: z.record(z.string(), text).nullish(),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
  archived: z.boolean().nullish(),
  url: z.string().nullish(),
  associations: z.record(z.string(), inlineList).nullish(),
});
export type CrmRecord = z.output<typeof crmRecordSchema>;

export const pageSchema = z.object({ results: z.array(crmRecordSchema), paging: next });

export const searchPageSchema = pageSchema.extend({ total: z.number() });
export type SearchPage = z.output<typeof searchPageSchema>;

/** An error of one input in a batch answer. `context` names the inputs that it is about. */
export const itemErrorSchema = z.object({
  category: z.string().nullish(),
  subCategory: z.unknown().optional(),
  message: z.string().nullish(),
  context: z.record(z.string(), z.unknown()).nullish(),
});
export type ItemError = z.output<typeof itemErrorSchema>;

const itemErrors = z.array(itemErrorSchema).nullish();

export const batchSchema = z.object({ results: z.array(crmRecordSchema), errors: itemErrors });

export const associationsSchema = z.object({
  results: z.array(
    z.object({
      from: z.object({ id }),
      to: z.array(
        z.object({
          toObjectId: id,
          associationTypes: z.array(z.object({ typeId: z.coerce.number() })).nullish(),
        }),
      ),
      paging: next,
    }),
  ),
  errors: itemErrors,
});

export const ownersSchema = z.object({
  results: z.array(
    z.object({
      id,
      email: z.string().nullish(),
      firstName: z.string().nullish(),
      lastName: z.string().nullish(),
      type: z.string().nullish(),
      createdAt: z.string().nullish(),
      updatedAt: z.string().nullish(),
      archived: z.boolean().nullish(),
    }),
  ),
  paging: next,
});
export type Owner = z.output<typeof ownersSchema>['results'][number];

export const pipelinesSchema = z.object({
  results: z.array(
    z.object({
      id,
      label: z.string(),
      displayOrder: z.number().nullish(),
      archived: z.boolean().nullish(),
      stages: z.array(
        z.object({
          id,
          label: z.string(),
          displayOrder: z.number().nullish(),
          archived: z.boolean().nullish(),
          metadata: z.record(z.string(), text).nullish(),
        }),
      ),
    }),
  ),
});

export const propertiesSchema = z.object({
  results: z.array(
    z.object({
      name: z.string(),
      label: z.string().nullish(),
      type: z.string().nullish(),
      calculated: z.boolean().nullish(),
      hubspotDefined: z.boolean().nullish(),
      archived: z.boolean().nullish(),
      modificationMetadata: z.object({ readOnlyValue: z.boolean().nullish() }).nullish(),
      options: z.array(z.object({ value: text, label: z.string().nullish() })).nullish(),
    }),
  ),
});

export const accountSchema = z.object({
  portalId: id,
  portalName: z.string().nullish(),
  companyCurrency: z.string(),
  timeZone: z.string(),
  uiDomain: z.string().nullish(),
});

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expires_in: z.coerce.number(),
  hub_id: id.nullish(),
  scopes: z.union([z.array(z.string()), z.string()]).nullish(),
});
export type TokenAnswer = z.output<typeof tokenSchema>;

/** The error body. Every field may be missing: it varies by endpoint, and a proxy in between knows none of them. */
export const errorSchema = z.object({
  message: z.string().nullish(),
  category: z.string().nullish(),
  error: z.string().nullish(),
  status: z.string().nullish(),
  policyName: z.string().nullish(),
  errors: z
    .array(
      z.object({
        message: z.string().nullish(),
        context: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
});
export type ErrorBody = z.output<typeof errorSchema>;
