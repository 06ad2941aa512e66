/** One thread of the press. */
import { serveJobs } from '../../platform/thread-jobs.ts';
import { jobs } from './jobs.ts';

serveJobs(jobs);
