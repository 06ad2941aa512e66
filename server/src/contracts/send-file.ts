import type { FastifyReply } from 'fastify';

/** A file that only its asker may keep. */
export function sendFile(reply: FastifyReply, bytes: Uint8Array, type: string, name: string): FastifyReply {
  return reply
    .type(type)
    .header('content-disposition', `inline; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
