import { blendRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpDeps, read } from '../../platform/http.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { type BlendDeps, blendFor, readWish } from './blend.ts';

export function requestBlendRoutes(app: FastifyInstance, deps: HttpDeps & BlendDeps): void {
  read(app, deps, routes.requestBlend, async ({ connection, params, query, principal }) => {
    const wish = readWish(query);
    return isRefusal(wish) ? wish : blendFor(deps, connection, principal, { id: params.id, wish });
  });
}
