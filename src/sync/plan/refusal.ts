import { type DecisionCode, decisionCodes, decisionSentence } from '../../model/decision-codes.ts';

/** Why a deal makes no document: a code of the catalogue with its sentence filled in. */
export interface Refusal {
  readonly code: DecisionCode;
  readonly reason: string;
}

export function refusal(code: DecisionCode, values: Readonly<Record<string, string>> = {}): Refusal {
  return { code, reason: decisionSentence(code, values) };
}

export function isRefusal(value: object): value is Refusal {
  return (
    'code' in value && 'reason' in value && typeof value.code === 'string' && value.code in decisionCodes
  );
}
