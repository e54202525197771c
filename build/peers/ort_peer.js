// ONNX Runtime as a peer of the benchmarks: takes commands on standard input, one a line, and answers each with one line.
//
//   load DIR   opens DIR/model.onnx, and DIR/input.bin: raw float32 with channels last, [N, H, W, C]
//   check      computes once and writes DIR/output.bin
//   run N      runs once, then N times with the clock on: answers the milliseconds of each
//
// An answer begins with "ok" or "error". Between commands the process waits on standard input and does nothing: its threads stop
// spinning when a run ends.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');
const ort = require('onnxruntime-node');

const THREADS = 2;
const OPTIONS = {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  intraOpNumThreads: THREADS,
  interOpNumThreads: 1,
  extra: { session: { force_spinning_stop: '1' } },
};

let work = null;

function readFloats(file) {
  const bytes = fs.readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).slice();
}

// [N, H, W, C] to [N, C, H, W].
function channelsFirst(pixels, batch, [height, width, channels]) {
  const planes = new Float32Array(pixels.length);
  let to = 0;
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < height * width; i++) {
        planes[to++] = pixels[(n * height * width + i) * channels + c];
      }
    }
  }
  return planes;
}

async function load(folder) {
  const { batch, input } = JSON.parse(fs.readFileSync(path.join(folder, 'work.json'), 'utf8'));
  const [height, width, channels] = input;
  const pixels = channelsFirst(readFloats(path.join(folder, 'input.bin')), batch, input);
  const session = await ort.InferenceSession.create(path.join(folder, 'model.onnx'), OPTIONS);
  work = { folder, session, feeds: { input: new ort.Tensor('float32', pixels, [batch, channels, height, width]) } };
}

async function check() {
  const { output } = await work.session.run(work.feeds);
  const bytes = new Uint8Array(output.data.buffer, output.data.byteOffset, output.data.byteLength);
  fs.writeFileSync(path.join(work.folder, 'output.bin'), bytes);
}

async function run(count) {
  await work.session.run(work.feeds);
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = process.hrtime.bigint();
    await work.session.run(work.feeds);
    times.push((Number(process.hrtime.bigint() - start) / 1e6).toFixed(4));
  }
  return times.join(' ');
}

async function answer(line) {
  const space = line.indexOf(' ');
  const command = space < 0 ? line : line.slice(0, space);
  const argument = space < 0 ? '' : line.slice(space + 1);
  switch (command) {
    case 'load': return load(argument);
    case 'check': return check();
    case 'run': return run(Number(argument));
    default: throw new Error(`a command is load, check or run. Received: "${command}"`);
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      const text = await answer(line.trim());
      process.stdout.write(`ok ${text ?? ''}\n`);
    } catch (error) {
      process.stdout.write(`error ${String(error.message ?? error).replace(/\s+/g, ' ')}\n`);
    }
  }
}

main();
