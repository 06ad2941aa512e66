/** One thread of the press. */
import { serveJobs } from '../../platform/thread-jobs.ts';
import { keptFiles } from '../files/kept-files.ts';
import { threadDatabase } from '../files/thread-database.ts';
import { keptJobs } from './kept-jobs.ts';

serveJobs(keptJobs(keptFiles(threadDatabase())));
