/** The thread that reads documents for their downloads. What is read once is seldom read again. */
import { serveJobs } from '../../platform/thread-jobs.ts';
import { fileJobs } from './jobs.ts';
import { keptFiles } from './kept-files.ts';
import { threadDatabase } from './thread-database.ts';

serveJobs(fileJobs(keptFiles(threadDatabase(), 1)));
