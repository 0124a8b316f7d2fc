import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiQuery } from '../../api/query.ts';
import { settingsToWire } from '../../parts/field-source.ts';
import type { ConfigurationEditor } from './use-configuration-draft.ts';

/** Deals offered before anything is typed. */
const dealsOffered = 20;

/** The deal that the mapping is tried on, with the settings as they stand in the page; the first deal when none was picked. */
export function useTrial(editor: ConfigurationEditor, picked: string | undefined, typed: string) {
  const { connectionId, settled } = editor;
  const deals = useQuery({
    ...apiQuery('listSourceDeals', {
      params: { id: connectionId },
      query: { limit: dealsOffered, q: typed === '' ? undefined : typed },
    }),
    placeholderData: keepPreviousData,
  });
  const first = useQuery(
    apiQuery('listSourceDeals', { params: { id: connectionId }, query: { limit: dealsOffered } }),
  ).data?.data[0]?.id;
  const dealId = picked ?? first;
  const trial = useQuery({
    ...apiQuery('tryConfiguration', {
      params: { id: connectionId },
      body: { deal: dealId ?? '', settings: settled ? settingsToWire(settled) : {} },
    }),
    enabled: dealId !== undefined && settled !== undefined,
    placeholderData: keepPreviousData,
  });
  const why = useQuery({
    ...apiQuery('getWhy', { params: { id: connectionId, deal: dealId ?? '' } }),
    enabled: dealId !== undefined,
  });
  return {
    deals: deals.data?.data ?? [],
    dealId,
    record: trial.data,
    error: deals.error ?? trial.error,
    isBusy: trial.isFetching,
    hasDeals: first !== undefined || deals.isPending,
    /** What the deal itself holds, by property name. */
    properties: why.data?.properties ?? {},
  };
}

export type Trial = ReturnType<typeof useTrial>;
