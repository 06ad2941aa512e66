/**
 * Appends the increment that one signature needs, with zeros where the signature will stand.
 *
 * What is appended is exactly what the client's check and the verifier allow, and nothing depends on a
 * clock: the same input gives the same bytes.
 */
import { concat, utf8 } from '../der/bytes.ts';
import { type AppearanceText, renderAppearance } from '../render/appearance.ts';
import { REGULAR_FONT, findFont } from '../render/font-objects.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type PdfFile, readPdf } from './file.ts';
import { type FormField, readForm } from './form.ts';
import { EMPTY_PLACE, type Place, fillByteRange, nextTrailer } from './place.ts';
import type { SignatureField } from './profile.ts';
import { asDict, asItems, asNumber } from './values.ts';
import { type NewObject, appendRevision, dateString, serialize, textString } from './write.ts';

export type PrepareCode = 'NOT_EXCHANGE_PROFILE' | 'ALREADY_SIGNED' | 'NOT_YOUR_TURN' | 'FONT_MISSING_GLYPH';

export type PrepareInput = {
  /** The current revision. */
  readonly bytes: Uint8Array;
  readonly field: SignatureField;
  readonly appearance: Omit<AppearanceText, 'reason' | 'time'>;
  readonly reason: string;
  /** Milliseconds since 1970: what /M will claim. */
  readonly time: number;
};

export type PreparedSignature = Place & { readonly ok: true; readonly bytes: Uint8Array };

export async function prepareSignature(
  input: PrepareInput,
): Promise<PreparedSignature | Refusal<PrepareCode>> {
  let file: PdfFile;
  try {
    file = readPdf(input.bytes);
  } catch (error) {
    return refuse('NOT_EXCHANGE_PROFILE', error instanceof Error ? error.message : 'unreadable');
  }
  const form = readForm(file, file.revisions.length - 1);
  if (typeof form === 'string') return refuse('NOT_EXCHANGE_PROFILE', form);
  const field = form.fields.find(({ name }) => name === input.field)!;
  if (field.value !== undefined) return refuse('ALREADY_SIGNED', `${input.field} is signed`);
  const next = form.fields.find(({ value }) => value === undefined)!;
  if (next !== field) return refuse('NOT_YOUR_TURN', `${next.name} signs before ${input.field}`);

  const last = file.revisions.at(-1)!;
  const signature = asNumber(last.trailer.get('Size'))!;
  const text = { ...input.appearance, reason: input.reason, time: input.time };
  const appearance = await renderAppearance(
    text,
    widgetSize(field),
    signature + 1,
    findFont(file, REGULAR_FONT),
  );
  if (!appearance.ok) return appearance;
  const first = field === form.fields[0];
  const objects: NewObject[] = [
    { number: signature, body: signatureBody(input, first) },
    { number: field.object.number, body: signedField(field, signature, appearance.form) },
    ...appearance.objects,
  ];
  if (first)
    objects.push({ number: form.catalog.number, body: certifiedCatalog(form.catalog.value, signature) });
  const bytes = appendRevision(input.bytes, last, objects, nextTrailer(file));
  return { ok: true, bytes, ...fillByteRange(bytes) };
}

function signatureBody({ appearance, reason, time }: PrepareInput, first: boolean): Uint8Array {
  const certification =
    '/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >>] ';
  return concat([
    utf8('<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached '),
    utf8(`/M ${dateString(time)} /Name ${textString(appearance.name)} /Reason ${textString(reason)} `),
    utf8(first ? certification : ''),
    utf8(`${EMPTY_PLACE} >>`),
  ]);
}

function signedField(field: FormField, signature: number, form: number): Uint8Array {
  const dict = new Map(field.dict);
  dict.set('V', { type: 'ref', number: signature });
  dict.set('AP', { type: 'dict', entries: new Map([['N', { type: 'ref', number: form }]]) });
  return utf8(serialize({ type: 'dict', entries: dict }));
}

function certifiedCatalog(catalog: FormField['object']['value'], signature: number): Uint8Array {
  const dict: Map<string, FormField['object']['value']> = new Map(asDict(catalog) ?? []);
  dict.set('Perms', { type: 'dict', entries: new Map([['DocMDP', { type: 'ref', number: signature }]]) });
  return utf8(serialize({ type: 'dict', entries: dict }));
}

function widgetSize(field: FormField): readonly [number, number] {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] =
    asItems(field.dict.get('Rect'))?.map((value) => asNumber(value) ?? 0) ?? [];
  return [x1 - x0, y1 - y0];
}
