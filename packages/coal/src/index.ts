export * from './assay.ts';
export * from './basis.ts';
export * from './energy.ts';
export * from './grade.ts';
export * from './heat.ts';
export * from './rational.ts';
