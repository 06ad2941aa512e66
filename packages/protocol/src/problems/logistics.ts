import type { ProblemEntry } from './entry.ts';

export const logisticsProblems = {
  'delivery_order.completed': { status: 409, title: 'The delivery is complete' },
  'delivery_order.not_delivered': { status: 409, title: 'Nothing has been weighed yet' },
  'pass.invalid': { status: 422, title: 'This pass was not issued by the exchange' },
  'pass.used': { status: 409, title: 'This pass has been used' },
  'pass.not_yet_valid': { status: 409, title: 'This pass is not valid yet' },
  'pass.expired': { status: 409, title: 'This pass has expired' },
  'pass.other_order': { status: 422, title: 'This pass belongs to another delivery order' },
  'pass.quantity_exceeds_order': {
    status: 422,
    title: 'The passes would allow more than the delivery order',
  },
  'weighing.tare_not_below_gross': { status: 422, title: 'The tare weight must be below the gross weight' },
  'weighing.implausible': { status: 422, title: 'No truck weighs that much' },
  'weighing.over_pass': { status: 422, title: 'The net weight is above what the pass allows' },
  'weighing.over_lift': { status: 422, title: 'The net weight is above what is left of the delivery order' },
  'weighing.duplicate_ticket': { status: 409, title: 'This weighbridge ticket has been recorded' },
  'weighing.time_invalid': { status: 422, title: 'The time of weighing cannot be right' },
  'certificate_of_analysis.exists': { status: 409, title: 'This delivery has a certificate of analysis' },
  'certificate_of_analysis.duplicate_number': { status: 409, title: 'This certificate number has been used' },
  'certificate_of_analysis.value_invalid': {
    status: 422,
    title: 'A value of the certificate cannot be right',
  },
  'certificate_of_analysis.incomplete': {
    status: 422,
    title: 'The certificate lacks a value the contract asks for',
  },
} as const satisfies Record<string, ProblemEntry>;
