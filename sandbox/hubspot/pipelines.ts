/** Pipelines and stages. `closedwon` and `closedlost` exist only in the default pipeline; others have generated ids. */
export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly isClosed: boolean;
  /** A decimal string from 0.0 to 1.0; 1.0 and closed means won. */
  readonly probability: string;
  readonly archived: boolean;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly stages: readonly Stage[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
}

type StageRow = readonly [id: string, label: string, probability: string, isClosed: boolean];

const DEFAULT_STAGES: readonly StageRow[] = [
  ['appointmentscheduled', 'Appointment scheduled', '0.2', false],
  ['qualifiedtobuy', 'Qualified to buy', '0.4', false],
  ['presentationscheduled', 'Proposal sent', '0.6', false],
  ['contractsent', 'Negotiation', '0.9', false],
  ['closedwon', 'Closed won', '1.0', true],
  ['closedlost', 'Closed lost', '0.0', true],
];

const RENEWAL_STAGES: readonly StageRow[] = [
  ['1048576201', 'Renewal due', '0.3', false],
  ['1048576202', 'Renewal quoted', '0.7', false],
  ['1048576203', 'Renewed', '1.0', true],
  ['1048576204', 'Churned', '0.0', true],
];

const PARTNER_STAGES: readonly StageRow[] = [
  ['7cf2a1d0-35b4-4be0-9f6c-d1b54b0a4e11', 'Registered', '0.1', false],
  ['0b4d8c5e-6a0f-4b51-8f6f-3d6b5a2c9e77', 'Joint offer', '0.5', false],
  ['e91c3f4a-20d7-4a35-b4a9-5f0e7c6d1b23', 'Vertrag unterschrieben', '1.0', true],
  ['5a7e9d12-8c3b-4f60-a2d4-9b8c7e6f5d40', 'Abgelehnt', '0.0', true],
];

function makePipeline(
  id: string,
  label: string,
  displayOrder: number,
  rows: readonly StageRow[],
  createdAt: number,
): Pipeline {
  const stages = rows.map(([stageId, stageLabel, probability, isClosed], order) => ({
    id: stageId,
    label: stageLabel,
    displayOrder: order,
    isClosed,
    probability,
    archived: false,
  }));
  return { id, label, displayOrder, stages, createdAt, updatedAt: createdAt, archived: false };
}

/** The three deal pipelines that every portal starts with. */
export function defaultPipelines(createdAt: number): Pipeline[] {
  return [
    makePipeline('default', 'Sales Pipeline', 0, DEFAULT_STAGES, createdAt),
    makePipeline('74120056', 'Renewals', 1, RENEWAL_STAGES, createdAt),
    makePipeline('b3f0c9a4-61d7-4c8e-9d35-0e2f7a1c5b68', 'Partner DACH', 2, PARTNER_STAGES, createdAt),
  ];
}

export function isWon(stage: Stage): boolean {
  return stage.isClosed && Number(stage.probability) === 1;
}

/** A pipeline as the API answers it: metadata values are strings. */
export function pipelineToWire(pipeline: Pipeline): object {
  return {
    label: pipeline.label,
    displayOrder: pipeline.displayOrder,
    id: pipeline.id,
    stages: pipeline.stages
      .filter((stage) => !stage.archived)
      .map((stage) => ({
        label: stage.label,
        displayOrder: stage.displayOrder,
        metadata: { isClosed: String(stage.isClosed), probability: stage.probability },
        id: stage.id,
        createdAt: new Date(pipeline.createdAt).toISOString(),
        updatedAt: new Date(pipeline.updatedAt).toISOString(),
        writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
        archived: stage.archived,
      })),
    createdAt: new Date(pipeline.createdAt).toISOString(),
    updatedAt: new Date(pipeline.updatedAt).toISOString(),
    archived: pipeline.archived,
  };
}
