/** Jest has module loading of its own, so it is told what a file in TypeScript becomes. */
export default {
  testMatch: ['**/unit/*.jest.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['babel-jest', { presets: ['@babel/preset-typescript'] }] },
  testTimeout: 60_000,
};
