export * from './ast.ts';
export * from './check.ts';
export * from './evaluate.ts';
export * from './freeze.ts';
export * from './parse.ts';
export * from './print.ts';
