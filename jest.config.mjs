// The constructs' tests. Types are checked by `tsc -p tsconfig.dev.json`, not here: that would take a minute a file.
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] },
  moduleNameMapper: {
    '^cdk-finding-advisor$': '<rootDir>/cdk/index.ts',
    '^\\./packaged-handler$': '<rootDir>/test/support/no-packaged-handler.ts',
  },
  setupFiles: ['<rootDir>/test/support/environment.ts'],
  silent: true, // synthesis prints each warning; the tests that mean them read them
  testTimeout: 60_000, // the first synthesis of a file loads all of aws-cdk-lib
};
