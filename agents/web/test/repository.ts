import { join } from 'node:path';

// Where the agent's own files are: the page is tested where it was built, which may be elsewhere.
export const repository = (path: string): string => join(process.env.SCHAKEL_REPOSITORY ?? join(import.meta.dirname, '../../..'), path);
