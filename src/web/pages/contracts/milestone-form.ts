/** A milestone as it is typed. */
export interface MilestoneForm {
  readonly key: number;
  readonly name: string;
  readonly weight: string;
}

export const emptyMilestone: MilestoneForm = { key: 1, name: '', weight: '1' };

/** The milestones as the API takes them. */
export function milestonesBody(milestones: readonly MilestoneForm[]) {
  return milestones.map(({ name, weight }) => ({ name: name.trim(), weight: Number(weight) }));
}
