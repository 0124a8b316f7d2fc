import { Progress } from '@mantine/core';
import { IconCircle, IconCircleCheck, IconClockPause, IconLoader2 } from '@tabler/icons-react';
import type { RunWire } from '../../contract/sync-wire.ts';
import { formatCount, listOf } from '../format/count.ts';
import { formatDuration, formatInstant } from '../format/date.ts';
import { recordTypeWord, runStageWords } from '../format/words.ts';
import { Note } from './note.tsx';

type Progressing = NonNullable<RunWire['progress']>;

const stages = ['pull', 'plan', 'apply'] as const;
type Stage = (typeof stages)[number];

/** What a run is doing: its stages with counts, the rate and the time left; waiting for the vendor is shown as waiting. */
export function RunProgress({ run }: { readonly run: RunWire }) {
  const { progress, status } = run;
  if (status === 'queued' || !progress) {
    return <Note tone="info" live title="Waiting to start" />;
  }
  const shown = run.kind === 'preview' ? stages.filter((stage) => stage !== 'apply') : stages;
  const { dealsDone, dealsToPlan } = progress;
  const percent = dealsToPlan ? Math.min(100, (dealsDone / dealsToPlan) * 100) : null;
  return (
    <section className="card stack-tight" aria-label="Progress">
      {progress.waitingUntil ? (
        <div className="row tone-warn status" style={{ justifySelf: 'start' }}>
          <IconClockPause size={16} aria-hidden="true" />
          Waiting for the CRM’s limit of calls until {formatInstant(progress.waitingUntil)}; it goes on by
          itself
        </div>
      ) : null}
      <ol className="progress-stages">
        {shown.map((stage) => (
          <li
            key={stage}
            className="path-step"
            data-state={stateOf(stage, progress)}
            aria-current={progress.stage === stage ? 'step' : undefined}
          >
            <StageIcon state={stateOf(stage, progress)} />
            <span>
              {runStageWords[stage]}
              <span className="soft small" style={{ display: 'block' }}>
                {stageDetail(stage, progress)}
              </span>
            </span>
          </li>
        ))}
      </ol>
      <Progress
        value={percent ?? 100}
        animated={percent === null}
        striped={percent === null}
        aria-label="Deals done"
        size="sm"
      />
      <p className="soft numeric" style={{ margin: 0, whiteSpace: 'normal' }} aria-live="off">
        {formatCount(dealsDone)}
        {dealsToPlan === null ? ' deals done' : ` of ${formatCount(dealsToPlan)} deals done`} ·{' '}
        {formatCount(progress.calls)} calls{paceWords(run, progress)}
      </p>
    </section>
  );
}

type StageState = 'done' | 'next' | 'later';

function stateOf(stage: Stage, progress: Progressing): StageState {
  const order: readonly string[] = [...stages, 'done'];
  const at = order.indexOf(progress.stage);
  const own = order.indexOf(stage);
  return own < at ? 'done' : own === at ? 'next' : 'later';
}

function StageIcon({ state }: { readonly state: StageState }) {
  if (state === 'done') return <IconCircleCheck size={16} aria-label="Done" />;
  if (state === 'next') return <IconLoader2 size={16} aria-label="Going on" />;
  return <IconCircle size={16} aria-label="To come" />;
}

function stageDetail(stage: Stage, progress: Progressing): string {
  if (stage === 'pull') {
    const read = Object.entries(progress.read).filter(([, count]) => count > 0);
    return read.length === 0
      ? ''
      : listOf(read.map(([type, count]) => `${formatCount(count)} ${recordTypeWord(type, count)}`));
  }
  if (stage === 'plan' && progress.dealsToPlan !== null) return `${formatCount(progress.dealsToPlan)} deals`;
  if (stage === 'apply' && progress.dealsDone > 0) return `${formatCount(progress.dealsDone)} deals`;
  return '';
}

/** Rates of the first second say nothing. */
const paceAfterMs = 1000;

function paceWords(run: RunWire, { dealsDone, dealsToPlan }: Progressing): string {
  if (!run.startedAt || dealsDone === 0) return '';
  const elapsedMs = Date.now() - new Date(run.startedAt).getTime();
  if (elapsedMs < paceAfterMs) return '';
  const perSecond = dealsDone / (elapsedMs / 1000);
  const rate = ` · ${formatCount(Math.round(perSecond))} deals a second`;
  if (dealsToPlan === null || dealsToPlan <= dealsDone) return rate;
  return `${rate} · about ${formatDuration(((dealsToPlan - dealsDone) / perSecond) * 1000)} left`;
}

/** How long each stage of a run took; nothing for runs of before it was kept. */
export function StageTimes({ run }: { readonly run: RunWire }) {
  const stageMs = run.progress?.stageMs ?? {};
  const taken = stages.flatMap((stage) => {
    const ms = stageMs[stage];
    return ms === undefined ? [] : [{ stage, ms }];
  });
  if (taken.length === 0) return null;
  return (
    <dl className="stage-times" aria-label="How long each stage took">
      {taken.map(({ stage, ms }) => (
        <div key={stage}>
          <dt>{runStageWords[stage]}</dt>
          <dd className="numeric">{formatDuration(ms)}</dd>
        </div>
      ))}
    </dl>
  );
}
