/** Distinguished names: UTF-8 throughout, one attribute per RDN. */
import { OID } from '../der/oids.ts';
import { children, type DerNode, expectTag, readOid, readText, sequence } from '../der/reader.ts';
import { oid, printableString, seq, setOf, utf8String } from '../der/writer.ts';

export type NameAttribute = { readonly type: string; readonly value: string };

/**
 * Who a certificate speaks for. `organizationIdentifier` follows ETSI EN 319 412-1:
 * `NTRCN-<USCC>` or `LEIXG-<LEI>`.
 */
export type Subject = {
  readonly commonName: string;
  /** ISO 3166 alpha-2 */
  readonly country?: string | undefined;
  readonly organization?: string | undefined;
  readonly organizationIdentifier?: string | undefined;
};

const ORGANIZATION_IDENTIFIER = /^(NTRCN-[0-9A-Z]{18}|LEIXG-[0-9A-Z]{18}[0-9]{2})$/;

export function isOrganizationIdentifier(value: string): boolean {
  return ORGANIZATION_IDENTIFIER.test(value);
}

export function encodeName(subject: Subject): Uint8Array {
  const attributes: NameAttribute[] = [];
  if (subject.country) attributes.push({ type: OID.country, value: subject.country });
  if (subject.organization) attributes.push({ type: OID.organization, value: subject.organization });
  if (subject.organizationIdentifier) {
    attributes.push({ type: OID.organizationIdentifier, value: subject.organizationIdentifier });
  }
  attributes.push({ type: OID.commonName, value: subject.commonName });
  return seq(
    ...attributes.map(({ type, value }) =>
      setOf(seq(oid(type), type === OID.country ? printableString(value) : utf8String(value))),
    ),
  );
}

export function readName(node: DerNode | undefined): NameAttribute[] {
  return sequence(node).flatMap((rdn) =>
    children(expectTag(rdn, 0x31)).map((attribute) => {
      const [type, value] = sequence(attribute);
      return { type: readOid(type), value: readText(value) };
    }),
  );
}

export function nameValue(name: readonly NameAttribute[], type: string): string | undefined {
  return name.find((attribute) => attribute.type === type)?.value;
}
