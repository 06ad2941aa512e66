/** What a bidder asks of an auction, whichever way it goes out: as a frame of the socket or as a body over HTTP. */
import type { AuctionClientFrame, PlaceBidBody } from '@seam/protocol';
import { decimalText, text } from '#lib/form/read.ts';

type Without<Frame, Keys extends PropertyKey> = Frame extends unknown ? Omit<Frame, Keys> : never;
/** `t` and what belongs to it. */
export type Command = Without<AuctionClientFrame, 'id' | 'auctionId'>;
export type CommandOf<T extends Command['t']> = Extract<Command, { t: T }>;
export type Merit = NonNullable<CommandOf<'place_offer'>['merit']>;

export function bodyOf(commandId: string, command: Command): PlaceBidBody {
  const { t, ...rest } = command;
  return { type: t, commandId, ...rest } as PlaceBidBody;
}

export type ReadCommand =
  { readonly command: Command } | { readonly fields: Readonly<Record<string, string>> };

/**
 * A form of the room sent the plain way. What needs the browser's own secrets (sealing and opening a
 * bid) cannot come like this.
 */
export function commandOf(data: FormData): ReadCommand {
  const fields: Record<string, string> = {};
  const need = (name: string): string => {
    const value = decimalText(data, name);
    if (value === '') fields[name] = 'field.required';
    return value;
  };
  const least = optional(data, 'minimumAcceptable');
  const count = (name: string): number => Number.parseInt(need(name), 10) || 0;
  const command = ((): Command | undefined => {
    switch (text(data, 't')) {
      case 'place_bid':
        return { t: 'place_bid', price: need('price'), quantity: need('quantity'), ...least };
      case 'set_auto_bid':
        return {
          t: 'set_auto_bid',
          limit: need('limit'),
          step: need('step'),
          quantity: need('quantity'),
          ...least,
        };
      case 'state_quantity':
        return { t: 'state_quantity', round: count('round'), quantity: need('quantity') };
      case 'accept_price':
        return {
          t: 'accept_price',
          step: count('step'),
          price: need('price'),
          quantity: need('quantity'),
          ...least,
        };
      case 'offer_price':
        return { t: 'offer_price', price: text(data, 'cancel') === 'yes' ? null : need('price') };
      case 'place_offer':
        return {
          t: 'place_offer',
          price: need('price'),
          quantity: need('quantity'),
          ...least,
          ...meritOf(data),
        };
      case 'withdraw_turn_offer':
        return { t: 'withdraw_turn_offer' };
      default:
        return undefined;
    }
  })();
  if (command === undefined) return { fields: { t: 'field.invalid' } };
  return Object.keys(fields).length > 0 ? { fields } : { command };
}

/** What an offer declares besides its price, where the form asks for it. */
function meritOf(data: FormData): { merit?: Merit } {
  const mode = text(data, 'merit');
  if (mode === 'energy') {
    return {
      merit: {
        mode,
        calorificValue: Number.parseInt(decimalText(data, 'calorificValue'), 10) || 0,
        freight: decimalText(data, 'freight') || '0',
        expectedPenalties: decimalText(data, 'expectedPenalties') || '0',
      },
    };
  }
  if (mode !== 'mixed') return {};
  return {
    merit: {
      mode,
      coefficient: decimalText(data, 'coefficient'),
      addition: decimalText(data, 'addition') || '0',
    },
  };
}

function optional(data: FormData, name: 'minimumAcceptable'): { minimumAcceptable?: string } {
  const value = decimalText(data, name);
  return value === '' ? {} : { [name]: value };
}
