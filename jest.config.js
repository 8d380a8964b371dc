/** Node 24 strips the types itself, so the tests need no compiler. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.js' },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.enishi'],
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'fast',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/e2e/', '<rootDir>/test/contracts/real/', '<rootDir>/test/lib/'],
    },
    { ...shared, displayName: 'stacks', testMatch: ['<rootDir>/test/lib/**/*.test.ts'] },
    { ...shared, displayName: 'real', testMatch: ['<rootDir>/test/contracts/real/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
