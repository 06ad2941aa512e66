/** One thread that reads files of lots: a hundred thousand rows take seconds. */
import { serveJobs } from '../../platform/thread-jobs.ts';
import { type CheckInput, checkLots } from './check.ts';

export const jobs = {
  async check(input: CheckInput) {
    return checkLots(input);
  },
};

serveJobs(jobs);
