export { createTestDatabase, type TestDatabase } from '../../src/testing.js';
