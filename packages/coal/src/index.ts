export * from './assay.ts';
export * from './audit.ts';
export * from './basis.ts';
export * from './energy.ts';
export * from './grade.ts';
export * from './heat.ts';
export * from './rational.ts';
export * from './validate.ts';
