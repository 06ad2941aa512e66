/** The lots of answers, in the order their producers wrote them. */
import { asc, inArray } from 'drizzle-orm';
import { type Connection, orm } from '../platform/db.ts';
import { type ResponseLotRow, responseLot } from './tables.ts';

export async function linesOf(
  connection: Connection,
  responseIds: readonly string[],
): Promise<ResponseLotRow[]> {
  if (responseIds.length === 0) return [];
  return orm(connection)
    .select()
    .from(responseLot)
    .where(inArray(responseLot.responseId, [...responseIds]))
    .orderBy(asc(responseLot.responseId), asc(responseLot.place));
}
