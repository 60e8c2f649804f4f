export * from './channel';
export * from './finding-advisor';
export * from './finding-source';
export * from './language';
export * from './model';
export * from './route';
export * from './severity';
