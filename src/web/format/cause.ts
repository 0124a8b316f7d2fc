import { decisionCodes } from '../../model/decision-codes.ts';
import { readable } from './words.ts';

/** What records of one code have in common, in a few words; each record has its own sentence. */
export function causeOf(code: string): string {
  return Object.entries(decisionCodes).find(([known]) => known === code)?.[1].cause ?? readable(code);
}
