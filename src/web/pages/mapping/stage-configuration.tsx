import { Button, Select, Switch } from '@mantine/core';
import type { DealSettings } from '../../../model/configuration.ts';
import { Note } from '../../parts/note.tsx';
import { ConfigurationPage, type SourceSchema } from './configuration-page.tsx';
import { ProblemList } from './problem-list.tsx';
import { type LoadedEditor, problemsOf } from './use-configuration-draft.ts';

type Stage = SourceSchema['pipelines'][number]['stages'][number];
type Meaning = 'nothing' | 'document' | 'lost';

const meanings = [
  { value: 'nothing', label: 'Nothing yet' },
  { value: 'document', label: 'Makes the document' },
  { value: 'lost', label: 'Lost' },
];

const outcomeWords = { open: 'open', won: 'closed won', lost: 'closed lost' };

export function StageConfiguration() {
  return (
    <ConfigurationPage intro="What each stage of each pipeline means for revenue. Stages are kept by their id: a renamed stage keeps working.">
      {(editor, schema) => <Stages editor={editor} schema={schema} />}
    </ConfigurationPage>
  );
}

interface StagesProps {
  readonly editor: LoadedEditor;
  readonly schema: SourceSchema;
}

function meaningOf(stage: Stage, { stages, lostStages }: DealSettings): Meaning {
  const makes = stages.length === 0 ? stage.outcome === 'won' : stages.includes(stage.id);
  if (makes) return 'document';
  const isLost = lostStages.length === 0 ? stage.outcome === 'lost' : lostStages.includes(stage.id);
  return isLost ? 'lost' : 'nothing';
}

function Stages({ editor, schema }: StagesProps) {
  const { deals } = editor.settings;
  const all = schema.pipelines.flatMap(({ stages }) => stages);
  const followsCrm = deals.stages.length === 0 && deals.lostStages.length === 0;
  const makers = all.filter((stage) => meaningOf(stage, deals) === 'document');
  const idsOf = (meaning: Meaning, changed?: { readonly id: string; readonly to: Meaning }): string[] =>
    all
      .filter((stage) => (stage.id === changed?.id ? changed.to : meaningOf(stage, deals)) === meaning)
      .map(({ id }) => id);
  const write = (changed?: { readonly id: string; readonly to: Meaning }): void =>
    editor.set(['deals'], {
      ...deals,
      stages: idsOf('document', changed),
      lostStages: idsOf('lost', changed),
    });
  const gone = [...deals.stages, ...deals.lostStages].filter((id) => !all.some((stage) => stage.id === id));
  return (
    <div className="stack">
      {gone.length > 0 ? <GoneStages editor={editor} gone={gone} canDrop={makers.length > 0} /> : null}
      <section className="card stack-tight">
        <Switch
          label="As the CRM has it: every won stage of every pipeline makes the document"
          description="Switch it off to say it for each stage; stages that are added to the CRM later then make nothing."
          disabled={editor.readOnly || makers.length === 0}
          checked={followsCrm}
          onChange={(event) =>
            event.currentTarget.checked
              ? editor.set(['deals'], { ...deals, stages: [], lostStages: [] })
              : write()
          }
        />
        {gone.length === 0 ? (
          <ProblemList
            problems={[...problemsOf(editor, 'deals.stages'), ...problemsOf(editor, 'deals.lostStages')]}
          />
        ) : null}
      </section>
      {makers.length === 0 && gone.length === 0 ? (
        <Note tone="warn" title="No stage makes a document">
          The CRM has no won stage. Choose the stage that means the sale is closed.
        </Note>
      ) : null}
      {schema.pipelines.map((pipeline) => (
        <section key={pipeline.id} aria-labelledby={`pipeline-${pipeline.id}`}>
          <h2 id={`pipeline-${pipeline.id}`}>
            <bdi dir="auto">{pipeline.label}</bdi>
            {pipeline.archived ? <span className="soft"> (archived)</span> : null}
          </h2>
          <div className="table-frame">
            <table className="table stage-table">
              <thead>
                <tr>
                  <th>Stage</th>
                  <th className="hide-sm">In the CRM</th>
                  <th>For revenue</th>
                </tr>
              </thead>
              <tbody>
                {pipeline.stages.map((stage) => {
                  const meaning = meaningOf(stage, deals);
                  return (
                    <tr key={stage.id}>
                      <td>
                        <bdi dir="auto">{stage.label}</bdi>
                        <div className="soft mono">{stage.id}</div>
                      </td>
                      <td className="hide-sm">
                        {outcomeWords[stage.outcome]}
                        {stage.archived ? ', archived' : ''}
                      </td>
                      <td style={{ minWidth: '10rem' }}>
                        <Select
                          size="sm"
                          maw={240}
                          aria-label={`What ${stage.label} means for revenue`}
                          allowDeselect={false}
                          disabled={editor.readOnly || (meaning === 'document' && makers.length === 1)}
                          data={meanings}
                          value={meaning}
                          onChange={(to) =>
                            (to === 'nothing' || to === 'document' || to === 'lost') &&
                            write({ id: stage.id, to })
                          }
                        />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </section>
      ))}
      {makers.length === 1 && !editor.readOnly ? (
        <p className="soft">
          One stage makes documents, so it cannot be taken away. To make none, switch deal sync off in Sync
          Settings.
        </p>
      ) : null}
    </div>
  );
}

interface GoneStagesProps {
  readonly editor: LoadedEditor;
  readonly gone: readonly string[];
  /** Taking them out leaves a stage that makes documents. */
  readonly canDrop: boolean;
}

/** Chosen stages that were removed in the CRM: they stand in no pipeline, so they are named and taken out here. */
function GoneStages({ editor, gone, canDrop }: GoneStagesProps) {
  const { deals } = editor.settings;
  const isThere = (id: string): boolean => !gone.includes(id);
  const drop = (): void =>
    editor.set(['deals'], {
      ...deals,
      stages: deals.stages.filter(isThere),
      lostStages: deals.lostStages.filter(isThere),
    });
  return (
    <Note
      tone="warn"
      title={
        gone.length === 1
          ? 'A chosen stage is no longer in the CRM'
          : 'Chosen stages are no longer in the CRM'
      }
      action={
        canDrop && !editor.readOnly ? (
          <Button variant="default" size="sm" onClick={drop}>
            {gone.length === 1 ? 'Take it out' : 'Take them out'}
          </Button>
        ) : null
      }
    >
      <span className="mono">{gone.join(', ')}</span>: no deal can reach it any more.{' '}
      {canDrop
        ? 'Take it out, or choose another stage in its place.'
        : 'No stage is left that makes the document: choose the one that means the sale is closed.'}
    </Note>
  );
}
