/** One thread that optimises blends: the solver holds its thread until it is done. */
import { type BlendProblem, findBlend, openSolver } from '@seam/blend';
import { serveJobs } from '../../platform/thread-jobs.ts';

const solver = openSolver();

export const jobs = {
  async blend(problem: BlendProblem) {
    return findBlend(problem, await solver);
  },
};

serveJobs(jobs);
