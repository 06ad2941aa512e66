/** The declarations of an offer while they are typed. */
import type { Merit } from '#lib/live/command.ts';
import { plain } from '#lib/live/ladder.ts';
import type { Scoring } from '#lib/live/score.ts';

export class MeritDraft {
  calorificValue = $state('');
  freight = $state('0');
  expectedPenalties = $state('0');
  coefficient = $state('1');
  addition = $state('0');

  /** Begins with what was declared last. */
  adopt(merit: Merit | null): void {
    if (merit?.mode === 'energy') {
      this.calorificValue = String(merit.calorificValue);
      this.freight = merit.freight;
      this.expectedPenalties = merit.expectedPenalties;
    } else if (merit?.mode === 'mixed') {
      this.coefficient = merit.coefficient;
      this.addition = merit.addition;
    }
  }

  /** Undefined where price is all. What is no number goes out as it is and is refused by name. */
  of({ mode }: Scoring): Merit | undefined {
    if (mode === 'energy') {
      return {
        mode,
        calorificValue: Number.parseInt(plain(this.calorificValue), 10) || 0,
        freight: plain(this.freight) || '0',
        expectedPenalties: plain(this.expectedPenalties) || '0',
      };
    }
    if (mode !== 'mixed') return undefined;
    return { mode, coefficient: plain(this.coefficient), addition: plain(this.addition) || '0' };
  }
}
