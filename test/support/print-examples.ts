// Prints the examples of the contract as one JSON object, for scripts/generate-contract.mjs.
import { examples } from './examples';

process.stdout.write(JSON.stringify(examples()));
