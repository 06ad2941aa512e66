/** The server of the `live` bench in its own process: ours, or the naive one. */
import { answer } from '../support/child.ts';
import { startNaiveServer } from './naive-server.ts';
import { startSeam } from './seam-server.ts';

const [kind = '', url = ''] = process.argv.slice(2);
const place = kind === 'naive' ? await startNaiveServer(url) : await startSeam(url);
answer({ place: () => place });
