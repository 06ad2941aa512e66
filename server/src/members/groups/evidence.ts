/**
 * What a company shares with others: said by it, or found by the exchange. Proof of nothing by itself; two people
 * of the centre look at it and decide whether the companies are one owner.
 */
import type { CertificationView } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';

/** Domains of which thousands of companies have addresses: sharing one says nothing. */
const MAIL_HOUSES = [
  '163.com',
  '126.com',
  'qq.com',
  'sina.com',
  'aliyun.com',
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
];
/** More would not be read. */
const RELATED_MAX = 20;
/** Who logged in from one address with one program so long ago may share nothing any more. */
const LOGINS_DAYS = 90;

/** Everybody on the machine of the exchange itself comes from here. */
const LOOPBACK = '^(127\\.|::1$|::ffff:127\\.)';

export async function relatedOrganisations(
  connection: Connection,
  id: string,
): Promise<CertificationView['related']> {
  return connection<CertificationView['related']>`
    with plain as (
      select o.id, o.name, o.status, o.legal_id, o.legal_id_root as root, lower(contact_email) as email,
             split_part(lower(contact_email), '@', 2) as domain,
             regexp_replace(contact_phone, '\\D', '', 'g') as phone,
             regexp_replace(lower(address), '[[:space:][:punct:]]', '', 'g') as address,
             d.representative_id as representative, d.owners, d.related as declared, g.group_id
        from organisation o left join party_declaration d on d.organisation_id = o.id
        left join party_group_member g on g.organisation_id = o.id),
    owner as (
      select plain.id, upper(regexp_replace(owner->>'name', '[[:space:][:punct:]]', '', 'g')) || ' ' || (owner->>'country') as who
        from plain, jsonb_array_elements(plain.owners) owner),
    login as (
      select distinct p.organisation_id as id, s.ip || ' ' || s.user_agent as place
        from login_session s join person p on p.id = s.person_id
       where p.organisation_id is not null and s.ip !~ ${LOOPBACK}
         and s.created_at > now() - make_interval(days => ${LOGINS_DAYS})),
    pair as (
      select other.id, other.name, other.status, coalesce(other.group_id = one.group_id, false) as confirmed, array_remove(array[
        case when other.group_id = one.group_id then 'group' end,
        case when exists (select 1 from jsonb_array_elements(one.declared) said where said->>'legalId' = other.legal_id)
               or exists (select 1 from jsonb_array_elements(other.declared) said where said->>'legalId' = one.legal_id)
             then 'declared' end,
        case when other.representative = one.representative then 'legal_representative' end,
        case when exists (select 1 from owner mine join owner theirs using (who)
               where mine.id = one.id and theirs.id = other.id) then 'owner' end,
        case when other.root = one.root then 'legal_id_root' end,
        case when exists (select 1 from bank_account mine join bank_account theirs
               on theirs.bank_code = mine.bank_code and theirs.account_number = mine.account_number
               where mine.organisation_id = one.id and theirs.organisation_id = other.id) then 'bank_account' end,
        case when other.phone = one.phone then 'phone' end,
        case when other.address = one.address then 'address' end,
        case when other.email = one.email then 'contact_email' end,
        case when exists (select 1 from person mine join person theirs on theirs.email = mine.email
               where mine.organisation_id = one.id and theirs.organisation_id = other.id) then 'person_email' end,
        case when other.domain = one.domain and one.domain <> all(${MAIL_HOUSES}) then 'email_domain' end,
        case when exists (select 1 from login mine join login theirs using (place)
               where mine.id = one.id and theirs.id = other.id) then 'login_address' end
      ], null) as shares
      from plain one join plain other on other.id <> one.id where one.id = ${id})
    select id, name, status, confirmed, shares from pair where cardinality(shares) > 0
     order by confirmed desc, cardinality(shares) desc, id limit ${RELATED_MAX}`;
}
