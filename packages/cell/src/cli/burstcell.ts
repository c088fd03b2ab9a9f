#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { probeBroker } from './broker-probe.js';
import { runCli } from './cli.js';
import { database } from './database.js';
import { keepHeapSmall } from './heap.js';

// Whoever read along has read enough (`| head`): the command goes on to its end, unheard.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
  // Loaded when needed only: naming the providers brings their libraries along.
  providerOptions: async () => (await import('../providers/options.js')).providerOptions,
  checkProvider: async (config) => (await import('../providers/open-provider.js')).checkProvider(config),
  probeEvents: async (config) => (await import('../providers/open-provider.js')).probeEvents(config),
  parentFinding: async (config) => (await import('../main.js')).parentFinding(config),
  runCell: async (config) => {
    keepHeapSmall();
    return (await import('../main.js')).runCell(config);
  },
  database,
  probeBroker,
});
