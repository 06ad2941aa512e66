import type { ContractReport, Finding, SignatureReport } from '@seam/esign/browser';
import { expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';

const finding = (code: Finding['code']): Finding => ({ code, detail: '' });
function report(document: Finding[], ...signatures: Finding[][]): ContractReport {
  const found = [...document, ...signatures.flat()];
  return {
    valid: found.length === 0,
    level: undefined,
    documentTimestamp: undefined,
    warnings: [],
    findings: document,
    signatures: signatures.map((findings) => ({ findings }) as unknown as SignatureReport),
  };
}

test('valid is only what has no finding at all', () => {
  expect(outcomeOf(report([], [], [], []))).toBe('valid');
  expect(outcomeOf(report([finding('MODIFIED_AFTER_SIGNING')], [], [], []))).toBe('invalid');
  expect(outcomeOf(report([], [], [finding('CERT_REVOKED')], []))).toBe('invalid');
});

test('a file that only lacks signatures is incomplete, never valid', () => {
  expect(outcomeOf(report([finding('SIGNATURE_MISSING')], [], []))).toBe('incomplete');
  expect(outcomeOf(report([finding('NO_SIGNATURE'), finding('SIGNATURE_MISSING')]))).toBe('incomplete');
});

test('a missing signature does not excuse anything else', () => {
  expect(outcomeOf(report([finding('SIGNATURE_MISSING'), finding('TRAILING_OR_TRUNCATED_DATA')], []))).toBe(
    'invalid',
  );
  expect(outcomeOf(report([finding('SIGNATURE_MISSING')], [finding('WRONG_SIGNER')]))).toBe('invalid');
});
