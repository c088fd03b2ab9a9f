/** Tests run as compiled by `tsc -b`: what is tested is what ships. The bring-up runs before anything is compiled, and is tested as it is. */
export default {
  testEnvironment: 'node',
  transform: {},
  roots: ['<rootDir>/packages', '<rootDir>/deploy'],
  moduleFileExtensions: ['js', 'mjs', 'json', 'node'],
  testMatch: ['**/dist/test/**/*.test.js', '**/deploy/dev/test/*.test.mjs'],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/src/'],
  testTimeout: 30_000,
  maxWorkers: 2,
};
