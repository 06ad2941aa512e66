/** A world without time, network or disk of its own, for tests that need bad luck to be repeatable. */
export * from './clock.ts';
export * from './net.ts';
export * from './pg-error.ts';
export * from './pg-functions.ts';
export * from './pg-tables.ts';
export * from './pg.ts';
export * from './random.ts';
