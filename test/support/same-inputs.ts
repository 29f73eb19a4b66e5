import fc from 'fast-check';

// This file is loaded before each test file. The property tests make up their inputs by chance; here they get the same ones in
// each run, so that a test that fails does so because of what was changed. `npm run fuzz` tries new ones, and so does a
// run with another seed: `PROPERTY_SEED=7 npm test`.

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED'] ?? 1) });
