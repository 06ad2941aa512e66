/** How to check an evidence package with tools that are not ours: in Chinese and in English, command by command. */
import { assert } from '../../platform/fault.ts';
import { type Evidence, type PackagedSignature, answerName } from './evidence.ts';

export function readme(of: Evidence): string {
  const final = of.revisions.at(-1)!;
  const finalName = `revisions/${final.n}-${final.kind}.pdf`;
  return `# ${of.number}

本文件包可在完全不依赖交易中心的情况下核验合同。This package lets anybody check the contract without the exchange.

| 文件 File | 内容 Content |
|---|---|
| contract.pdf | 生效合同（PAdES B-LTA） The contract as it binds |
| revisions/ | 每一步的完整文件 The whole file after each step |
| signatures/, timestamps/ | 各签名及其时间戳 Each signature and its timestamp |
| certificates/, root.cer | 签署证书、签发机构、根证书 Signers, issuing authority, root |
| revocation/ | 签署后取得的吊销列表与 OCSP 应答 Lists and OCSP answers from after the last signature |
| terms.json | 附于 PDF 的规范条款 The terms as attached to the PDF |
| report.json | 生效前核验报告 The verifier's report on which the contract became binding |
| sessions.json | 签署人当时如何证明本人 How and when each signer proved to be there |
| certificate-log.json | 证书日志摘录 The lines of the certificate log: chainHash = SHA-256(previousChainHash ‖ leafHash) |
| origin.json | 成交来源及其日志条目 Where the price was found, with the entry of the market's journal |

**请先从独立渠道核对根证书指纹。First compare the fingerprint of the root with one you got elsewhere.**

在解压后的文件夹中运行以下命令（OpenSSL 3、poppler、qpdf）。Run these in the unpacked folder. Each must succeed.

## 1. 文件完整 The files are complete

\`\`\`sh
sha256sum -c sha256sums.txt
cmp contract.pdf ${finalName}
openssl x509 -inform DER -in root.cer -noout -subject -fingerprint -sha256
\`\`\`

## 2. 各签名及时间戳 Each signature, and its time
${of.signatures.map((signature) => signatureText(of, signature)).join('')}
## 3. 证书在签署后未被吊销 No certificate was revoked

\`\`\`sh
${revocationCommands(of)}
\`\`\`

## 4. 整个文件的时间戳 The timestamp over the whole file

\`\`\`sh
${coveredCommand(final.file, finalName, 'document')}
openssl ts -verify -token_in -in timestamps/document.tst -data document.covered -CAfile root.pem -untrusted certificates/chain.pem -attime ${epoch(of.archivedAt)}
\`\`\`

## 5. PDF 阅读器 What a PDF reader says

不联网核验；吊销情况见第 3 步。Without network: step 3 has shown that nothing was revoked.

\`\`\`sh
qpdf --check contract.pdf
mkdir -p nss
certutil -N -d sql:nss --empty-password
certutil -A -d sql:nss -n root -t CT,C,C -i root.cer
pdfsig -no-ocsp -nssdir sql:nss contract.pdf
\`\`\`

第三方工具不检查签署后的改动。Other tools do not notice pages changed after signing. 请再用交易中心公开的核验程序
（源代码公开，可离线运行）。Run the exchange's own verifier as well; its source is open and it needs no network:

    npm run -s seam -- verify contract contract.pdf --root root.cer
`;
}

const NAMES = {
  sig_seller: '卖方 Seller',
  sig_buyer: '买方 Buyer',
  sig_centre: '交易中心 Trading centre',
} as const;

function signatureText(of: Evidence, signature: PackagedSignature): string {
  const { field, revision, cms, value, stampedAt } = signature;
  const { kind, file } = of.revisions.find(({ n }) => n === revision)!;
  const at = indexOf(cms, value);
  const cut = `tail -c +${at + 1} signatures/${field}.cms | head -c ${value.length}`;
  return `
### ${NAMES[field]} · ${stampedAt.toISOString()}

\`\`\`sh
${coveredCommand(file, `revisions/${revision}-${kind}.pdf`, field)}
openssl cms -verify -cades -binary -inform DER -in signatures/${field}.cms -content ${field}.covered -CAfile root.pem -purpose any -attime ${epoch(stampedAt)} -out /dev/null
${cut} | cmp - signatures/${field}.value
openssl ts -verify -token_in -in timestamps/${field}.tst -data signatures/${field}.value -CAfile root.pem -untrusted certificates/chain.pem -attime ${epoch(stampedAt)}
\`\`\`
`;
}

/** What a signature covers is its whole revision, but for the hole where it stands itself. */
function coveredCommand(file: Uint8Array, name: string, to: string): string {
  const [a, b, c = 0, d = 0] = lastByteRange(file);
  assert(a === 0 && c + d === file.length, `the last signature of ${name} does not cover it`);
  return `{ head -c ${b} ${name}; tail -c +${c + 1} ${name}; } > ${to}.covered`;
}

function lastByteRange(file: Uint8Array): number[] {
  const latin1 = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1');
  const at = latin1.lastIndexOf('/ByteRange [');
  assert(at >= 0, 'a signed revision has a ByteRange');
  const numbers = latin1.slice(at + '/ByteRange ['.length, latin1.indexOf(']', at));
  return numbers.trim().split(/\s+/).map(Number);
}

function revocationCommands({ signatures, crls, ocspResponses, archivedAt }: Evidence): string {
  const at = `-attime ${epoch(archivedAt)}`;
  const lists = crls.map((_, n) => `list-${n}`);
  const files = lists.map((list) => `-CRLfile ${list}.pem`).join(' ');
  // With the list of the root beside that of the issuing authority every step of the path can be asked about.
  const check = lists.length > 1 ? '-crl_check_all' : '-crl_check';
  return [
    ...lists.map((list) => `openssl crl -inform DER -in revocation/${list}.crl -out ${list}.pem`),
    ...signatures.map(
      ({ field }) =>
        `openssl verify ${at} ${check} ${files} -CAfile root.pem -untrusted certificates/chain.pem certificates/${field}.pem`,
    ),
    ...ocspResponses.map((_, n) => {
      const about = signatures[n] ? ` -sha256 -cert certificates/${signatures[n].field}.pem` : '';
      const answer = `revocation/${answerName({ signatures }, n)}`;
      return `openssl ocsp -respin ${answer} -issuer certificates/chain.pem${about} -CAfile root.pem -verify_other certificates/chain.pem ${at}`;
    }),
  ].join('\n');
}

/** Seconds since 1970, the first whole one not before. */
const epoch = (at: Date): number => Math.ceil(at.getTime() / 1000);

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  const at = Buffer.from(bytes).indexOf(part);
  assert(at >= 0, 'the signature stands in its CMS');
  return at;
}
