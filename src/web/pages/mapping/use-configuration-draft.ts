import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { z } from 'zod';
import type { configurationProblemWire } from '../../../contract/sync-wire.ts';
import type { Configuration } from '../../../model/configuration.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { settingsFromWire, settingsToWire } from '../../parts/field-source.ts';
import { useCan } from '../../shell/session.ts';
import { writeSetting } from './setting-path.ts';

export type ConfigurationProblem = z.infer<typeof configurationProblemWire>;

interface Draft {
  /** The version that it was begun from: saving onto a newer one is refused. */
  readonly baseVersion: number;
  readonly settings: Configuration;
}

/** Long enough not to check at every key. */
const typingPauseMs = 350;

/**
 * The configuration of a connection with what is not saved yet. The draft lives beside the cached answers, so that it survives going
 * from one mapping page to another: a change of stages and a change of fields can be saved as one version.
 */
export function useConfigurationDraft(connectionId: string) {
  const queryClient = useQueryClient();
  const draftKey = ['configurationDraft', connectionId];
  const canConfigure = useCan('configure');
  const saved = useQuery(apiQuery('getConfiguration', { params: { id: connectionId } }));
  const draft = useQuery<Draft | null>({
    queryKey: draftKey,
    queryFn: () => null,
    enabled: false,
    initialData: null,
    gcTime: Number.POSITIVE_INFINITY,
  }).data;
  const base = saved.data ? settingsFromWire(saved.data.settings) : undefined;
  const settings = draft?.settings ?? base;
  const isChanged = draft !== null && JSON.stringify(draft.settings) !== JSON.stringify(base);
  const [settled] = useDebouncedValue(settings, typingPauseMs);
  const check = useQuery({
    ...apiQuery('checkConfiguration', {
      params: { id: connectionId },
      body: { settings: settled ? settingsToWire(settled) : {} },
    }),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const discard = (): void => {
    queryClient.setQueryData(draftKey, null);
  };
  const save = useApiMutation('saveConfiguration', {
    changes: [
      'getConfiguration',
      'listConfigurationVersions',
      'getConnection',
      'listConnections',
      'listActivity',
    ],
    onDone: (answer) => {
      queryClient.setQueryData(
        apiQuery('getConfiguration', { params: { id: connectionId } }).queryKey,
        answer,
      );
      discard();
    },
  });
  useLeaveWarning(isChanged);
  const setMany = (changes: readonly (readonly [path: readonly string[], value: unknown])[]): void => {
    if (!settings || !saved.data) return;
    const next: Draft = {
      baseVersion: draft?.baseVersion ?? saved.data.version,
      settings: changes.reduce((changed, [path, value]) => writeSetting(changed, path, value), settings),
    };
    queryClient.setQueryData(draftKey, next);
  };
  return {
    connectionId,
    readOnly: !canConfigure,
    loadError: saved.error,
    version: saved.data?.version,
    settings,
    /** The settings as they were when typing paused: what is checked and tried. */
    settled,
    isChanged,
    problems: check.data?.problems ?? [],
    requiredProperties: check.data?.requiredProperties ?? [],
    checkError: check.error,
    set: (path: readonly string[], value: unknown): void => setMany([[path, value]]),
    setMany,
    discard,
    save: (comment: string): void => {
      if (!draft) return;
      save.mutate({
        params: { id: connectionId },
        body: {
          settings: settingsToWire(draft.settings),
          expectedVersion: draft.baseVersion,
          ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
        },
      });
    },
    isSaving: save.isPending,
    saveError: save.error,
    savedVersion: save.data?.version,
  };
}

export type ConfigurationEditor = ReturnType<typeof useConfigurationDraft>;

/** The editor once the settings are there. */
export type LoadedEditor = ConfigurationEditor & { readonly settings: Configuration };

function useLeaveWarning(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isChanged]);
}

/** Problems of a key and of everything below it. */
export function problemsOf(editor: ConfigurationEditor, key: string): readonly ConfigurationProblem[] {
  return editor.problems.filter((problem) => problem.key === key || problem.key.startsWith(`${key}.`));
}
