export * from './browser.ts';
export * from './database.ts';
