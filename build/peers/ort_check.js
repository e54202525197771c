// ONNX Runtime as a reader of exported models. The argument is a JSON file: a list of { name, model, input, dimensions, output }. Each model is
// opened, run once on its input, raw float32 in the model's own order, and its first output is written; a line says how it went.
'use strict';

const fs = require('fs');
const ort = require('onnxruntime-node');

async function check({ model, input, dimensions, output }) {
  const session = await ort.InferenceSession.create(model, { executionProviders: ['cpu'], intraOpNumThreads: 2, interOpNumThreads: 1 });
  try {
    const bytes = fs.readFileSync(input);
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).slice();
    const results = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', numbers, dimensions) });
    const result = results[session.outputNames[0]];
    fs.writeFileSync(output, new Uint8Array(result.data.buffer, result.data.byteOffset, result.data.byteLength));
    return result.dims.join(',');
  } finally {
    await session.release();
  }
}

async function main() {
  for (const item of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
    try {
      process.stdout.write(`ok\t${item.name}\t${await check(item)}\n`);
    } catch (error) {
      process.stdout.write(`error\t${item.name}\t${String(error.message ?? error).replace(/\s+/g, ' ')}\n`);
    }
  }
}

main();
